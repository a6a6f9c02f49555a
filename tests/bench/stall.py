#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a large question keeps the others waiting.

The longest answer of /healthz while a year is asked for.

usage: stall.py BLOCKWATCH [BLOCKS [CHANGES]]

One vantage watches the blocks of one target for a year; each goes dark and comes back so often
(200 blocks, 3,000 changes: about 600,000 intervals). One client asks for one thing at a time;
another one asks /healthz all the while. Loopback; the longest of these answers is the longest time
that the loop was busy with something else.
"""
import gzip
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone

DAY = 86400
BATCH = 20000
PATHS = ["/healthz", "/v1/targets", "/v1/targets/kp",
         "/v1/targets/kp/timeline?limit=1000&from={from}",
         "/v1/targets/kp/timeline?from={from}", "/v1/outages?limit=1000",
         "/v1/signals/target/kp?from={from}", "/", "/t/kp", "/t/kp?from={from}",
         "/t/kp.svg?from={from}"]


def stamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def make_records(blocks, changes):
    """Block records and, each hour, a vantage record, in the order of their times."""
    chance = random.Random(1)
    end = time.time() - 60
    start = end - 365 * DAY
    story = [(start + n * 3600, None, "", 0) for n in range(365 * 24)]
    for number in range(blocks):
        story.append((start + 30, number, "up", start))
        times = sorted(start + 3600 + chance.random() * 364 * DAY for _ in range(changes))
        story += [(t + 30, number, "dark" if n % 2 == 0 else "up", t)
                  for n, t in enumerate(times)]
    for seq, (when, number, verdict, since) in enumerate(sorted(story, key=lambda one: one[0]), 1):
        head = {"schema": "blockwatch/record/1", "type": "vantage" if number is None else "block",
                "vantage": "fra1", "boot": "b1", "seq": seq, "time": stamp(when)}
        if number is None:
            yield {**head, "healthy": True, "reasons": [], "sent": 1, "received": 1,
                   "capture_dropped": 0, "send_errors": 0, "rejected": 0, "version": "0.1.0",
                   "ways": [], "round_s": 3600}
        else:
            prefix = f"10.{number // 250}.{number % 250}.0/24"
            yield {**head, "target": "kp", "network": prefix, "block": prefix, "verdict": verdict,
                   "belief": 0.9, "conditions": [], "reasons": [], "since": stamp(since),
                   "round": 1, "sent": 1, "replies": int(verdict == "up"), "rtt_ms": None,
                   "availability": 0.9, "silent_since": None}


def ask(port, path):
    """Seconds, bytes, status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.monotonic()
    connection.request("GET", path)
    answer = connection.getresponse()
    length = 0
    while True:
        part = answer.read(1 << 20)
        if not part:
            break
        length += len(part)
    connection.close()
    return time.monotonic() - began, length, answer.status


def measure(port, path):
    """Asks for PATH; returns that and the longest wait of another client meanwhile."""
    waits, ends = [], threading.Event()

    def watch():
        while not ends.is_set():
            waits.append(ask(port, "/healthz")[0])
            time.sleep(0.002)
    thread = threading.Thread(target=watch)
    thread.start()
    time.sleep(0.2)
    result = ask(port, path)
    ends.set()
    thread.join()
    return (*result, max(waits))


def fill(port, token, blocks, changes):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    lines = []

    def send():
        connection.request("POST", "/v1/records", gzip.compress("".join(lines).encode(), 1), {
            "Authorization": "Bearer " + token, "Content-Encoding": "gzip"})
        answer = json.loads(connection.getresponse().read())
        assert answer["taken"] == len(lines), answer
        lines.clear()
    for record in make_records(blocks, changes):
        lines.append(json.dumps(record, separators=(",", ":")) + "\n")
        if len(lines) == BATCH:
            send()
    send()


def main():
    program = os.path.abspath(sys.argv[1])
    blocks = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    changes = int(sys.argv[3]) if len(sys.argv) > 3 else 3000
    token = "0123456789abcdef-fra1"
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        with open(os.path.join(folder, "t"), "w", encoding="utf-8") as file:
            file.write(token)
        os.chmod(os.path.join(folder, "t"), 0o600)
        with open(os.path.join(folder, "c.json"), "w", encoding="utf-8") as file:
            json.dump({"listen": "127.0.0.1:0", "store": "sqlite:c.db",
                       "vantages": [{"name": "fra1", "token_file": "t"}]}, file)
        collector = subprocess.Popen([program, "collect", "--config", "c.json"], cwd=folder,
                                     stderr=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r"port (\d+)", collector.stderr.readline())[1])
            began = time.monotonic()
            fill(port, token, blocks, changes)
            ask(port, "/healthz")
            print(f"filled in {time.monotonic() - began:.1f} s")
            time.sleep(2)
            ask(port, "/healthz")
            for path in PATHS:
                path = path.replace("{from}", str(int(time.time()) - 365 * DAY))
                seconds, length, status, wait = measure(port, path)
                print(f"{path[:44]:44} {status} {length / 1e6:8.2f} MB {seconds * 1e3:8.0f} ms; "
                      f"the others waited for {wait * 1e3:6.0f} ms at most", flush=True)
        finally:
            collector.terminate()
            collector.wait(30)


if __name__ == "__main__":
    main()
