#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Random worlds: scenarios that are drawn from a number, judged by their own truth.

usage: worlds.py BLOCKWATCH [--kinds KIND,...] [--seeds FROM-TO | --usual | --night]
                 [--write FOLDER] [--table]

Plays each kind of world (default: all) with each number and prints a TAP line for each, with what
is wrong. --usual plays the dozen of each test run, --night some hundreds. Kinds that are known to
go wrong are in OPEN; what they find does not count as a failure. --write keeps the scenarios of
worlds with findings. --table prints a line a kind: worlds, findings by rule, false darks in a
block-day, delays of detection.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "invariants"))
import invariants  # noqa: E402 (the path comes first)

from judge import Judge  # noqa: E402
from kinds import KINDS  # noqa: E402

# In each test run: one second or two each.
USUAL = [("calm", 3), ("outage", 3), ("focus", 1), ("flaps", 2), ("cuts", 2), ("machine", 1),
         ("restarts", 1),
         ("drops", 1), ("clock", 1), ("late", 3), ("bursts", 1), ("partial", 1), ("families", 3)]
# Kinds of which fewer are played in a night: they last for minutes.
SLOW = {"history": 3, "mixed": 10}
TAP_KNOWN = "TO" "DO"   # what TAP calls a check that is known to fail
# Kinds that go wrong today; README.md and tests/bench/RESULTS.md say how often.
OPEN = {"sleep": "hosts that are switched off in the evening",
        "throttled": "a line that loses most packets for hours"}


class Tally:
    """What was found in the worlds of one kind."""

    def __init__(self):
        self.worlds = self.failed = 0
        self.rules, self.block_days, self.delays = collections.Counter(), 0, []

    def add(self, found, judge):
        self.worlds += 1
        self.failed += bool(found)
        self.rules.update(rule for rule, _ in found)
        self.block_days += judge.block_days
        self.delays += judge.delays

    def row(self, kind):
        delays = sorted(self.delays)
        quantile = [f"{delays[min(len(delays) - 1, int(len(delays) * q))]:.0f}" if delays else "-"
                    for q in (.5, .95, 1)]
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(self.rules.items()))
        darks = self.rules["false-dark"] / self.block_days if self.block_days else 0
        return (f"| {kind} | {self.worlds} | {self.failed} | {self.block_days:.0f} | {darks:.4f} "
                f"| {' / '.join(quantile)} | {rules or '-'} |")


def play(program, world, path):
    """What is wrong with it: a list of (rule, message); and the judge."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(world.scenario(), file, indent=1)
    judge, stream, broken = Judge(world), invariants.Stream(world.steps), []
    with subprocess.Popen([program, "simulate", "--json", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout:
            if not line.startswith("{"):
                broken.append(("run", line.strip()))
                continue
            record = json.loads(line)
            judge.take(record)
            broken += [("invariant-" + rule, f"seq {record['seq']}: {message}")
                       for rule, message in stream.check(record)]
    if run.returncode:
        broken.append(("run", f"exit status {run.returncode}"))
    return judge.finish() + broken, judge


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def kinds(text):
    unknown = [kind for kind in text.split(",") if kind not in KINDS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"{unknown[0]}: no such kind; there are {', '.join(KINDS)}")
    return text.split(",")


def plan(options):
    """(kind, number) of each world."""
    if options.usual:
        return USUAL
    numbers = seeds("1-20") if options.night else options.seeds
    return [(kind, number) for kind in options.kinds for number in numbers
            if not (options.night and kind in SLOW and number > SLOW[kind])]


def show(number, kind, seed, found):
    directive = f" # {TAP_KNOWN} {OPEN[kind]}" if found and kind in OPEN else ""
    print(f"{'not ok' if found else 'ok'} {number} - {kind} {seed}{directive}")
    for rule, message in found[:12]:
        print(f"#   {rule}: {message}")
    sys.stdout.flush()


def table(tallies):
    """Lines of comment, as TAP wants it."""
    print("# | kind | worlds | with a finding | block-days | false dark per block-day "
          "| delay median / p95 / longest, s | findings |")
    print("# | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for kind, tally in tallies.items():
        print(f"# {tally.row(kind)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--kinds", type=kinds, default=list(KINDS))
    parser.add_argument("--seeds", type=seeds, default=seeds("1-2"))
    parser.add_argument("--usual", action="store_true")
    parser.add_argument("--night", action="store_true")
    parser.add_argument("--write")
    parser.add_argument("--table", action="store_true")
    return parser.parse_args()


def main():
    options, tallies, failed = arguments(), {}, False
    worlds = plan(options)
    print(f"1..{len(worlds)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, seed) in enumerate(worlds, 1):
            path = os.path.join(folder, f"{kind}-{seed}.json")
            found, judge = play(options.program, KINDS[kind](seed), path)
            tallies.setdefault(kind, Tally()).add(found, judge)
            failed = failed or (found and kind not in OPEN)
            show(number, kind, seed, found)
            if found and options.write:
                shutil.copy(path, options.write)
    if options.table:
        table(tallies)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
