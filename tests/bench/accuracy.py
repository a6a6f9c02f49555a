#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Accuracy and delay of blockwatch and of Trinocular in the same simulated worlds.

usage: accuracy.py BLOCKWATCH [--quick] [--seed N]

Prints the table of tests/bench/RESULTS.md. Each world is a scenario file that is written to a
temporary folder: 150 blocks, each a target of its own, dark for 3 h once after 6 h of warm-up, one
every 20 minutes (at most nine at a time: were most of them dark at once, a vantage would have to
doubt itself); and 240 healthy blocks for a day. Both inferences are told the same: who lives in a
block and how available its hosts are on average.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HOUR = 3600


def hosts(count, availability, tau):
    return {"count": count, "availability": availability, "tau": tau}


# name, hosts, their mean availability, probes an hour and block
WORLDS = [
    ("60 addresses, A = .9, 8 h", [hosts(60, .9, "8h")], .9, 20),
    ("80 addresses, A = .5, 6 h", [hosts(80, .5, "6h")], .5, 20),
    ("13 at .97 and 51 at .1", [hosts(13, .97, "8h"), hosts(51, .1, "4h")], .2767, 20),
    ("100 addresses, A = .2, 4 h", [hosts(100, .2, "4h")], .2, 22),
    ("120 addresses, A = .1, 4 h", [hosts(120, .1, "4h")], .1, 22),
]
NET = {"rtt": "50ms", "rtt_tail": "150ms", "rtt_sigma": .9, "line": {"loss": .01}}
BURSTS = {**NET, "line": {"loss": .01, "scheduled_loss": .6, "first": "17m", "period": "1h",
                          "length": "20s"}}
SOLID = [hosts(12, .95, "6h")]


def scenario(name, people, copies, duration, **more):
    target = {"name": "land", "copies": copies,
              "networks": [{"prefix": "198.18.0.0/24"}], "hosts": people}
    target.update(more.pop("target", {}))
    body = {"schema": "blockwatch/scenario/1", "name": name, "duration": duration,
            "world": more.pop("world", NET), "targets": [target]}
    body.update(more)
    return body


class Bench:
    def __init__(self, program, folder, seed):
        self.program, self.folder, self.seed = program, folder, seed

    def score(self, body, reference=None):
        path = os.path.join(self.folder, body["name"] + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(body, file, indent=1)
        command = [self.program, "simulate", "--json", "--score", "--seed", str(self.seed), path]
        if reference:
            command += ["--reference", reference]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as run:
            last = ""
            for line in run.stdout:
                last = line
            errors = run.stderr.read()
        if run.returncode not in (0, 1) or '"blockwatch/score/1"' not in last:
            sys.exit(f"{' '.join(command)}: {run.returncode}: {errors}")
        return json.loads(last)


def times(numbers):
    if not numbers:
        return "-", "-"
    return f"{numbers['mean']:.0f} / {numbers['median']:.0f} / {numbers['p95']:.0f}", \
        f"{numbers['median']:.0f} / {numbers['p95']:.0f}"


def inside(part):
    total = part["starts"]["of"] + part["ends"]["of"]
    good = part["starts"]["inside"] + part["ends"]["inside"]
    return f"{100 * good / total:.1f} %" if total else "-"


def row(bench, world, quick, reference):
    name, people, mean, probes = world
    copies, healthy = (30, 40) if quick else (150, 240)
    told = {"target": {"claimed": mean},
            "vantage": {"round": "60s", "probes_per_hour": probes, "rate": 1000}}
    length = f"{6 + copies // 3 + 8}h"
    dark = bench.score(scenario("outages", people, copies, length, **told,
                                faults=[{"subject": "all", "at": "6h", "for": "3h",
                                         "stagger": "20m"}],
                                score={"settle": "1h"}), reference)
    calm = bench.score(scenario("healthy", people, healthy, "25h", **told,
                                score={"settle": "1h"}), reference)
    part = dark["blocks"]
    detect, _ = times(part["detect_s"])
    _, recover = times(part["recover_s"])
    print(f"| {name} | {reference or 'blockwatch'} | {calm['probes_per_hour_up']:.1f} | {detect} "
          f"| {recover} | {calm['false_per_block_day']:.4f} | {part['missed']} | {inside(part)} |",
          flush=True)


def table(bench, quick):
    print("| block | inference | probes/h up | TTD mean / median / p95 | TTR median / p95 "
          "| false dark per block-day | missed | inside bounds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for world in WORLDS:
        row(bench, world, quick, "trinocular")
        row(bench, world, quick, None)


def special(bench, quick):
    """Loss bursts, focus mode, small blocks."""
    days = 2 if quick else 10
    print("\n| world | inference | false dark per block-day | TTD median / p95 | seen | missed |")
    print("| --- | --- | --- | --- | --- | --- |")
    for reference in ("trinocular", None):
        who = reference or "blockwatch"
        burst = bench.score(scenario("bursts", SOLID, 24, f"{days}d", world=BURSTS), reference)
        print(f"| 60 % loss for 20 s each hour | {who} | {burst['false_per_block_day']:.4f} "
              "| - | - | - |", flush=True)
        focus = bench.score(scenario(
            "focus", SOLID, 1, "120h", target={"networks": [{"prefix": "198.18.0.0/24",
                                                            "count": 4}]},
            vantage={"round": "10s", "probes_per_hour": 400},
            faults=[{"subject": "land", "at": "3h", "for": "1h", "every": "19033s"}],
            score={"settle": "1h"}), reference)
        part = focus["targets" if not reference else "blocks"]
        print(f"| four-block country, rounds of 10 s | {who} | {focus['false_per_block_day']:.4f} "
              f"| {times(part['detect_s'])[1]} | {part['seen']} | {part['missed']} |", flush=True)
        for count in (1, 2, 5):
            small = bench.score(scenario(
                f"small-{count}", [hosts(count, .97, "4h")], 20, "6d",
                target={"networks": [{"prefix": "198.18.0.0/24", "count": 4}]},
                vantage={"round": "60s", "rate": 1000},
                faults=[{"subject": [f"land-{n + 1}"], "at": f"{20 + 5 * n}h", "for": "3h"}
                        for n in range(20)], score={"settle": "1h"}), reference)
            part = small["blocks"]
            print(f"| {count} hosts at .97, four siblings dark | {who} "
                  f"| {small['false_per_block_day']:.4f} | {times(part['detect_s'])[1]} "
                  f"| {part['seen']} | {part['missed']} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--quick", action="store_true", help="a fifth of the blocks")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.program, folder, options.seed)
        table(bench, options.quick)
        special(bench, options.quick)


if __name__ == "__main__":
    main()
