#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What does the daemon cost, and how soon does it say what it sees? `blockwatch run` itself.

    daemon.py BLOCKWATCH [--minutes N] [--rounds N] [--only NAME,...] [--write RESULTS.md]

large: 100,352 blocks at 20 probes an hour, all up, in two network namespaces on one cable
without a route outward, where a kernel answers for 10.64.0.0/10: share of a core and
memory over some minutes, after each block had its first verdict. focus: a country of four
blocks with "focus", cut and restored: from the cut to the event of the country on standard
output, and from the decision to the line. reactions: with rounds of a second, from a lost
interface or a cut uplink to the record that says so, from its return to a healthy record, and
from SIGTERM to the end. Root is needed; without it exit 77.
"""
import argparse
import json
import os
import platform
import statistics
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
from country import GATEWAY, INTERFACE as COUNTRY_INTERFACE, Country  # noqa: E402
from daemon import seconds_of  # noqa: E402
from lab import SKIPPED, Lab, LabUnavailable  # noqa: E402

HEADING = "## daemon"
VANTAGE, PEER, INTERFACE = "10.0.0.2", "10.0.0.1", "up0"
NETWORKS, LENGTH = 49, 27  # of /16 each, in blocks of 32 addresses
BLOCKS = NETWORKS << (LENGTH - 16)
TICK = os.sysconf("SC_CLK_TCK")


def write_config(lab, target, **config):
    return lab.file("run.json", json.dumps({"vantage": "bench", "allow_reserved": True,
                                            "targets": [target], **config}))


def cpu_of(pid):
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid):
    """Resident memory in MB: now, and at most."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        status = dict(line.split(":", 1) for line in stream)
    return tuple(int(status[key].split()[0]) * 1024 / 1e6 for key in ("VmRSS", "VmHWM"))


class Reader(threading.Thread):
    """Takes the lines of a pipe as they come: (moment, record), the last of each kind."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream = stream
        self.verdicts = {}
        self.events = []
        self.count = self.sent = 0
        self.vantage = {}

    def run(self):
        for line in self.stream:
            now, record = time.time(), json.loads(line)
            self.count += 1
            if record["type"] == "block":
                self.verdicts[record["block"]] = record["verdict"]
                self.sent += record["sent"]
            elif record["type"] == "event":
                self.events.append((now, record))
            elif record["type"] == "vantage":
                self.vantage = record

    def wait(self, what, found, limit):
        deadline = time.monotonic() + limit
        while not found(self):
            if time.monotonic() > deadline:
                raise SystemExit(f"no {what} within {limit} s: {self.vantage}")
            time.sleep(0.005)

    def wait_event(self, to, limit=60):
        """(moment, record) of the country's first event of this kind."""
        def found(reader):
            return [event for event in reader.events
                    if event[1]["scope"] == "target" and event[1]["to"] == to]
        self.wait(f"event to {to}", found, limit)
        return found(self)[0]


def start(node, program, path):
    process = node.start(program, "run", "--config", path, stderr=None)
    reader = Reader(process.stdout)
    reader.start()
    return process, reader


def large_target(lab):
    networks = [{"prefix": f"10.{64 + n}.0.0/16", "block_length": LENGTH} for n in range(NETWORKS)]
    return lab.file("large.json", json.dumps({"schema": "blockwatch/target/1", "name": "large",
                                              "networks": networks}))


def large(program, options):
    with Lab() as lab:
        vantage, peer = lab.node("vantage"), lab.node("peer")
        lab.link(vantage, INTERFACE, peer, "down0", (f"{VANTAGE}/24",), (f"{PEER}/24",))
        vantage.ip(f"route add default via {PEER}")
        peer.answer_for("10.64.0.0/10")
        path = write_config(lab, large_target(lab), round="180s", rate=2000,
                            limits={"probes_per_block_hour": 20})
        process, reader = start(vantage, program, path)
        begin = time.monotonic()

        def all_up(reader):
            return len(reader.verdicts) >= BLOCKS and "unknown" not in reader.verdicts.values()
        reader.wait("verdict of each block", all_up, 900)
        warm = time.monotonic() - begin
        time.sleep(30)  # beyond the round in which the last were found
        cpu, moment, lines = cpu_of(process.pid), time.monotonic(), reader.count
        sent = reader.sent
        time.sleep(options.minutes * 60)
        cpu, seconds = cpu_of(process.pid) - cpu, time.monotonic() - moment
        lines, sent = reader.count - lines, reader.sent - sent
        now, most = memory_of(process.pid)
        events = len(reader.events)
        process.terminate()
        process.wait(20)
    print(f"large: warm after {warm:.0f} s, {events} events, exit {process.returncode}")
    what = f"{BLOCKS:,} blocks, 20 probes an hour and block"
    return [(what, "share of a core", f"{100 * cpu / seconds:.1f} %", "under 10 %"),
            (what, "resident memory (at most, with the start)", f"{now:.0f} MB ({most:.0f} MB)",
             "under 100 MB"),
            (what, "probes, records a second; events in all",
             f"{sent / seconds:.0f}, {lines / seconds:.0f}; {events}", "556 probes; no event")]


