#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is check? Real packets between network namespaces, whole processes, medians.

    check.py BLOCKWATCH [--rounds N] [--write RESULTS.md]

Four blocks up and dark; 1,000 blocks of 10 hosts at 1,000 packets a second; from the start
of the process to its first packet (the kernel's stamp on a capture beside it); a dry run.
Then how fast one can be, and whether it loses a reply: 16,384 blocks that answer.
Root is needed; without it exit 77.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
from capture import Capture  # noqa: E402
from country import INTERFACE, Country  # noqa: E402
from lab import SKIPPED, Lab, LabUnavailable  # noqa: E402
from survey import DROP, Field, Meter  # noqa: E402

HEADING = "## check"
MANY = 1000
WIDE = "10.64.0.0/10"
RATES = (10000, 20000, 50000, 100000, 200000, 10000000)


def timed(node, command):
    """Wall seconds, CPU seconds and exit status of one run in a node."""
    with node.inside():
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, process.returncode


def median_of(rounds, node, command, wanted):
    """Medians of wall and CPU seconds; every run must end with the exit status WANTED."""
    runs = [timed(node, command) for _round in range(rounds)]
    for _wall, _cpu, code in runs:
        if code != wanted:
            raise SystemExit(f"{' '.join(command)}: exit {code}, expected {wanted}")
    return tuple(statistics.median(run[n] for run in runs) for n in (0, 1))


def first_packet(node, command):
    """Seconds from the start of the process to its first packet to a host."""
    with Capture(node, INTERFACE) as capture:
        with node.inside():
            begin = time.time()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            process.wait()
        packets = capture.stop()
    times = [packet.time for packet in packets if packet.outgoing and packet.protocol == 1]
    return min(times) - begin


def many_blocks(lab):
    """A target of 1,000 blocks of 10 hosts in 10.64.0.0/14."""
    networks = [{"prefix": f"10.{64 + n // 256}.{n % 256}.0/24",
                 "hosts": [f"10.{64 + n // 256}.{n % 256}.{10 + host}" for host in range(10)]}
                for n in range(MANY)]
    return lab.file("many.json", json.dumps({"schema": "blockwatch/target/1", "name": "many",
                                             "networks": networks}))


def measure(program, rounds):
    rows = []
    with Country() as country:
        vantage = country.vantage
        target = country.target()
        check = [program, "check", "--allow-reserved", "--no-state"]
        wall, cpu = median_of(rounds, vantage, check + [target], 0)
        rows.append(("four blocks up", "verdict and end", f"{wall:.3f} s", f"{cpu:.3f} s",
                     "under 1 s"))
        firsts = [first_packet(vantage, check + [target]) for _round in range(rounds)]
        rows.append(("start to first packet", "median (longest)",
                     f"{1e3 * statistics.median(firsts):.1f} ms ({1e3 * max(firsts):.1f} ms)", "",
                     "under 20 ms"))
        wall, cpu = median_of(rounds, vantage, check + ["--dry-run", "kp"], 0)
        rows.append(("check --dry-run kp", "whole process", f"{1e3 * wall:.1f} ms",
                     f"{cpu:.3f} s", "under 10 ms"))
        country.networks[0].answer_for("10.64.0.0/14")
        country.border.ip("route add 10.64.0.0/14 via 10.98.1.2")
        country.uplink.ip("route add 10.64.0.0/14 via 10.98.0.2")
        wall, cpu = median_of(rounds, vantage,
                              check + ["--rate", "1000", many_blocks(country.lab)], 0)
        rows.append((f"{MANY} blocks up, 10 hosts each, --rate 1000", "verdict and end",
                     f"{wall:.2f} s", f"{cpu:.3f} s = {100 * cpu / wall:.1f} % of a core",
                     "within 5 s, under 5 % of a core"))
        country.darken()
        wall, cpu = median_of(max(1, rounds // 4), vantage, check + [target], 2)
        rows.append(("four blocks dark", "verdict and end", f"{wall:.2f} s", f"{cpu:.3f} s",
                     "within 12 s"))
    return rows


def wide_field(lab):
    field = Field(lab)
    field.peer.ip(f"route del blackhole {DROP}")
    field.peer.answer_for(WIDE)
    return field


def fast_check(program, field, rate):
    """Packets a second, share of replies lost, CPU seconds per million probes."""
    path = os.path.join(field.lab.folder, "records")
    meter = Meter(field)
    meter.start()
    with open(path, "w", encoding="utf-8") as out, field.prober.inside():
        process = subprocess.Popen([program, "check", "--json", "--no-state",
                                    "--allow-reserved", "--rate",
                                    str(rate), WIDE], stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.DEVNULL)
        _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    meter.done.set()
    meter.join()
    with open(path, encoding="utf-8") as out:
        vantage = [record for record in map(json.loads, out) if record["type"] == "vantage"][-1]
    sent = vantage["sent"]
    measured = meter.rate(meter.samples[-1][1] - meter.samples[0][1])
    return (measured, vantage["capture_dropped"] / sent,
            (usage.ru_utime + usage.ru_stime) / sent * 1e6)


def measure_rates(program, rounds):
    rows = []
    with Lab() as lab:
        field = wide_field(lab)
        for rate in RATES:
            runs = [fast_check(program, field, rate) for _round in range(rounds)]
            speed, lost, cpu = (statistics.median(run[n] for run in runs) for n in range(3))
            rows.append((str(rate), f"{speed:.0f}", f"{100 * lost:.2f} %", f"{cpu:.1f}"))
    return rows


def rate_table(rows, rounds):
    text = ["", f"### How fast a check can be: 16,384 blocks of {WIDE}, all of them answer", "",
            f"The same command; medians of {rounds} runs. Packets are those between the first and "
            "the last hundredth, as the interface counts them; CPU is that of the whole process, "
            "start and records included.", "",
            "| --rate | packets a second | replies lost | CPU s per million probes |",
            "| ---: | ---: | ---: | ---: |"]
    return "\n".join(text + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def table(rows, rounds):
    text = [f"{HEADING}", "",
            f"`meson test -C build --benchmark check`: whole processes, medians of {rounds} runs "
            f"(dark: {max(1, rounds // 4)}), {os.cpu_count()} cores, Linux "
            f"{platform.release().split('-')[0]}. Round trips in the lab take some 0.05 ms; a "
            "check ends when the last answer of its sample is in, so real round trips add to the "
            "wall time, about twice.", "",
            "| what | | wall | CPU | asked for |", "| --- | --- | --- | --- | --- |"]
    text += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(text) + "\n"


def write_section(path, section):
    """Replaces this file's section of RESULTS.md, or adds it."""
    try:
        with open(path, encoding="utf-8") as stream:
            old = stream.read()
    except FileNotFoundError:
        old = "# Results\n\nWhat was measured, with the command that makes it.\n"
    parts = old.split("\n## ")
    parts = [part for part in parts if not part.startswith(HEADING[3:] + "\n")]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("\n## ".join(parts).rstrip("\n") + "\n\n" + section)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write")
    options = parser.parse_args()
    os.chdir(os.path.dirname(os.path.dirname(HERE)))
    try:
        program = os.path.abspath(options.program)
        rows = measure(program, options.rounds)
        fast = measure_rates(program, options.rounds)
    except LabUnavailable as reason:
        print(f"skipped: {reason}")
        return SKIPPED
    section = table(rows, options.rounds) + rate_table(fast, options.rounds)
    print(section)
    if options.write:
        write_section(options.write, section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
