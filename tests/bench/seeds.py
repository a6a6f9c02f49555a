#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The scenario library with other seeds: which scenarios fail in other worlds of their kind?

usage: seeds.py BLOCKWATCH [--seeds N] [SCENARIO...]

Plays each scenario of tests/sim/scenarios (or those named, without .json) with the seeds 1 to N
and prints a line for each that fails with some of them, with the first expectation or limit
that the first of these broke.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess

LIBRARY = pathlib.Path(__file__).resolve().parent.parent / "sim" / "scenarios"


def play(program, name, seed):
    """The first expectation or limit that was broken, or an empty string."""
    run = subprocess.run([program, "simulate", "--score", "--seed", str(seed),
                          str(LIBRARY / f"{name}.json")],
                         capture_output=True, text=True, check=False)
    lines = (run.stdout + run.stderr).splitlines()
    broken = [line for line in lines if "expect[" in line or "the limit is" in line]
    if run.returncode == 0:
        return ""
    return broken[0].removeprefix(f"{LIBRARY}/") if broken else f"exit code {run.returncode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("scenarios", nargs="*",
                        default=sorted(path.stem for path in LIBRARY.glob("*.json")))
    parser.add_argument("--seeds", type=int, default=12)
    options = parser.parse_intermixed_args()
    print("| scenario | seeds that fail | the first of them |\n| --- | --- | --- |")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in options.scenarios:
            seeds = range(1, options.seeds + 1)
            results = list(pool.map(lambda seed: play(options.program, name, seed), seeds))
            failed = [(seed, broken) for seed, broken in zip(seeds, results) if broken]
            if failed:
                print(f"| {name} | {len(failed)} of {options.seeds} | {failed[0][0]}: "
                      f"{failed[0][1]} |", flush=True)


if __name__ == "__main__":
    main()
