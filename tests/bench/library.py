#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The scenario library with other seeds: which scenarios fail in other worlds of their kind?

usage: library.py BLOCKWATCH [--seeds FROM-TO] [--jobs N] [--all] [--minutes N] [SCENARIO...]

Plays each scenario of tests/sim/scenarios and its folder real (or those named, without .json) with
the seeds FROM to TO and prints a line for each that fails with some of them (--all: for each), with
the first expectation or limit that the first of these broke; then all of them together: false darks
in a block-day, and how long it took to detect an outage.

A scenario is as it should be when it is right with 23 of 24 seeds (WANTED has exceptions); the
last line counts those that are not.

--minutes N: seed after seed, the cheapest scenario first, and none is begun after N minutes. One
that takes S seconds of processor time takes part in each S-th seed only.
"""
import argparse
import collections
import concurrent.futures
import math
import pathlib
import re
import resource
import subprocess
import time

LIBRARY = pathlib.Path(__file__).resolve().parent.parent / "sim" / "scenarios"
WANTED = collections.defaultdict(lambda: 23 / 24, {"renumbering": 20 / 24})  # of the seeds
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


def played_in_full(options):
    """Yields the name, the seeds and what came of them, of each scenario."""
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name in options.scenarios or names():
            yield name, options.seeds, list(pool.map(
                lambda seed, n=name: play(options.program, n, seed), options.seeds))


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def played_until(options):
    """The same for as long as there is time."""
    until = time.monotonic() + options.minutes * 60
    every = dict.fromkeys(options.scenarios or names(), 1)
    played = {name: {} for name in every}
    for number, seed in enumerate(options.seeds):
        for name in sorted(every, key=lambda one: (every[one], one)):
            if number % math.ceil(every[name]) or time.monotonic() > until:
                continue
            begin = processor_time()
            played[name][seed] = play(options.program, name, seed)
            if number == 0:
                every[name] = max(processor_time() - begin, .1)
    for name, of_seed in played.items():
        yield name, list(of_seed), list(of_seed.values())


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
    parser.add_argument("--minutes", type=float)
    options = parser.parse_intermixed_args()
    whole, short = [], []
    print("| scenario | right | false darks in block-days "
          "| detected after: median / p95 / longest, s | the first that fails |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name, seeds, played in (played_until if options.minutes else played_in_full)(options):
        whole += played
        right = sum(not one.broken for one in played)
        if right < math.floor(WANTED[name] * len(seeds)):
            short.append(name)
        if options.all or right < len(played):
            print(row(name, seeds, played), flush=True)
    false, days = sum(one.false for one in whole), sum(one.days for one in whole)
    print(f"\n{sum(not one.broken for one in whole)} of {len(whole)} right; {false} false darks in "
          f"{days:.0f} block-days ({false / days if days else 0:.5f} a block-day); "
          f"right with too few seeds: {', '.join(short) or 'none'}")


if __name__ == "__main__":
    main()
