#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many records a second the collector takes, from HTTP to the disk.

usage: collect.py BLOCKWATCH [RECORDS] [STORE]

STORE is "sqlite:PATH" (the default: in a temporary folder), the URL of an empty PostgreSQL
database, or "postgresql": over a server that is started for it. The time of the processor is that
of the collector alone.
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


def run(program, folder, batches, count, store):
    with open(os.path.join(folder, "t"), "w", encoding="utf-8") as file:
        file.write(TOKEN)
    os.chmod(os.path.join(folder, "t"), 0o600)
    with open(os.path.join(folder, "c.json"), "w", encoding="utf-8") as file:
        json.dump({"listen": "127.0.0.1:0", "store": store,
                   "vantages": [{"name": "fra1", "token_file": "t"}]}, file)
    collector = subprocess.Popen([program, "collect", "--config", "c.json"], cwd=folder,
                                 stderr=subprocess.PIPE, text=True)
    port = int(re.search(r"port (\d+)", collector.stderr.readline())[1])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.monotonic()
    taken = 0
    for batch in batches:
        connection.request("POST", "/v1/records", batch, {
            "Authorization": "Bearer " + TOKEN, "Content-Encoding": "gzip"})
        taken += json.loads(connection.getresponse().read())["taken"]
    seconds = time.monotonic() - began
    with open(f"/proc/{collector.pid}/status", encoding="ascii") as file:
        memory = re.search(r"VmHWM:\s*(\d+)", file.read())[1]
    collector.terminate()
    collector.wait(10)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.path.join(folder, "c.db")
    size = os.path.getsize(path) if os.path.exists(path) else 0
    assert taken == count, f"{taken} of {count} taken"
    print(f"{count} records in {seconds:.1f} s: {count / seconds:.0f} a second; "
          f"processor {used.ru_utime + used.ru_stime:.1f} s "
          f"({count / (used.ru_utime + used.ru_stime):.0f} a second of a core); "
          f"memory {int(memory) // 1024} MB; database {size / 1e6:.0f} MB")


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300000
    store = sys.argv[3] if len(sys.argv) > 3 else "sqlite:c.db"
    database = None
    batches = make_batches(count)
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        try:
            if store == "postgresql":
                database = server.Server().start("-c", "shared_buffers=256MB", "-c", "fsync=on")
                store = database.url()
            run(program, folder, batches, count, store)
        finally:
            if database:
                database.close()


if __name__ == "__main__":
    main()
