#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many records a second the collector takes, from HTTP to the disk.

usage: collect.py BLOCKWATCH [RECORDS] [STORE] [COLLECTORS]

STORE is "sqlite:PATH" (the default: in a temporary folder), the URL of an empty PostgreSQL
database, or "postgresql": over a server that is started for it. COLLECTORS (1) stand side by side
over it, and each gets the next batch when it has taken one. The time of the processor is that of
the collectors alone.
"""
import gzip
import http.client
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../db"))
import server  # noqa: E402

TOKEN = "0123456789abcdef-fra1"
BATCH = 5000
BLOCKS = 1000


def make_batches(count):
    """Rounds of block records of a country that is up, as a vantage ships them."""
    start = datetime.now(timezone.utc) - timedelta(minutes=count / BLOCKS + 1)
    since = start.isoformat(timespec="microseconds").replace("+00:00", "Z")
    batches, lines = [], []
    for seq in range(1, count + 1):
        when = start + timedelta(seconds=seq * 60 / BLOCKS)
        prefix = f"10.{seq % BLOCKS // 250}.{seq % 250}.0/24"
        lines.append(json.dumps({
            "schema": "blockwatch/record/1", "type": "block", "vantage": "fra1", "boot": "b1",
            "seq": seq, "time": when.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "target": "kp", "network": prefix, "block": prefix, "verdict": "up",
            "belief": 0.9999, "conditions": [], "reasons": [], "since": since,
            "round": 1 + seq // BLOCKS, "sent": 1, "replies": 1,
            "rtt_ms": {"min": 12.345, "median": 12.345, "max": 12.345}, "availability": 0.95,
            "silent_since": None}, separators=(",", ":")))
        if len(lines) == BATCH or seq == count:
            batches.append(gzip.compress(("\n".join(lines) + "\n").encode(), 1))
            lines = []
    return batches


class Collector:
    """One of them; it takes from BATCHES, an iterator that all share, until there are no more."""

    def __init__(self, program, folder, number, store):
        name = f"c{number}.json"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump({"listen": "127.0.0.1:0", "store": store,
                       "vantages": [{"name": "fra1", "token_file": "t"}]}, file)
        self.process = subprocess.Popen([program, "collect", "--config", name], cwd=folder,
                                        stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stderr.readline())[1])
        self.taken = 0

    def take(self, batches):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for batch in batches:
            connection.request("POST", "/v1/records", batch, {
                "Authorization": "Bearer " + TOKEN, "Content-Encoding": "gzip"})
            self.taken += json.loads(connection.getresponse().read())["taken"]

    def end(self):
        """Returns its memory in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            memory = re.search(r"VmHWM:\s*(\d+)", file.read())[1]
        self.process.terminate()
        self.process.wait(10)
        return int(memory) // 1024


def run(program, folder, batches, count, store, number):
    with open(os.path.join(folder, "t"), "w", encoding="utf-8") as file:
        file.write(TOKEN)
    os.chmod(os.path.join(folder, "t"), 0o600)
    collectors = [Collector(program, folder, n, store) for n in range(number)]
    shared = iter(batches)
    threads = [threading.Thread(target=c.take, args=(shared,)) for c in collectors]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    memory = max(collector.end() for collector in collectors)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.path.join(folder, "c.db")
    size = os.path.getsize(path) if os.path.exists(path) else 0
    taken = [collector.taken for collector in collectors]
    assert sum(taken) == count, f"{taken} of {count} taken"
    print(f"{count} records in {seconds:.1f} s: {count / seconds:.0f} a second; "
          f"processor {used.ru_utime + used.ru_stime:.1f} s "
          f"({count / (used.ru_utime + used.ru_stime):.0f} a second of a core); "
          f"memory {memory} MB; database {size / 1e6:.0f} MB"
          + (f"; taken by each: {taken}" if number > 1 else ""))


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300000
    store = sys.argv[3] if len(sys.argv) > 3 else "sqlite:c.db"
    number = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    database = None
    batches = make_batches(count)
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        try:
            if store == "postgresql":
                database = server.Server().start("-c", "shared_buffers=256MB", "-c", "fsync=on")
                store = database.url()
            run(program, folder, batches, count, store, number)
        finally:
            if database:
                database.close()


if __name__ == "__main__":
    main()
