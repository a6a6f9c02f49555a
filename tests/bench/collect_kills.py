#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a collector that is killed again and again stores each record once, and tells the same.

usage: collect_kills.py BLOCKWATCH [RECORDS] [SECONDS]

Sends RECORDS (3,000,000) block records, in which each block is dark for ten rounds now and then,
to a collector that is killed with -9 each SECONDS (20), in the middle of a request, and to another
one that is left alone. A request without an answer is sent again. Prints what is in both databases,
and fails when a record is missing or the merged histories differ.
"""
import gzip
import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone

TOKEN = "0123456789abcdef-fra1"
BATCH = 5000
BLOCKS = 1000
PERIOD, DARK_ROUNDS = 500, 10  # rounds


def stamp(when):
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def record(seq, start):
    block, number = seq % BLOCKS, seq // BLOCKS
    phase = (number + block) % PERIOD
    is_dark = phase < DARK_ROUNDS
    began = max(0, number - phase + (0 if is_dark else DARK_ROUNDS))
    prefix = f"10.{block // 250}.{block % 250}.0/24"
    return json.dumps({
        "schema": "blockwatch/record/1", "type": "block", "vantage": "fra1", "boot": "b1",
        "seq": seq, "time": stamp(start + timedelta(seconds=seq * 60 / BLOCKS)),
        "target": "kp", "network": prefix, "block": prefix,
        "verdict": "dark" if is_dark else "up", "belief": 0.0001 if is_dark else 0.9999,
        "conditions": [], "reasons": [],
        "since": stamp(start + timedelta(minutes=began)),
        "round": 1 + number, "sent": 1, "replies": 0 if is_dark else 1,
        "rtt_ms": None if is_dark else {"min": 12.3, "median": 12.3, "max": 12.3},
        "availability": 0.95, "silent_since": None}, separators=(",", ":"))


def make_batches(count, start):
    batches = []
    for first in range(1, count + 1, BATCH):
        lines = [record(seq, start) for seq in range(first, min(first + BATCH, count + 1))]
        batches.append(gzip.compress(("\n".join(lines) + "\n").encode(), 1))
    return batches


class Collector:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.peak_kb = 0
        with open(os.path.join(folder, "t"), "w", encoding="utf-8") as file:
            file.write(TOKEN)
        os.chmod(file.name, 0o600)
        with open(os.path.join(folder, "c.json"), "w", encoding="utf-8") as file:
            json.dump({"listen": "127.0.0.1:0", "store": "sqlite:c.db",
                       "vantages": [{"name": "fra1", "token_file": "t"}]}, file)
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, "collect", "--config", "c.json"],
                                        cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stderr.readline())[1])

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Authorization": "Bearer " + TOKEN,
                                                "Content-Encoding": "gzip"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def note_memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            found = re.search(r"VmHWM:\s*(\d+)", file.read())
        if found:
            self.peak_kb = max(self.peak_kb, int(found[1]))

    def end(self):
        self.note_memory()
        self.process.terminate()
        self.process.wait(10)


def send(collector, batches, every):
    """Returns how often it was killed; EVERY None: never."""
    kills, last, killer = 0, time.monotonic(), None
    waiting = list(reversed(batches))
    while waiting:
        if every and killer is None and time.monotonic() - last > every:
            collector.note_memory()
            killer = threading.Timer(0.05, collector.process.kill)
            killer.start()
        try:
            if collector.ask("POST", "/v1/records", waiting[-1])[0] == 200:
                waiting.pop()
        except (OSError, http.client.HTTPException):
            killer.join()
            collector.process.wait()
            collector.start()
            kills, last, killer = kills + 1, time.monotonic(), None
    if killer:
        killer.join()
        collector.process.wait()
        collector.start()
        kills += 1
    return kills


def play(program, batches, every, until):
    with tempfile.TemporaryDirectory(prefix="blockwatch-kills-", dir="/var/tmp") as folder:
        collector = Collector(program, folder)
        began = time.monotonic()
        kills = send(collector, batches, every)
        seconds = time.monotonic() - began
        time.sleep(2)  # what was last stored is merged
        history = collector.ask("GET", f"/v1/targets/kp/timeline?from=0&until={until}")[1]
        collector.end()
        with sqlite3.connect(os.path.join(folder, "c.db")) as db:
            rows, seqs, last = db.execute(
                "SELECT count(*), count(DISTINCT seq), max(seq) FROM record").fetchone()
        print(f"killed {kills} times: {seconds:.0f} s, {rows} records, {seqs} of them different, "
              f"the last {last}; {collector.peak_kb // 1024} MB; "
              f"{len(json.loads(history))} intervals", flush=True)
        return (rows, seqs, last), history


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000000
    every = float(sys.argv[3]) if len(sys.argv) > 3 else 20
    start = datetime.now(timezone.utc) - timedelta(minutes=count / BLOCKS + 2)
    until = int(time.time()) - 120
    batches = make_batches(count, start)
    killed, history = play(program, batches, every, until)
    _, undisturbed = play(program, batches, None, until)
    is_right = killed == (count, count, count) and history == undisturbed
    print("each record once, and the same history" if is_right else "NOT the same")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
