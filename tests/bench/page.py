#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the collector takes for a page and for a timeline over a long history.

usage: page.py BLOCKWATCH [BLOCKS [DAYS]] [--sums HOURLY]

Three vantages watch the blocks of one target for so many days (1,000 blocks, 365 days). 24 nights
the whole country is dark; each block has 26 outages of its own besides, which all three see. Then
the pages are fetched, ten times each, over HTTP on loopback; the median and the longest are told.
With HOURLY (hourly.c here) the database then gets the hourly sums of all these days, too, as if the
vantages had watched each minute; they are fetched, and the size of the database is that with them.
"""
import gzip
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

VANTAGES = ["fra1", "sgp1", "iad1"]
HOUR, DAY = 3600, 86400
BATCH = 20000
CURFEWS, OUTAGES = 24, 26
TIMES = 10


def stamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def make_story(blocks, days, end):
    """(time, block or None, verdict, since) of all that a vantage tells, in its order."""
    chance = random.Random(1)
    start = end - days * DAY
    nights = [start + DAY * chance.randrange(1, days - 1) + 16 * HOUR for _ in range(CURFEWS)]
    story = [(t, None, "", 0) for t in range(int(start), int(end), HOUR)]
    for block in range(blocks):
        times = [(night, night + 8 * HOUR) for night in set(nights)]
        for _ in range(OUTAGES):
            begin = start + HOUR + chance.random() * (days - 2) * DAY
            times.append((begin, begin + chance.choice((900, 3600, 4 * HOUR))))
        story.append((start + 30, block, "up", start))
        for begin, until in sorted(times):
            story.append((begin + 30, block, "dark", begin))
            story.append((until + 30, block, "up", until))
    return sorted(story, key=lambda one: one[0])


def make_record(vantage, seq, one):
    when, block, verdict, since = one
    head = {"schema": "blockwatch/record/1", "type": "block" if block is not None else "vantage",
            "vantage": vantage, "boot": "b1", "seq": seq, "time": stamp(when)}
    if block is None:
        return {**head, "healthy": True, "reasons": [], "sent": 1, "received": 1,
                "capture_dropped": 0, "send_errors": 0, "rejected": 0, "version": "0.1.0",
                "ways": [], "round_s": 3600}
    network = f"10.{block // 256}.{block // 16 * 16 % 256}.0/20"
    up = verdict == "up"
    return {**head, "target": "kp", "network": network,
            "block": f"10.{block // 256}.{block % 256}.0/24", "verdict": verdict,
            "belief": 0.9999 if up else 0.0001, "conditions": [], "reasons": [],
            "since": stamp(since), "round": seq, "sent": 1, "replies": int(up), "rtt_ms": None,
            "availability": 0.95, "silent_since": None}


def post(port, vantage, story):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    for at in range(0, len(story), BATCH):
        lines = "".join(json.dumps(make_record(vantage, at + n + 1, one)) + "\n"
                        for n, one in enumerate(story[at:at + BATCH]))
        connection.request("POST", "/v1/records", gzip.compress(lines.encode(), 1), {
            "Authorization": f"Bearer 0123456789abcdef-{vantage}", "Content-Encoding": "gzip"})
        answer = json.loads(connection.getresponse().read())
        assert not answer["refused"], answer["refused"][:3]
    connection.close()


def fetch(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    began = time.monotonic()
    connection.request("GET", path)
    answer = connection.getresponse()
    size = len(answer.read())
    took = time.monotonic() - began
    assert answer.status == 200, path
    connection.close()
    return took, size


def measure(port, name, path):
    took = [fetch(port, path) for _ in range(TIMES)]
    times = sorted(1000 * seconds for seconds, _ in took)
    print(f"{name}: median {statistics.median(times):.0f} ms, longest {times[-1]:.0f} ms, "
          f"{took[0][1] / 1000:.0f} kB")


def start(program, folder):
    for vantage in VANTAGES:
        path = os.path.join(folder, vantage)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"0123456789abcdef-{vantage}")
        os.chmod(path, 0o600)
    with open(os.path.join(folder, "c.json"), "w", encoding="utf-8") as file:
        json.dump({"listen": "127.0.0.1:0", "store": "sqlite:c.db", "vantages": [
            {"name": name, "token_file": name, "asn": 64496 + n}
            for n, name in enumerate(VANTAGES)]}, file)
    collector = subprocess.Popen([program, "collect", "--config", "c.json"], cwd=folder,
                                 stderr=subprocess.PIPE, text=True)
    return collector, int(re.search(r"port (\d+)", collector.stderr.readline())[1])


def run(program, folder, blocks, days):
    collector, port = start(program, folder)
    end = time.time() - 60
    story = make_story(blocks, days, end)
    try:
        for vantage in VANTAGES:
            post(port, vantage, story)
        while True:  # until all of it is merged
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
            connection.request("GET", "/v1/targets")
            if json.loads(connection.getresponse().read())[0]["blocks"]["up"] == blocks:
                break
            time.sleep(1)
        print(f"{blocks} blocks, {days} days, {len(story)} records from each of "
              f"{len(VANTAGES)} vantages")
        year, month = int(end - days * DAY), int(end - 30 * DAY)
        for name, path in (
                ("page of targets", "/"), ("page of a target, a week", "/t/kp"),
                ("page of a target, a month", f"/t/kp?from={month}"),
                ("page of a target, all days", f"/t/kp?from={year}"),
                ("picture of a month", f"/t/kp.svg?from={month}"),
                ("timeline of a month (JSON)", f"/v1/targets/kp/timeline?from={month}"),
                ("outages of all days (JSON)", "/v1/outages?target=kp")):
            measure(port, name, path)
    finally:
        collector.terminate()
        collector.wait(60)
    tell_size(folder)
    return int(end)


def tell_size(folder):
    print(f"database {os.path.getsize(os.path.join(folder, 'c.db')) / 1e6:.0f} MB")


def run_sums(program, folder, blocks, days, end, hourly):
    subprocess.run([hourly, "c.db", str(blocks), str(days), str(end), *VANTAGES], cwd=folder,
                   check=True)
    collector, port = start(program, folder)
    year, month = end - days * DAY, end - 30 * DAY
    sums = "/v1/targets/kp/sums"
    try:
        for name, path in (
                ("sums of a target, a month", f"{sums}?from={month}"),
                ("sums of a target, all days", f"{sums}?from={year}"),
                ("sums of a network, a month", f"{sums}?from={month}&subject=10.0.16.0/20"),
                ("sums of a block, all days", f"{sums}?from={year}&subject=10.0.17.0/24"),
                ("signals of all days", f"/v1/signals/country/KP?from={year}"),
                ("page of a target, a month", f"/t/kp?from={month}")):
            measure(port, name, path)
    finally:
        collector.terminate()
        collector.wait(60)
    tell_size(folder)


def main():
    arguments = sys.argv[1:]
    hourly = None
    if "--sums" in arguments:
        at = arguments.index("--sums")
        hourly = os.path.abspath(arguments[at + 1])
        del arguments[at:at + 2]
    program = os.path.abspath(arguments[0])
    blocks = int(arguments[1]) if len(arguments) > 1 else 1000
    days = int(arguments[2]) if len(arguments) > 2 else 365
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        end = run(program, folder, blocks, days)
        if hourly:
            run_sums(program, folder, blocks, days, end, hourly)


if __name__ == "__main__":
    main()
