#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Memory a block, processor time a probe and wall time, from 10^4 to 5*10^6 blocks.

usage: scale.py BLOCKWATCH [--least BLOCKS] [--most BLOCKS] [--hours N]

One vantage watches /24 blocks of a simulated Internet at 20 probes an hour and block. What is
measured is the whole program, the simulated world included (which takes no memory a block).
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 5_000_000]
NETWORK = 32768  # blocks of one network, a /9


def scenario(blocks, hours):
    networks, rest = divmod(blocks, NETWORK)
    listed = []
    if networks:
        listed.append({"prefix": "32.0.0.0/9", "count": networks})
    first = 32 * 65536 + networks * NETWORK
    while rest:
        size = 1 << (rest.bit_length() - 1)
        listed.append({"prefix": f"{first >> 16}.{first >> 8 & 255}.{first & 255}.0/"
                                 f"{24 - size.bit_length() + 1}"})
        first, rest = first + size, rest - size
    return {"schema": "blockwatch/scenario/1", "name": f"blocks-{blocks}",
            "duration": f"{hours}h",
            "world": {"rtt": "50ms", "rtt_spread": "200ms", "line": {"loss": .01}},
            "targets": [{"name": "all", "networks": listed, "listed": 0,
                         "hosts": [{"count": 40, "availability": .8, "tau": "8h"}]}],
            "vantage": {"round": "240s", "probes_per_hour": 20, "rate": max(100, blocks / 30)}}


def measure(program, path, *more):
    began = time.monotonic()
    with subprocess.Popen([program, "simulate", path, *more], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as run:
        errors = run.stderr.read().decode()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode not in (0, 1):
        sys.exit(f"{program} simulate {path}: {run.returncode}: {errors}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def count_probes(program, path, hours):
    """With a score, which would slow the other runs down; line by line, because the memory that
    this process ever had counts as its children's."""
    last = ""
    until = f"{hours * 3600}s"
    with subprocess.Popen([program, "simulate", "--score", "--json", "--until", until, path],
                          stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            last = line
    return json.loads(last)["probes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--least", type=int, default=SIZES[0])
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--hours", type=int, default=1)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (22 << 30, 22 << 30))
    print("| blocks | wall | processor | probes | us a probe | memory | bytes a block |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        small = scenario(SIZES[0], options.hours)
        path = os.path.join(folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(small, file)
        per_block = count_probes(options.program, path, options.hours) / SIZES[0]
        for blocks in (n for n in SIZES if options.least <= n <= options.most):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(scenario(blocks, options.hours), file)
            wall, cpu, memory = measure(options.program, path, "--until",
                                        f"{options.hours * 3600}s")
            probes = per_block * blocks
            print(f"| {blocks:,} | {wall:.1f} s | {cpu:.1f} s | {probes:,.0f} "
                  f"| {1e6 * cpu / probes:.2f} | {memory / 2**20:.0f} MiB "
                  f"| {memory / blocks:.0f} |", flush=True)


if __name__ == "__main__":
    main()
