#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two collectors side by side over one PostgreSQL database, with a webhook.

usage: test_two_collectors.py COLLECTOR [--long]
"""
import http.client
import json
import os
import re
import signal
import sys
import tempfile
import threading
import time

import server
from test_postgresql import Collector, block, until
from test_webhooks import Receiver

BATCH = 20


def leads(collector):
    return b"\nblockwatch_leads 1\n" in collector.ask("/metrics")[1]


def wait_for_leader(*collectors):
    """(who leads, the other one)"""
    found = until(lambda: [c for c in collectors if leads(c)])
    assert len(found) == 1, "both lead"
    return found[0], next(c for c in collectors if c is not found[0])


class Stream:
    """Events as a browser gets them."""

    def __init__(self, collector):
        self.lines = []
        self.there = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=120)
        self.there.request("GET", "/v1/events", headers={"Accept": "text/event-stream"})
        self.answer = self.there.getresponse()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            for line in self.answer:
                self.lines.append(line)
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass  # it was killed

    def events(self):
        return re.findall(r"id: (\d+)\ndata: (.*)\n", b"".join(self.lines).decode())


class Load:
    """Posts records in turns to both, and to the other one what one does not take."""

    def __init__(self, first, *collectors):
        self.seq, self.collectors, self.ends = first, collectors, False
        self.said = "up"
        self.refused = 0
        self.thread = threading.Thread(target=self.run)

    def post(self, turn):
        records = [block(n, self.said, -1) for n in range(self.seq, self.seq + BATCH)]
        for again in range(100):
            try:
                status, answer = self.collectors[(turn + again) % 2].post(*records)
                if status == 200:
                    return records, answer
                self.refused += 1
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)
        raise AssertionError("nobody takes records")

    def run(self):
        turn = 0
        while not self.ends:
            records, answer = self.post(turn)
            assert answer["taken"] + answer["known"] == BATCH, answer
            if turn % 3 == 0:  # both get them
                try:
                    self.collectors[(turn + 1) % 2].post(*records)
                except (OSError, http.client.HTTPException):
                    pass
            self.seq += BATCH
            turn += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.ends = True
        self.thread.join()


class Place:
    def __init__(self, folder):
        self.folder, self.program = folder, os.path.abspath(sys.argv[1])
        self.server = server.Server().start()
        self.receiver = Receiver()

    def collector(self, name, **more):
        return Collector(self.program, self.folder, self.server.url(), name,
                         **{"webhooks": [{"url": self.receiver.url}], **more})

    def told(self):
        return [(m["from"], m["to"]) for m in self.receiver.taken() if m.get("scope") == "target"]

    def expect_told_once(self, wanted):
        """The receiver was told of this, in this order, and of nothing twice."""
        until(lambda: len(self.told()) >= len(wanted))
        assert self.told() == wanted, self.told()
        keys = self.receiver.keys()
        assert len(keys) == len(set(keys)), keys

    def expect_records(self, count):
        found = self.server.sql("SELECT count(*), count(DISTINCT (boot, seq)), max(seq) "
                                "FROM record")
        assert found == f"{count}|{count}|{count}", found

    def close(self):
        self.receiver.__exit__()
        self.server.close()


def settled(verdict, *collectors):
    for collector in collectors:
        until(lambda c=collector: c.ask("/v1/targets/kp")[1].get("verdict") == verdict)


def expect_alike(*collectors):
    """All have the same events, outages and timelines."""
    now = int(time.time())
    for path in ("/v1/events?limit=1000", "/v1/outages",
                 f"/v1/targets/kp/timeline?from={now - 3600}&until={now}"):
        def same(path=path):
            answers = [c.ask(path)[1] for c in collectors]
            return all(a == answers[0] for a in answers) and answers[0]
        answer = until(same)
        if path.startswith("/v1/events"):
            ids = [event["id"] for event in answer]
            assert ids == list(range(len(ids), 0, -1)), ids


def check_kill(place):
    """Both take records while the leader is killed; all is told once, with the same ids."""
    first, second = place.collector("a.json").start(), place.collector("b.json").start()
    try:
        leader, other = wait_for_leader(first, second)
        assert other.post(*[block(n) for n in range(1, BATCH + 1)])[0] == 200
        settled("up", leader, other)
        streams = [Stream(leader), Stream(other)]
        with Load(BATCH + 1, first, second) as load:
            load.said = "dark"
            settled("dark", leader, other)
            place.expect_told_once([("up", "dark")])
            until(lambda: len(streams[1].events()) >= 4)
            assert streams[0].events() == streams[1].events(), streams[1].events()
            load.said = "up"
            leader.end(signal.SIGKILL)
            assert wait_for_leader_alone(other)
            settled("up", other)
            place.expect_told_once([("up", "dark"), ("dark", "up")])
            leader.start()
            settled("up", leader)
            load.said = "dark"
            settled("dark", leader, other)
        assert not leads(leader)
        place.expect_told_once([("up", "dark"), ("dark", "up"), ("up", "dark")])
        place.expect_records(load.seq - 1)
        expect_alike(leader, other)
        ids = [int(event[0]) for event in streams[1].events()]
        assert ids == list(range(1, len(ids) + 1)), ids
    finally:
        first.end()
        second.end()


def wait_for_leader_alone(collector):
    return until(lambda: leads(collector))


def check_cut(place):
    """The connection of the leader is cut: one of the two leads, and both go on taking."""
    first, second = place.collector("a.json").start(), place.collector("b.json").start()
    try:
        leader, other = wait_for_leader(first, second)
        assert leader.post(*[block(n) for n in range(1, BATCH + 1)])[0] == 200
        settled("up", leader, other)
        with Load(BATCH + 1, first, second) as load:
            place.server.sql("SELECT pg_terminate_backend(pid) FROM pg_locks "
                             "WHERE locktype = 'advisory' AND objsubid = 1 AND granted")
            until(lambda: "cannot be stored" in leader.said())
            wait_for_leader(first, second)  # the first one may be faster to lead again
            load.said = "dark"
            settled("dark", leader, other)
            until(lambda: leader.ask("/healthz")[0] == 200)
            refused = load.refused
            time.sleep(0.5)  # both take all that comes
            assert load.refused == refused, load.refused
            wait_for_leader(first, second)
        place.expect_records(load.seq - 1)
        expect_alike(leader, other)
        assert "start this one again" not in leader.said(), leader.said()
    finally:
        first.end()
        second.end()


def check_stopped(place):
    """A leader that is stopped loses the lead, and takes part again when it goes on."""
    first, second = place.collector("a.json").start(), place.collector("b.json").start()
    try:
        leader, other = wait_for_leader(first, second)
        assert leader.post(*[block(n) for n in range(1, BATCH + 1)])[0] == 200
        settled("up", leader, other)
        leader.process.send_signal(signal.SIGSTOP)
        assert wait_for_leader_alone(other)
        assert other.post(*[block(n, "dark") for n in range(BATCH + 1, 2 * BATCH + 1)])[0] == 200
        settled("dark", other)
        leader.process.send_signal(signal.SIGCONT)
        until(lambda: leader.ask("/healthz")[0] == 200 and not leads(leader))
        settled("dark", leader)
        assert leader.post(block(2 * BATCH + 1, "dark"))[0] == 200
        expect_alike(leader, other)
        place.expect_told_once([("up", "dark")])
    finally:
        first.process.send_signal(signal.SIGCONT)
        second.process.send_signal(signal.SIGCONT)
        first.end()
        second.end()


OTHERS = {  # what a second collector has in another way, and how it is told
    '"quorum" is 2 here and 1 there': {"quorum": 2},
    '"stale_after" is 4 here and 3 there': {"stale_after": 4},
    '"retention.intervals" is 259200s here and forever there': {"retention": {"intervals": "3d"}},
    'vantage "fra1" is of AS64499 here and of AS64496 there':
        {"vantages": [{"name": "fra1", "token_file": "t", "asn": 64499}]},
    'vantage "fra1" is not here':
        {"vantages": [{"name": "sgp1", "token_file": "t", "asn": 64496}]},
    ' is not there, webhook ': {"webhooks": [{"command": ["/bin/true"]}]},
}


def check_other_configuration(place):
    """A collector with another configuration does not start beside one, and takes over alone."""
    first = place.collector("a.json").start()
    try:
        assert first.post(*[block(n) for n in range(1, BATCH + 1)])[0] == 200
        for wanted, other in OTHERS.items():
            run = place.collector("b.json", **other).run()
            assert (run.returncode, run.stderr.count("\n")) == (65, 1), (wanted, run)
            assert "b.json: another collector uses the database" in run.stderr, run.stderr
            assert wanted in run.stderr and place.receiver.url not in run.stderr, run.stderr
        assert first.ask("/healthz")[0] == 200 and leads(first)
    finally:
        first.end()
    second = place.collector("b.json", **OTHERS['"quorum" is 2 here and 1 there']).start()
    try:
        until(lambda: leads(second))
        assert first.run().returncode == 65
    finally:
        second.end(signal.SIGKILL)
    first.start()
    try:
        place.server.sql("UPDATE collector SET agreement = 'another one'; "
                         "SELECT pg_terminate_backend(pid) FROM pg_locks "
                         "WHERE locktype = 'advisory' AND objsubid = 1 AND granted")
        until(lambda: "start this one again, with the same" in str(first.post(block(BATCH + 1))))
        assert first.ask("/healthz")[0] == 503
    finally:
        first.end()


def check_late(place):
    """One is started anew; a record comes late that was taken back meanwhile: both take it so."""
    first, second = place.collector("a.json").start(), place.collector("b.json").start()
    since = block(1, when=-690)["since"]
    rounds = [{**block(2 * n, when=-690 + 60 * n), "since": since} for n in range(1, 12) if n != 5]
    try:
        for record in rounds:
            assert first.post(record)[1]["taken"] == 1
        settled("up", first, second)
        second.end()
        second.start()
        assert first.post(block(10, "dark", -390))[1]["taken"] == 1
        assert second.post(block(24, "unknown", -5))[1]["taken"] == 1
        settled("unknown", first, second)
        for collector in (first, second):
            verdicts = [row["verdict"] for row in collector.ask(
                f"/v1/targets/kp/timeline?from={int(time.time()) - 600}")[1]
                if row["scope"] == "block"]
            assert verdicts == ["up", "unknown"], verdicts
            assert collector.ask("/v1/outages")[1] == []
    finally:
        first.end()
        second.end()


def main():
    checks = [check_stopped] if "--long" in sys.argv else [check_kill, check_cut, check_late,
                                                           check_other_configuration]
    if not server.programs():
        print("1..0 # SKIP there is no PostgreSQL server")
        return
    print(f"1..{len(checks)}", flush=True)
    for number, check in enumerate(checks, 1):
        with tempfile.TemporaryDirectory(prefix="blockwatch-db-") as folder:
            place = Place(folder)
            try:
                check(place)
                print(f"ok {number} - {check.__doc__}", flush=True)
            except (AssertionError, OSError, json.JSONDecodeError) as error:
                print(f"not ok {number} - {check.__doc__}", flush=True)
                print("# " + repr(error)[:2000].replace("\n", "\n# "), flush=True)
            finally:
                place.close()


if __name__ == "__main__":
    main()
