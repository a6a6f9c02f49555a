#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon a verdict is on the stream of events, while the collector takes records.

usage: stream.py BLOCKWATCH [RECORDS_A_SECOND] [SECONDS] [RECORDS_A_REQUEST] [SENDERS]

SENDERS (3) connections of three vantages send block records of 900 blocks that are up,
RECORDS_A_SECOND (20,000) in all for SECONDS (20), in requests of RECORDS_A_REQUEST (2,500, as many
as `ship` sends at once). All the while one of 100 other blocks goes dark and comes back. From the
POST of the third vantage's record that says dark to the event at a reader of /v1/events is the time
of "dark"; from the POST of the first answer to the event is that of "up". Fails when one takes more
than 500 ms. The memory of the collector is told after a quarter of the time and at the end.
"""
import gzip
import http.client
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone

VANTAGES = ("fra1", "nyc1", "sgp1")
LOADED, WATCHED = 900, 100  # blocks
LIMIT_MS = 500
PAUSE_S = 0.3  # at most, between two measurements


def stamp(when):
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def token(vantage):
    return "0123456789abcdef-" + vantage


def prefix(block):
    return f"10.{block // 250}.{block % 250}.0/24"


def record(vantage, boot, seq, when, block, verdict, since):
    is_up = verdict == "up"
    return json.dumps({
        "schema": "blockwatch/record/1", "type": "block", "vantage": vantage, "boot": boot,
        "seq": seq, "time": stamp(when), "target": "kp", "network": prefix(block),
        "block": prefix(block), "verdict": verdict, "belief": 0.9999 if is_up else 0.0001,
        "conditions": [], "reasons": [], "since": stamp(since), "round": 1 + seq // LOADED,
        "sent": 1, "replies": int(is_up),
        "rtt_ms": {"min": 12.345, "median": 12.345, "max": 12.345} if is_up else None,
        "availability": 0.95, "silent_since": None if is_up else stamp(since)},
        separators=(",", ":"))


def make_load(vantage, boot, rate, seconds, size):
    """The bodies of one sender's requests, with times from now on."""
    start = datetime.now(timezone.utc)
    since = start - timedelta(hours=1)
    bodies = []
    for first in range(1, int(rate * seconds) + 1, size):
        lines = [record(vantage, boot, seq, start + timedelta(seconds=seq / rate), seq % LOADED,
                        "up", since) for seq in range(first, first + size)]
        bodies.append(gzip.compress(("\n".join(lines) + "\n").encode(), 1))
    return bodies


class Collector:
    def __init__(self, program, folder):
        vantages = []
        for n, name in enumerate(VANTAGES):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(token(name))
            os.chmod(path, 0o600)
            vantages.append({"name": name, "token_file": name, "asn": 64496 + n})
        with open(os.path.join(folder, "c.json"), "w", encoding="utf-8") as file:
            json.dump({"listen": "127.0.0.1:0", "store": "sqlite:c.db", "quorum": 3,
                       "vantages": vantages}, file)
        self.process = subprocess.Popen([program, "collect", "--config", "c.json"], cwd=folder,
                                        stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stderr.readline())[1])

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s*(\d+)", file.read())[1]) / 1024

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def post(connection, vantage, body):
    connection.request("POST", "/v1/records", body, {
        "Authorization": "Bearer " + token(vantage), "Content-Encoding": "gzip"})
    answer = json.loads(connection.getresponse().read())
    assert not answer["refused"], answer["refused"][:3]
    return answer["taken"]


class Load(threading.Thread):
    """Sends bodies at their pace, or as fast as they are taken."""

    def __init__(self, collector, vantage, bodies, seconds):
        super().__init__(daemon=True)
        self.connection, self.vantage = collector.connect(), vantage
        self.bodies, self.step = bodies, seconds / len(bodies)
        self.taken = 0

    def run(self):
        began = time.monotonic()
        for n, body in enumerate(self.bodies):
            time.sleep(max(0, began + n * self.step - time.monotonic()))
            self.taken += post(self.connection, self.vantage, body)
        self.seconds = time.monotonic() - began


