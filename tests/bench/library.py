#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The scenario library with other seeds: which scenarios fail in other worlds of their kind?

usage: library.py BLOCKWATCH [--seeds FROM-TO] [--jobs N] [--all] [SCENARIO...]

Plays each scenario of tests/sim/scenarios and its folder real (or those named, without .json) with
the seeds FROM to TO and prints a line for each that fails with some of them (--all: for each), with
the first expectation or limit that the first of these broke; then all of them together: false darks
in a block-day, and how long it took to detect an outage.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess

LIBRARY = pathlib.Path(__file__).resolve().parent.parent / "sim" / "scenarios"
DARKS = re.compile(r"said to be dark +(\d+): (\d+) false")
DETECT = re.compile(r"time to detect +mean [^,]*, median ([0-9.]+) s, p95 ([0-9.]+) s, "
                    r"most ([0-9.]+)")
PROBES = re.compile(r"probes +(\d+): ([0-9.]+) an hour and block")


class Played:
    """What came of one scenario with one seed."""

    def __init__(self, text, status, place):
        broken = [line for line in text.splitlines() if "expect[" in line or "the limit is" in line]
        self.broken = ""
        if status:
            self.broken = broken[0].removeprefix(f"{place}/") if broken else f"exit code {status}"
        blocks = text.partition("\nblocks (")[2].partition("\nnetworks (")[0]
        darks, detect, probes = DARKS.search(blocks), DETECT.search(blocks), PROBES.search(text)
        self.said, self.false = map(int, darks.groups()) if darks else (0, 0)
        self.detect = tuple(map(float, detect.groups())) if detect else None
        rate = float(probes.group(2)) if probes else 0
        self.days = int(probes.group(1)) / rate / 24 if rate else 0


def play(program, name, seed):
    run = subprocess.run([program, "simulate", "--score", "--seed", str(seed),
                          str(LIBRARY / f"{name}.json")],
                         capture_output=True, text=True, check=False)
    return Played(run.stdout + run.stderr, run.returncode, LIBRARY)


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def delays(played):
    """Median of the medians, the worst p95 and the longest of all seeds."""
    known = [one.detect for one in played if one.detect]
    if not known:
        return "-"
    return (f"{median([one[0] for one in known]):.1f} / {max(one[1] for one in known):.0f} / "
            f"{max(one[2] for one in known):.0f}")


def row(name, seeds, played):
    failed = [(seed, one.broken) for seed, one in zip(seeds, played) if one.broken]
    first = f"{failed[0][0]}: {failed[0][1]}" if failed else "-"
    days = sum(one.days for one in played)
    return (f"| {name} | {len(seeds) - len(failed)} of {len(seeds)} "
            f"| {sum(one.false for one in played)} in {days:.0f} | {delays(played)} | {first} |")


def names():
    return sorted(str(path.relative_to(LIBRARY).with_suffix(""))
                  for path in LIBRARY.rglob("*.json"))


def numbers(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--seeds", type=numbers, default=numbers("1-12"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_intermixed_args()
    whole = []
    print("| scenario | right | false darks in block-days "
          "| detected after: median / p95 / longest, s | the first that fails |")
    print("| --- | ---: | ---: | ---: | --- |")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name in options.scenarios or names():
            played = list(pool.map(lambda seed, n=name: play(options.program, n, seed),
                                   options.seeds))
            whole += played
            if options.all or any(one.broken for one in played):
                print(row(name, options.seeds, played), flush=True)
    false, days = sum(one.false for one in whole), sum(one.days for one in whole)
    print(f"\n{sum(not one.broken for one in whole)} of {len(whole)} right; {false} false darks in "
          f"{days:.0f} block-days ({false / days if days else 0:.5f} a block-day)")


if __name__ == "__main__":
    main()