def median(values, form):
    return f"{statistics.median(values):{form}} (longest {max(values):{form}})"


def one_outage(program, turn):
    """(to dark, to up) in seconds and the delays of all events in ms. A country of its own each
    time: the third outage in an hour would be called flapping."""
    with Country() as country:
        target = {"target": country.target(), "focus": True}
        process, reader = start(country.vantage, program, write_config(country.lab, target))
        reader.wait("verdict of each block", lambda reader: sorted(reader.verdicts.values())
                    == ["up"] * 4, 60)
        time.sleep(15 + 3.7 * turn)  # some rounds, and cut at another point of one each time
        begin = time.time()
        rules = country.darken()
        dark = reader.wait_event("dark")[0] - begin
        time.sleep(12 + 3.7 * turn)
        begin = time.time()
        for rule in rules:
            rule.remove()
        up = reader.wait_event("up")[0] - begin
        process.terminate()
        process.wait(20)
        return dark, up, [1e3 * (moment - seconds_of(event["detected"]))
                          for moment, event in reader.events]


def focus(program, options):
    outages = [one_outage(program, turn) for turn in range(options.rounds)]
    cut, back, delays = zip(*outages)
    delays = sum(delays, [])
    what = "focus: four blocks, all cut and restored"
    return [(what, "cut to the country's event on standard output", median(cut, ".1f") + " s",
             "within 15 s"),
            (what, "restored to its event", median(back, ".1f") + " s", "within 15 s"),
            (what, f"decision to the line, {len(delays)} events", median(delays, ".1f") + " ms",
             "under 100 ms")]


def wait_healthy(reader, healthy):
    """Seconds until a vantage record says so."""
    begin = time.time()
    reader.wait(f"vantage with healthy {healthy}",
                lambda reader: reader.vantage.get("healthy") is healthy, 60)
    return time.time() - begin


def one_reaction(program, turn):
    """Seconds: interface down, back; uplink cut, back; end."""
    with Country() as country:
        path = write_config(country.lab, country.target(), round="1s", confirm="2s", timeout="1s",
                            rate=1000)
        process, reader = start(country.vantage, program, path)
        reader.wait("verdict of each block", lambda reader: sorted(reader.verdicts.values())
                    == ["up"] * 4, 60)
        time.sleep(3 + 0.37 * turn)
        country.vantage.ip(f"link set {COUNTRY_INTERFACE} down")
        down = wait_healthy(reader, False)
        country.vantage.ip(f"link set {COUNTRY_INTERFACE} up", f"route add default via {GATEWAY}")
        up = wait_healthy(reader, True)
        time.sleep(5)
        with country.uplink.rules("cut", "prerouting", 'iifname "vantage" drop'):
            cut = wait_healthy(reader, False)
        back = wait_healthy(reader, True)
        begin = time.time()
        process.terminate()
        process.wait(60)
        return down, up, cut, back, time.time() - begin


def reactions(program, options):
    runs = zip(*(one_reaction(program, turn) for turn in range(options.rounds)))
    kinds = [("interface down to its record", "within 0.6 s"), ("interface back", "within 3 s"),
             ("uplink cut to its record", "within 8 s"), ("uplink back", "within 3 s"),
             ("SIGTERM to the end", "within 2 s")]
    return [("reactions: four blocks, rounds of 1 s", kind, median(values, ".2f") + " s", wanted)
            for (kind, wanted), values in zip(kinds, runs)]


def table(rows, options):
    lines = [f"`tests/bench/daemon.py build/src/app/blockwatch`: the daemon itself, release build; "
             f"CPU over {options.minutes:g} min; {options.rounds} outages in focus; "
             f"{os.cpu_count()} cores, Linux {platform.release()}. All records go into a pipe "
             f"that is read.", "",
             "| what | | measured | asked for |", "| --- | --- | --- | --- |"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def write(path, lines):
    """Replaces the part of RESULTS.md below the heading, or adds it."""
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
    before, _, after = text.partition(HEADING + "\n")
    rest = after[after.index("\n## ") + 1:] if "\n## " in after else ""
    text = before.rstrip() + f"\n\n{HEADING}\n\n" + "\n".join(lines) + "\n"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text + ("\n" + rest if rest else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("blockwatch")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="focus,reactions,large")
    parser.add_argument("--write", metavar="RESULTS.md")
    options = parser.parse_args()
    rows = []
    try:
        for name in options.only.split(","):
            bench = {"large": large, "focus": focus, "reactions": reactions}[name]
            rows += bench(os.path.abspath(options.blockwatch), options)
    except LabUnavailable as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    lines = table(rows, options)
    print("\n".join(lines))
    if options.write:
        write(options.write, lines)


if __name__ == "__main__":
    main()