class Stream(threading.Thread):
    """Notes when an event has come."""

    def __init__(self, collector):
        super().__init__(daemon=True)
        connection = collector.connect()
        connection.request("GET", "/v1/events", headers={"Accept": "text/event-stream"})
        self.lines = connection.getresponse()
        self.news, self.came = threading.Condition(), {}

    def run(self):
        for line in self.lines:
            now = time.monotonic()
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                with self.news:
                    self.came[event["scope"], event["subject"], event["to"]] = now
                    self.news.notify()

    def wait(self, key):
        with self.news:
            assert self.news.wait_for(lambda: key in self.came, 30), f"no event: {key}"
            return self.came.pop(key)


class Decider:
    """The records of the other blocks, each in a request of its own."""

    def __init__(self, collector, stream):
        self.stream, self.seq, self.rng = stream, 0, random.Random(1)
        self.connections = {vantage: collector.connect() for vantage in VANTAGES}

    def say(self, vantage, block, verdict, since):
        self.seq += 1
        line = record(vantage, "now", self.seq, datetime.now(timezone.utc), block, verdict, since)
        post(self.connections[vantage], vantage, gzip.compress((line + "\n").encode(), 1))

    def decide(self, verdict, block, vantages):
        """The last of VANTAGES decides; returns the milliseconds from its POST to the event."""
        since = datetime.now(timezone.utc)
        for vantage in vantages[:-1]:
            self.say(vantage, block, verdict, since)
        began = time.monotonic()
        self.say(vantages[-1], block, verdict, since)
        return 1e3 * (self.stream.wait(("block", prefix(block), verdict)) - began)

    def begin(self):
        since = datetime.now(timezone.utc) - timedelta(hours=1)
        for vantage in VANTAGES:
            for block in range(LOADED, LOADED + WATCHED):
                self.say(vantage, block, "up", since)

    def turn(self, number, times):
        block = LOADED + number % WATCHED
        times["dark"].append(self.decide("dark", block, VANTAGES))
        time.sleep(self.rng.uniform(0, PAUSE_S))
        times["up"].append(self.decide("up", block, VANTAGES[:1]))
        for vantage in VANTAGES[1:]:
            self.say(vantage, block, "up", datetime.now(timezone.utc))
        time.sleep(self.rng.uniform(0, PAUSE_S))


def tell(what, times):
    times = sorted(times)
    print(f"{what}: {len(times)} events; ms median {times[len(times) // 2]:.0f}, "
          f"90 % {times[len(times) * 9 // 10]:.0f}, longest {times[-1]:.0f}")
    return times[-1] <= LIMIT_MS


def measure(collector, loads, seconds):
    stream = Stream(collector)
    stream.start()
    decider, times = Decider(collector, stream), {"dark": [], "up": []}
    decider.begin()
    time.sleep(1)
    cpu, began, early = collector.cpu_s(), time.monotonic(), None
    for load in loads:
        load.start()
    while any(load.is_alive() for load in loads):
        decider.turn(len(times["up"]), times)
        if not early and time.monotonic() - began > seconds / 4:
            early = collector.memory_mb()
    taken = sum(load.taken for load in loads)
    took = max(load.seconds for load in loads)
    cpu = collector.cpu_s() - cpu
    print(f"{taken} records in {took:.1f} s: {taken / took:.0f} a second, "
          f"{taken / cpu:.0f} a second of a core; memory {early:.1f} MB after a quarter, "
          f"{collector.memory_mb():.1f} MB at the end")
    return all([tell(what, times[what]) for what in times])


def main():
    program = os.path.abspath(sys.argv[1])
    given = [int(value) for value in sys.argv[2:]]
    rate, seconds, size, senders = given + [20000, 20, 2500, 3][len(given):]
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        bodies = [(vantage, make_load(vantage, f"b{n}", rate / senders, seconds, size))
                  for n, vantage in zip(range(senders), itertools.cycle(VANTAGES))]
        collector = Collector(program, folder)
        try:
            loads = [Load(collector, vantage, body, seconds) for vantage, body in bodies]
            is_soon = measure(collector, loads, seconds)
        finally:
            collector.process.terminate()
            collector.process.wait(10)
    sys.exit(0 if is_soon else f"a verdict took more than {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
