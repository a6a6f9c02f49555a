#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the collector says of outages beside their times: series, onset, path, vantages."""
import sqlite3
import time

from cli import main
from test_collect import (OTHER, TOKEN, Collector, at, block, expect, lines, listen, record,
                          wait_for)
from test_webhooks import Receiver

DAY = 86400
VANTAGES = (("fra1", TOKEN), ("sgp1", OTHER))
PATH = {"last": {"ttl": 7, "from": "198.18.9.1", "asn": 64497},
        "next": {"ttl": 8, "from": "198.18.9.2", "asn": None}, "kind": "silent", "from": None,
        "direction": "unknown", "shared": 1, "exempt": [], "text": "It ends at 198.18.9.1."}
POOR = {**PATH, "next": None, "text": "It ends somewhere."}


def event(seq, vantage, scope, subject, since, **more):
    """Of a change from up to dark that was noticed half a minute later."""
    head = {key: value for key, value in record(seq, vantage, when=since + 30).items()
            if key in ("schema", "vantage", "boot", "seq", "time")}
    return {**head, "type": "event", "target": "kp", "scope": scope, "subject": subject,
            "from": "up", "to": "dark", "detected": at(since + 30),
            "change": {"earliest": at(since - 20), "latest": at(since)}, "confidence": 0.99,
            "status": "confirmed", "onset": "abrupt", "outage": None, "parts": None,
            "unusual": None, "path": None, **more}


def trace(seq, vantage, event_seq, path):
    head = {key: value for key, value in record(seq, vantage, when=-1).items()
            if key in ("schema", "vantage", "boot", "seq", "time")}
    return {**head, "type": "trace", "target": "kp", "block": "198.18.0.0/24",
            "destination": "198.18.0.1", "method": "icmp", "flow": 1, "reached": False, "sent": 3,
            "hops": [], "stopped": "gap", "baseline": None, "event": event_seq,
            "path": path}


def outages(collector, query=""):
    return collector.ask("GET", "/v1/outages" + query)[1]


def test_nights_are_a_series(place):
    """Six nights from 01:00 to 09:00 in Myanmar, as in 2021, and one that has begun."""
    midnight = (time.time() // DAY) * DAY - time.time()  # the last one, UTC
    nights = [midnight + (n - 8) * DAY + 18.5 * 3600 for n in range(7)]
    with Receiver() as receiver, Collector(place, webhooks=[{"url": receiver.url}]) as collector:
        for vantage, token in VANTAGES:
            records, seq = listen(1, vantage, 9 * 24), 1000
            changes = [(nights[0] - DAY, "up")]
            for night in nights:
                changes += [(night, "dark"), (night + 8 * 3600, "up")]
            for since, verdict in changes:
                if since < -60:
                    seq += 1
                    records.append({**block(seq, vantage, 0, verdict, since, since + 20),
                                    "target": "mm"})
            expect(collector.post(lines(*records), token)[1]["refused"], [])
        wait_for(lambda: len(outages(collector)) >= 14)
        listed = [o for o in outages(collector) if o["scope"] == "block"]
        listed.sort(key=lambda o: o["start"])
        hours = {"local_from": "01:00", "local_until": "09:00"}
        expect([o["series"] for o in listed],
               [None] + [{"count": n, **hours} for n in range(2, 8)])
        for outage in listed:
            expect((outage["vantages"], outage["onset"], outage["path"]),
                   (["fra1", "sgp1"], "unknown", None))


def test_onset_and_path_come_from_the_vantages(place):
    prefix = "198.18.0.0/24"
    with Receiver() as receiver, Collector(place, webhooks=[{"url": receiver.url}]) as collector:
        for vantage, token in VANTAGES:
            collector.post(lines(*listen(1, vantage, 2), *[
                block(10 + n, vantage, n, "up", -7000, -6000 + n) for n in range(2)]), token)
        for vantage, token, path, onset in (("fra1", TOKEN, POOR, "abrupt"),
                                            ("sgp1", OTHER, PATH, "unstable")):
            collector.post(lines(
                block(20, vantage, 0, "dark", -600, -570),
                event(21, vantage, "block", prefix, -600),
                event(22, vantage, "network", prefix, -600, path=path, onset=onset)), token)
        wait_for(lambda: len(outages(collector)) >= 2)
        network, = [o for o in outages(collector) if o["scope"] == "network"]
        expect((network["path"], network["onset"]), (PATH, "unstable"))
        one, = [o for o in outages(collector) if o["scope"] == "block"]
        expect((one["path"], one["onset"], one["vantages"]), (None, "abrupt", ["fra1", "sgp1"]))
        message, = [m for m in receiver.wait(2) if m["scope"] == "network"]
        expect((message["path"], message["onset"], message["series"], message["vantages"]),
               (PATH, "unstable", None, ["fra1", "sgp1"]))
        # A trace that comes later gives the event of its number a path.
        expect(collector.post(lines(trace(30, "fra1", 21, POOR)))[1]["refused"], [])
        one = wait_for(lambda: [o for o in outages(collector)
                                if o["scope"] == "block" and o["path"]])[0]
        expect((one["path"], one["revision"]), (POOR, 2))
        before = outages(collector)
    with Collector(place) as collector:
        expect(outages(collector), before)


def test_an_outage_of_one_that_does_not_count(place):
    """A vantage that calls nearly all dark while another gets answers is not among the vantages."""
    with Collector(place, quorum=1) as collector:
        for vantage, token in VANTAGES:
            collector.post(lines(*listen(1, vantage, 2), *[
                block(10 + n, vantage, n, "up", -7000, -6000 + n) for n in range(10)]), token)
        collector.post(lines(*[block(30 + n, "fra1", n, "dark", -600, -570)
                               for n in range(10)]))
        collector.post(lines(block(30, "sgp1", 0, "dark", -600, -570)), OTHER)
        wait_for(lambda: outages(collector))
        expect({(o["subject"], *o["vantages"]) for o in outages(collector)},
               {("198.18.0.0/24", "sgp1")})


def test_two_machines_under_one_name(place):
    """To the copy everything is dark; it was started later, so its word is that of the vantage."""
    since = {"up": at(-3000), "dark": at(-1500)}

    def said(seq, verdict, when, boot="b1"):
        return {**block(seq, "fra1", 0, verdict, 0, when), "boot": boot, "since": since[verdict]}

    def both(seq, when):
        return lines(said(seq, "up", when), said(seq, "dark", when + 7, "b2"))

    def doubled():
        return collector.ask("GET", "/v1/vantages")[1][0]["two_sources"]
    with Collector(place, quorum=1) as collector:
        collector.post(lines(*[said(n, "up", 60 * n - 3000) for n in range(1, 25)]))
        expect(doubled(), False)
        for n in range(30, 54):
            collector.post(both(n, 60 * n - 3000 - 250))
        expect(doubled(), True)
        events = wait_for(lambda: [e for e in collector.ask("GET", "/v1/events")[1]
                                   if e["scope"] == "block" and e["to"] == "dark"])
        collector.post(both(54, -5))
        expect((len(events), [(o["status"], o["revision"]) for o in outages(collector)
                              if o["scope"] == "block"]), (1, [("open", 1)]))
        expect(place.get("log").count("two machines send under the name of vantage"), 1)
        page = collector.ask("GET", "/t/kp")[1]
        expect("two machines send under its name" in page, True)
    rows = sqlite3.connect(place.path("c.db")).execute("SELECT count(*) FROM record").fetchone()
    expect(rows, (24 + 2 * 25,))


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
