#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two builds of blockwatch side by side: is one slower than the other?

    compare.py OLD NEW [--runs N] [--only NAME,...] [--blocks N] [--seconds N]

simulate  a scenario of the library in virtual time, with records as JSON
scale     one vantage that watches many blocks (--blocks) of a simulated Internet for an hour
survey    a /12 of which everybody answers, at full speed, between two network namespaces
daemon    `run` with 100,352 blocks in a namespace, for some seconds (--seconds) after all are known

Old and new run in turn, so what the machine does meanwhile hits both alike. The table has the
least, the median and the greatest of each, and the median of the ratios of neighbours: a number
near 1 that is inside the spread is no difference. survey and daemon need root; without it exit 77.
"""
import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
from lab import SKIPPED, Lab, LabUnavailable  # noqa: E402
import scale  # noqa: E402
import survey  # noqa: E402

SCENARIO = os.path.join(os.path.dirname(HERE), "sim", "scenarios", "loss-bursts.json")
MIB = 1 << 20


def bench_daemon():
    """daemon.py of this folder; by its name alone one would get the lab's."""
    spec = importlib.util.spec_from_file_location("bench_daemon", os.path.join(HERE, "daemon.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def surveying(_options):
    with Lab() as lab:
        field = survey.Field(lab)

        def measure(program):
            size = survey.SIZE[survey.WIDE]
            rate, cpu, _ = survey.run(field, [program, "survey", "--allow-reserved", "--rate",
                                              "max", survey.WIDE], size)
            return {"k probes a second": rate / 1e3, "CPU s per million probes": cpu / size * 1e6}
        yield measure


@contextlib.contextmanager
def simulating(_options):
    def measure(program):
        wall, cpu, _ = scale.measure(program, SCENARIO, "--json")
        return {"wall s": wall, "CPU s": cpu}
    yield measure


@contextlib.contextmanager
def scaling(options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scale.scenario(options.blocks, 1), file)

        def measure(program):
            wall, cpu, memory = scale.measure(program, path)
            return {"wall s": wall, "CPU s": cpu, "memory MiB": memory / MIB}
        yield measure


@contextlib.contextmanager
def watching(options):
    bench = bench_daemon()
    with Lab() as lab:
        vantage, peer = lab.node("vantage"), lab.node("peer")
        lab.link(vantage, bench.INTERFACE, peer, "down0",
                 (f"{bench.VANTAGE}/24",), (f"{bench.PEER}/24",))
        vantage.ip(f"route add default via {bench.PEER}")
        peer.answer_for("10.64.0.0/10")
        path = bench.write_config(lab, bench.large_target(lab), round="180s", rate=2000,
                                  limits={"probes_per_block_hour": 20})

        def measure(program):
            process, reader = bench.start(vantage, program, path)
            reader.wait("verdict of each block", lambda reader: len(reader.verdicts) >=
                        bench.BLOCKS and "unknown" not in reader.verdicts.values(), 900)
            cpu, begin = bench.cpu_of(process.pid), time.monotonic()
            time.sleep(options.seconds)
            cpu = bench.cpu_of(process.pid) - cpu
            share = 100 * cpu / (time.monotonic() - begin)
            memory, _ = bench.memory_of(process.pid)
            process.terminate()
            process.wait(60)
            return {"% of a core": share, "memory MB": memory}
        yield measure


# scale comes before survey: the memory that this process ever had counts as that of its children.
BENCHES = {"simulate": simulating, "scale": scaling, "survey": surveying, "daemon": watching}


def spread(values):
    return " / ".join(f"{value:.4g}" for value in
                      (min(values), statistics.median(values), max(values)))


def compare(name, options):
    """The rows of one bench."""
    runs = []
    with BENCHES[name](options) as measure:
        for number in range(options.runs):
            runs.append((measure(options.old), measure(options.new)))
            print(f"# {name} {number + 1}: {runs[-1]}", file=sys.stderr, flush=True)
    for key in runs[0][0]:
        old, new = ([pair[side][key] for pair in runs] for side in (0, 1))
        ratio = statistics.median(b / a for a, b in zip(old, new) if a)
        yield f"| {name} | {key} | {spread(old)} | {spread(new)} | {ratio:.3f} |"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("old", type=os.path.abspath)
    parser.add_argument("new", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--blocks", type=int, default=100_000, help="of scale")
    parser.add_argument("--seconds", type=float, default=60, help="of daemon")
    return parser.parse_args()


def main():
    options = parse()
    print(f"`tests/bench/compare.py OLD NEW --runs {options.runs}` on {survey.machine()}: least / "
          "median / greatest, in turn.\n")
    print("| | | old | new | new / old |\n| --- | --- | ---: | ---: | ---: |", flush=True)
    try:
        for name in options.only.split(","):
            for row in compare(name, options):
                print(row, flush=True)
    except LabUnavailable as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)


if __name__ == "__main__":
    main()
