#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The collector as a vantage and a reader meet it: real HTTP on loopback, a database of its own."""
import gzip
import http.client
import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from datetime import datetime, timezone

from cli import Mismatch, main

TOKEN, OTHER = "0123456789abcdef-fra1", "0123456789abcdef-sgp1"
CONFIG = {
    "listen": "127.0.0.1:0",
    "store": "sqlite:c.db",
    "vantages": [{"name": "fra1", "token_file": "fra1.token", "asn": 64496},
                 {"name": "sgp1", "token_file": "sgp1.token"}],
}


def at(seconds):
    """RFC 3339 of a time after now."""
    return datetime.fromtimestamp(time.time() + seconds, timezone.utc).isoformat().replace(
        "+00:00", "Z")


def record(seq, vantage="fra1", boot="b1", when=-600, **more):
    return {"schema": "blockwatch/record/1", "type": "vantage", "vantage": vantage, "boot": boot,
            "seq": seq, "time": at(when), "healthy": True, "reasons": [], "sent": 1, "received": 1,
            "capture_dropped": 0, "send_errors": 0, "rejected": 0, "version": "0.1.0",
            "ways": [], **more}


def lines(*records):
    return "".join(json.dumps(r) + "\n" for r in records).encode()


def wait_for(look):
    for _ in range(3000):
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise Mismatch("it did not come within 30 seconds")


class Collector:
    """A running collector, ended by its pid."""

    def __init__(self, place, **changes):
        self.place = place
        place.put("fra1.token", TOKEN + "\n")
        place.put("sgp1.token", OTHER + "\n")
        for name in ("fra1.token", "sgp1.token"):
            os.chmod(place.path(name), 0o600)
        place.put("c.json", json.dumps({**CONFIG, **changes}))

    def __enter__(self):
        place = self.place
        with open(place.path("log"), "wb") as log:
            self.process = subprocess.Popen([place.program, "collect", "--config", "c.json"],
                                            cwd=place.folder, env=place.environment, stderr=log,
                                            restore_signals=False)  # SIGXFSZ stays ignored
        self.port = int(wait_for(lambda: re.search(r"port (\d+)", place.get("log")))[1])
        return self

    def __exit__(self, kind, *unused):
        self.end(signal.SIGTERM)
        if not kind and self.process.returncode not in (0, -signal.SIGKILL):
            raise Mismatch(f"it ended with {self.process.returncode}")

    def end(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(10)

    def ask(self, method, path, body=None, token=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, path, body,
                           {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text.decode()

    def post(self, body, token=TOKEN, **headers):
        return self.ask("POST", "/v1/records", body, token, **headers)


def expect(got, wanted):
    if got != wanted:
        raise Mismatch(f"got {got}\nexpected {wanted}")


def taken(count, known=0, seq=None, boot="b1", refused=()):
    return 200, {"taken": count, "known": known, "refused": list(refused),
                 "stored": {"boot": boot, "seq": seq}}


def test_each_record_counts_once(place):
    with Collector(place) as collector:
        expect(collector.post(lines(record(1), record(2))), taken(2, seq=2))
        expect(collector.post(lines(record(2), record(3))), taken(1, 1, seq=3))
        expect(collector.post(gzip.compress(lines(record(3), record(1, boot="b2"))),
                              Content_Encoding="gzip"), taken(1, 1, seq=1, boot="b2"))
    with Collector(place) as collector:  # it knows them after a restart, too
        expect(collector.post(lines(record(1), record(2), record(3))), taken(0, 3, seq=3))
    rows = sqlite3.connect(place.path("c.db")).execute("SELECT count(*) FROM record").fetchone()
    expect(rows, (4,))


def test_what_was_answered_survives_kill(place):
    seq = 0
    for _ in range(5):
        with Collector(place) as collector:
            for _ in range(20):
                expect(collector.post(lines(record(seq + 1), record(seq + 2)))[1]["taken"], 2)
                seq += 2
            collector.end(signal.SIGKILL)
    rows = sqlite3.connect(place.path("c.db")).execute(
        "SELECT count(*), min(seq), max(seq) FROM record").fetchone()
    expect(rows, (200, 1, 200))


def test_a_bad_line_is_refused_alone(place):
    body = lines(record(1)) + b"junk\n\xff\xfe\n" + lines(
        record(2, when=7200), {"schema": "x"}, record(3))
    with Collector(place) as collector:
        status, answer = collector.post(body)
        expect((status, answer["taken"], answer["stored"]), (200, 2, {"boot": "b1", "seq": 3}))
        expect([line["line"] for line in answer["refused"]], [2, 3, 4, 5])
        long = b"x" * 100000 + b"\n" + lines(record(4))
        expect(collector.post(long)[1]["taken"], 1)
        expect(collector.post(b""), (200, {"taken": 0, "known": 0, "refused": [],
                                           "stored": None}))


def test_a_token_is_for_one_vantage(place):
    with Collector(place) as collector:
        expect(collector.post(lines(record(1), record(2, vantage="sgp1"))), (403, {
            "error": 'line 2 is a record of "sgp1", the token is that of "fra1": '
                     'nothing is taken'}))
        expect(collector.post(lines(record(1))), taken(1, seq=1))  # nothing was taken before
        expect(collector.post(lines(record(1)), token="wrong")[0], 401)
        expect(collector.post(lines(record(1)), token=None)[0], 401)
        expect(collector.post(lines(record(1, vantage="sgp1")), token=OTHER), taken(1, seq=1))


def test_a_request_says_its_vantage(place):
    with Collector(place) as collector:
        expect(collector.post(lines(record(1)), X_Blockwatch_Vantage="fra1"), taken(1, seq=1))
        for body in b"", lines(record(2)), bytes(1 << 20):
            for name in "sgp1", "fra", "":
                status, answer = collector.post(body, X_Blockwatch_Vantage=name)
                expect((status, answer["error"]), (403, (
                    f'X-Blockwatch-Vantage says "{name}", the token is that of "fra1"')))
        expect(collector.post(b"", token="wrong", X_Blockwatch_Vantage="fra1")[0], 401)
        expect(collector.post(b"")[0], 200)
        place.put("t.txt", "198.18.0.0/24\n")
        for name, status, words in (("fra1", 0, "takes records\n"), ("fra2", 69, " 403 ")):
            place.put("run.json", json.dumps({
                "vantage": name, "targets": ["t.txt"], "allow_reserved": True,
                "state_directory": "state", "sinks": [{
                    "type": "http", "name": "centre", "token_file": "fra1.token",
                    "url": f"http://127.0.0.1:{collector.port}/v1/records"}]}))
            run = place.run("run", "--config", "run.json", "--check-config", "--connect")
            run.expect(status)
            sink = [line for line in run.out.splitlines(True) if line.startswith("sink 'centre'")]
            expect((len(sink), words in sink[0]), (1, True))


def test_hostile_bodies(place):
    with Collector(place) as collector:
        expect(collector.post(b"not gzip", Content_Encoding="gzip")[0], 400)
        expect(collector.post(gzip.compress(lines(record(1)))[:-9], Content_Encoding="gzip")[0],
               400)
        expect(collector.post(lines(record(1)), Content_Encoding="br")[0], 415)
        expect(collector.post(gzip.compress(bytes(80 << 20)), Content_Encoding="gzip")[0], 413)
        expect(collector.post(bytes(17 << 20))[0], 413)
        expect(collector.ask("GET", "/v1/records")[0], 405)
        expect(collector.ask("GET", "/../etc/passwd")[0], 404)
        expect(collector.post(lines(record(1))), taken(1, seq=1))


def test_reading_may_need_a_token(place):
    place.put("read.token", "0123456789abcdef-read\n")
    os.chmod(place.path("read.token"), 0o600)
    with Collector(place, read_token_file="read.token") as collector:
        expect(collector.ask("GET", "/v1/vantages")[0], 401)
        expect(collector.ask("GET", "/v1/vantages", token=TOKEN)[0], 401)
        expect(collector.ask("GET", "/v1/vantages", token="0123456789abcdef-read")[0], 200)
        password = "Basic YW55Ym9keTowMTIzNDU2Nzg5YWJjZGVmLXJlYWQ="
        expect(collector.ask("GET", "/v1/vantages", Authorization=password)[0], 200)
        expect(collector.ask("GET", "/healthz")[0], 200)


def test_old_records_are_forgotten_but_known(place):
    with Collector(place) as collector:
        expect(collector.post(lines(record(1, when=-8 * 86400), record(2))), taken(2, seq=2))
    with Collector(place) as collector:
        expect(collector.post(lines(record(1, when=-8 * 86400), record(2))), taken(0, 2, seq=2))
    rows = sqlite3.connect(place.path("c.db")).execute("SELECT seq FROM record").fetchall()
    expect(rows, [(2,)])


def test_vantages(place):
    with Collector(place) as collector:
        collector.post(lines(record(7)))
        vantages = collector.ask("GET", "/v1/vantages")[1]
        expect([v["name"] for v in vantages], ["fra1", "sgp1"])
        expect(vantages[0]["stored"], {"boot": "b1", "seq": 7})
        expect((vantages[0]["healthy"], vantages[0]["silent"]), (True, True))
        expect((vantages[1]["last"], vantages[1]["stored"]), (None, None))
        metrics = collector.ask("GET", "/metrics")[1]
        expect("blockwatch_records_taken_total 1\n" in metrics, True)


def block(seq, vantage, number, verdict, since, when):
    prefix = f"198.18.{number}.0/24"
    return {**{key: value for key, value in record(seq, vantage, when=when).items() if key in (
                "schema", "vantage", "boot", "seq", "time")},
            "type": "block", "target": "kp", "network": prefix, "block": prefix,
            "verdict": verdict, "belief": 0.99 if verdict == "up" else 0.01, "conditions": [],
            "reasons": [], "since": at(since), "round": 1, "sent": 1,
            "replies": int(verdict == "up"), "rtt_ms": None, "availability": 0.9,
            "silent_since": None}


def listen(seq, vantage, hours, round_s=3600.0):
    return [record(seq + n, vantage, when=3600 * (n - hours), round_s=round_s)
            for n in range(hours + 1)]


def story(vantage, dark):
    """Four blocks that are up; the first is dark for the last minutes to those that say so."""
    seq, records = 0, []
    for minute in range(-30, 1):
        for number in range(4):
            seq += 1
            is_dark = dark and number == 0 and minute >= -10
            records.append(block(seq, vantage, number, "dark" if is_dark else "up",
                                 -600 if is_dark else -1800, minute * 60 - 5 + number))
    return lines(*records)


def targets(collector, wanted):
    """The target, once it has this verdict."""
    def look():
        listed = collector.ask("GET", "/v1/targets")[1]
        return listed and listed[0]["verdict"] == wanted and listed[0]
    return wait_for(look)


def test_verdicts_are_merged(place):
    with Collector(place) as collector:
        collector.post(story("fra1", True))
        collector.post(story("sgp1", True), token=OTHER)
        target = targets(collector, "partly-dark")
        expect(target["blocks"], {"total": 4, "unknown": 0, "up": 3, "flapping": 0, "dark": 1})
        intervals = [i for i in collector.ask("GET", "/v1/targets/kp/timeline")[1]
                     if i["subject"] == "198.18.0.0/24" and i["scope"] == "block"]
        expect([i["verdict"] for i in intervals], ["unknown", "up", "dark"])
        for one, next_one in zip(intervals, intervals[1:]):
            expect(one["end"], next_one["start"])
        expect(collector.ask("GET", "/v1/targets/none")[0], 404)
        expect(collector.ask("GET", "/v1/targets/kp/timeline?from=x")[0], 400)
    with Collector(place) as collector:  # a restart forgets nothing
        targets(collector, "partly-dark")
        expect([i["verdict"] for i in collector.ask("GET", "/v1/targets/kp/timeline")[1]
                if i["subject"] == "198.18.0.0/24" and i["scope"] == "block"],
               ["unknown", "up", "dark"])


def test_a_vantage_is_summed_up_as_the_merge_is(place):
    """One network of 60 is no part of 5 %; three are."""
    def said():
        found = collector.ask("GET", "/v1/targets")[1][0]
        return [v["verdict"] for v in found["vantages"]], found["networks"]
    with Collector(place) as collector:
        for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
            expect(collector.post(lines(
                *listen(101, vantage, 2), *[block(1 + n, vantage, n, "up", -7200, -7100)
                                            for n in range(60)],
                block(61, vantage, 0, "dark", -600, -590)), token)[0], 200)
        wait_for(lambda: said()[1]["dark"] == 1)
        expect(said()[0], ["up", "up"])
        collector.post(lines(block(62, "fra1", 1, "dark", -500, -490),
                             block(63, "fra1", 2, "dark", -500, -490)))
        wait_for(lambda: said()[0] == ["partly-dark", "up"])
        # What was dark and is not known now is neither dark nor back.
        collector.post(lines(block(64, "fra1", 0, "unknown", -400, -390)))
        expect(said()[0], ["unknown", "up"])


def comeback(vantage, first):
    return lines(*[block(first + n, vantage, n, "up", -1 if n == 0 else -1800, -1)
                   for n in range(4)])


def test_outages_and_events(place):
    with Collector(place) as collector:
        stream = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
        stream.request("GET", "/v1/events", headers={"Accept": "text/event-stream"})
        lines_of_stream = stream.getresponse()
        collector.post(story("fra1", True))
        collector.post(story("sgp1", True), token=OTHER)
        targets(collector, "partly-dark")
        expect(lines_of_stream.readline(), b": blockwatch\n")
        collector.post(comeback("fra1", 1000))
        targets(collector, "up")
        events = wait_for(lambda: [e for e in collector.ask("GET", "/v1/events")[1]
                                   if e["to"] == "up"] and collector.ask("GET", "/v1/events")[1])
        expect([e["id"] for e in events], list(range(len(events), 0, -1)))
        told = [(e["scope"], e["from"], e["to"]) for e in reversed(events)]
        expect(sorted(told[:3]), [("block", "unknown", "dark"), ("network", "unknown", "dark"),
                                  ("target", "unknown", "partly-dark")])
        expect(sorted(told[3:]), [("block", "dark", "up"), ("network", "dark", "up"),
                                  ("target", "partly-dark", "up")])
        outages = collector.ask("GET", "/v1/outages?target=kp")[1]
        expect([(o["scope"], o["status"]) for o in outages],
               [("network", "over"), ("block", "over")])
        expect(590 < outages[1]["duration_s"] < 620, True)
        expect(outages[1]["revision"], 2)
        sent = [lines_of_stream.readline() for _ in range(4)]
        expect(sent[1][:4], b"id: ")
        expect(json.loads(sent[2][6:])["id"], int(sent[1][4:]))
        stream.close()
        newer = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
        newer.request("GET", "/v1/events", headers={"Accept": "text/event-stream",
                                                    "Last-Event-ID": "5"})
        resumed = newer.getresponse()
        expect([resumed.readline() for _ in range(3)][2], b"id: 6\n")
        newer.close()
    with Collector(place) as collector:  # nothing is told twice
        targets(collector, "up")
        expect(collector.ask("GET", "/v1/events?limit=1")[1][0]["id"], 6)
        expect(len(collector.ask("GET", "/v1/events?before=4&limit=2")[1]), 2)
        expect([o["revision"] for o in collector.ask("GET", "/v1/outages")[1]], [2, 2])


def test_a_stream_resumes_at_an_id(place):
    stream = {"Accept": "text/event-stream"}
    with Collector(place) as collector:
        collector.post(story("fra1", True))
        collector.post(story("sgp1", True), token=OTHER)
        wait_for(lambda: len(collector.ask("GET", "/v1/events")[1]) >= 3)
        for last in "abc", "-1", "1x", "", "0x1", "1" * 19:
            status, answer = collector.ask("GET", "/v1/events", Last_Event_ID=last, **stream)
            expect((status, answer["error"]), (400, "Last-Event-ID is the id of an event"))
        for last, first in (("0", b"id: 1\n"), ("1", b"id: 2\n"), (None, None)):
            there = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
            there.request("GET", "/v1/events", headers={
                **stream, **({"Last-Event-ID": last} if last else {})})
            answer = there.getresponse()
            expect([answer.readline(), answer.readline()], [b": blockwatch\n", b"\n"])
            if first:
                expect(answer.readline(), first)
            else:  # from now on
                collector.post(comeback("fra1", 1000))
                wait_for(lambda: len(collector.ask("GET", "/v1/events")[1]) >= 4)
                line = answer.readline()
                while not line.startswith(b"id: "):
                    line = answer.readline()
                expect(line, b"id: 4\n")
            there.close()


def test_long_requests_take_turns(place):
    """All of them are answered, and short ones in between."""
    def send(boot, count):
        answers.append(collector.post(lines(*[record(n, boot=boot) for n in range(1, count + 1)])))
    answers = []
    with Collector(place) as collector:
        senders = [threading.Thread(target=send, args=(f"b{n}", 1000 if n < 6 else 1))
                   for n in range(12)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        expect(sorted((status, answer["taken"]) for status, answer in answers),
               [(200, 1)] * 6 + [(200, 1000)] * 6)


def test_it_ends_while_requests_wait(place):
    """Nothing holds it up: who gets no answer sends again."""
    def send(boot):
        try:
            collector.post(lines(*[record(n, boot=boot) for n in range(1, 1001)]))
        except (OSError, http.client.HTTPException):
            pass
    with Collector(place) as collector:
        senders = [threading.Thread(target=send, args=(f"b{n}",)) for n in range(8)]
        for sender in senders:
            sender.start()
        collector.end(signal.SIGTERM)
        for sender in senders:
            sender.join()


def test_it_ends_with_streams_that_are_open(place):
    streams = []
    with Collector(place) as collector:
        for _ in range(3):
            stream = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
            stream.request("GET", "/v1/events", headers={"Accept": "text/event-stream"})
            expect(stream.getresponse().readline(), b": blockwatch\n")
            streams.append(stream)
        expect(collector.ask("HEAD", "/v1/events", Accept="text/event-stream")[0], 200)
    for stream in streams:
        stream.close()


def test_a_sum_lacks_the_quorum_of_its_blocks(place):
    """One of two networks that connect the vantages says dark: that is too few."""
    def subjects():
        answer = collector.ask("GET", "/v1/targets/kp")[1]
        return [(s["scope"], s["verdict"], s["reasons"]) for s in answer.get("subjects", ())]
    with Collector(place) as collector:
        collector.post(lines(*listen(101, "fra1", 2), block(1, "fra1", 0, "up", -7200, -7100),
                             block(2, "fra1", 0, "dark", -600, -590)))
        wait_for(lambda: [s for s in subjects() if s[2]])
        expect(subjects(), [("target", "unknown", ["quorum"]), ("network", "unknown", ["quorum"]),
                            ("block", "unknown", ["quorum"])])
        collector.post(lines(block(3, "fra1", 0, "up", -300, -290)))
        wait_for(lambda: not [s for s in subjects() if s[2]])
        expect(subjects(), [("target", "up", []), ("network", "up", []), ("block", "up", [])])


def test_one_answer_is_a_veto(place):
    with Collector(place) as collector:
        collector.post(story("fra1", True))
        collector.post(story("sgp1", False), token=OTHER)
        first = wait_for(lambda: [
            s for s in collector.ask("GET", "/v1/targets/kp")[1].get("subjects", ())
            if (s["scope"], s["subject"], s["verdict"]) == ("block", "198.18.0.0/24", "up")])
        expect(first[0]["conditions"], ["seen-from"])
        expect({s["vantage"]: s["verdict"] for s in first[0]["seen_from"]},
               {"fra1": "dark", "sgp1": "up"})


def test_check_config_says_what_cannot_work(place):
    place.put("c.txt", "this is no database at all\n")
    for changes, status, words in (
            ({"store": "sqlite:/nowhere/c.db"}, 69, "/nowhere/c.db: cannot open the database: "),
            ({"store": "sqlite:c.json/c.db"}, 69, "c.json/c.db"),
            ({"store": "sqlite:."}, 69, ".: cannot open the database"),
            ({"store": "sqlite:c.txt"}, 69, "c.txt: cannot be used as the collector's "
                                         "database: file is not a database"),
            ({"listen": "nowhere"}, 65, "c.json:1:"),
            ({"user": "nobody-has-this-name"}, 65, "nobody-has-this-name")):
        Collector(place, **changes)
        for more in ((), ("--check-config",)):
            if not more and "user" in changes and os.geteuid() != 0:
                continue
            run = place.run("collect", "--config", "c.json", *more)
            run.expect(status, "")
            expect((words in run.err, run.err.count("\n")), (True, 1))
    place.put("c.json", json.dumps({**CONFIG, "store": "sqlite:/nowhere/c.db"}))
    run = place.run("collect", "--config", "c.json", "--check-config")
    expect(run.err.endswith(": its folder does not exist\n"), True)


def test_a_database_of_another_user_is_noticed_at_once(place):
    if os.geteuid() != 0:
        return

    def refused(words, check=True):
        for more in ((), ("--check-config",))[:1 + check]:
            run = place.run("collect", "--config", "c.json", *more)
            run.expect(77, "")
            expect((words in run.err, "chown" in run.err, run.err.count("\n")), (True, True, 1))

    with Collector(place):
        pass
    os.chmod(place.folder, 0o755)
    Collector(place, user="65534")
    refused("c.json:1:")
    refused(": store: c.db: cannot open the database: the user 65534 of the collector may not "
            "write its folder")
    os.chown(place.folder, 65534, 65534)
    refused(": store: c.db: cannot open the database: the user 65534 of the collector may not "
            "write it")
    os.chown(place.path("c.db"), 65534, 65534)
    os.chown(place.path("c.db.lock"), 65534, 65534)
    place.run("collect", "--config", "c.json", "--check-config").expect(0)
    for name in "c.db-wal", "c.db-shm":  # what root has left behind
        place.put(name, "")
        os.chmod(place.path(name), 0o644)
    refused("c.db: cannot be written by the user 65534", check=False)


def test_check_config_says_what_holds(place):
    def check(**changes):
        Collector(place, **changes)
        run = place.run("collect", "--config", "c.json", "--check-config")
        run.expect(0)
        return run
    vantages = [{**vantage, "asn": 64496} for vantage in CONFIG["vantages"]]
    run = check()
    expect((run.err, "\nquorum: " in run.out), ("", False))
    words = ("warning: quorum: the vantages are behind 2 different networks, so 2 hold, not 3\n")
    run = check(quorum=3)
    expect(bool(re.fullmatch("blockwatch: c.json:1:[0-9]+: " + words, run.err)), True)
    expect("\nquorum: " in run.out, False)  # it is said once
    expect("quorum: the vantages are behind 1 different network, so 1 holds, not 2\n"
           in check(vantages=vantages).err, True)
    for listen in "127.0.0.2:80", "[::1]:80":
        expect(check(listen=listen).err, "")
    for listen in "0.0.0.0:80", "[::]:80", "192.0.2.1:80":
        run = check(listen=listen)
        expect((f": warning: listen: {listen} is not loopback" in run.err,
                run.err.startswith("blockwatch: c.json:1:"), run.err.count("\n")), (True, True, 1))
    expect(os.path.exists(place.path("c.db")), False)


def test_one_collector_a_database(place):
    with Collector(place):
        run = place.run("collect", "--config", "c.json")
        run.expect(69, "")
        expect("another collector uses the database" in run.err, True)


def test_a_stream_in_the_configuration(place):
    def check(nats, **changes):
        Collector(place, nats={"url": "nats://127.0.0.1:4222", **nats}, **changes)
        return place.run("collect", "--config", "c.json", "--check-config")
    bare = [{"name": "fra1"}, {"name": "sgp1"}]
    if "without libnats" in check({}).err:
        return
    run = check({}, vantages=bare).expect(0)
    expect("nats.durable                  collector\n" in run.out, True)
    Collector(place, vantages=bare)
    run = place.run("collect", "--config", "c.json").expect(65, "")
    expect("vantages[0].token_file: is required" in run.err, True)
    for nats, status, words in (
            ({"url": "http://127.0.0.1"}, 65, "must begin with nats:// or tls://"),
            ({"url": "nats://u:p@127.0.0.1"}, 65, "credentials_file"),
            ({"stream": "a.b"}, 65, "nats.stream: has a '.'"),
            ({"durable": "a.b"}, 65, "nats.durable: has a '.'"),
            ({"subject": "a.b"}, 65, "must be {vantage}"),
            ({"subject": "a.{vantage}.>"}, 65, "nats.subject: 'a.{vantage}.>' is no subject"),
            ({"client_key": "fra1.token"}, 65, "need each other"),
            ({"ca_file": "none.pem"}, 66, "none.pem"),
            ({"ca_file": "fra1.token"}, 65, "fra1.token: has no certificate: PEM is wanted"),
            ({"credentials_file": "fra1.token"}, 65, "fra1.token: has no credentials of NATS"),
            ({"queue": "x"}, 65, "nats.queue")):
        run = check(nats).expect(status, "")
        expect((words in run.err, run.err.count("\n"), run.err), (True, 1, run.err))
    run = check({}, vantages=[{"name": "a.b"}, {"name": "a_b"}]).expect(65, "")
    expect("have the same subject" in run.err, True)


def test_a_disk_with_room_again_is_noticed_without_a_request(place):
    with Collector(place) as collector:
        def limit(size):
            hard = resource.RLIM_INFINITY
            resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, (size, hard))
        body = lines(*[record(n) for n in range(1, 501)])
        limit(os.stat(place.path("c.db")).st_size)
        status, answer = collector.post(body)
        expect((status, "the database does not take it: " in answer["error"]), (503, True))
        expect(collector.ask("GET", "/healthz")[0], 503)
        said = wait_for(lambda: re.search("records cannot be stored: (.*)", place.get("log")))[1]
        right = r"c\.db: the database does not take it: \w[^;]*; their senders .*"
        if not re.fullmatch(right, said):
            raise Mismatch(f"it should tell place and cause: {said}")
        time.sleep(1.5)  # a trial does not fit either
        expect(collector.ask("GET", "/healthz")[0], 503)
        limit(resource.RLIM_INFINITY)
        wait_for(lambda: collector.ask("GET", "/healthz")[0] == 200)
        wait_for(lambda: "records are stored again" in place.get("log"))
        expect(collector.post(body), taken(500, seq=500))
        with sqlite3.connect(place.path("c.db")) as database:
            expect(database.execute("SELECT count(*) FROM message").fetchone(), (0,))


def test_a_lock_of_another_process_holds_nobody(place):
    with Collector(place) as collector:
        other = sqlite3.connect(place.path("c.db"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
        connection.request("POST", "/v1/records", lines(record(1)),
                           {"Authorization": "Bearer " + TOKEN})
        answer = connection.getresponse()
        expect((answer.status, answer.getheader("Retry-After"),
                "database is locked" in json.loads(answer.read())["error"]), (503, "1", True))
        expect(collector.ask("GET", "/healthz")[0], 200)
        other.execute("ROLLBACK")
        other.close()
        expect(collector.post(lines(record(1))), taken(1, seq=1))
        expect("cannot be stored" in place.get("log"), False)


def test_heads_that_others_read_in_another_way(place):
    body = lines(record(1))
    post = (b"POST /v1/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN.encode() +
            b"\r\n")
    length = b"Content-Length: %d\r\n" % len(body)
    with Collector(place) as collector:
        def send(text):
            with socket.create_connection(("127.0.0.1", collector.port), timeout=30) as peer:
                peer.sendall(text)
                answer = b""
                while part := peer.recv(65536):
                    answer += part
                return answer
        for head in (length + b"Content-Length: 0\r\n", length + length,
                     b"Content-Length: 0\r\n" + length,
                     length + b"Transfer-Encoding: chunked\r\n"):
            answer = send(post + head + b"\r\n" + body)
            expect((head, answer[:13], answer.count(b"HTTP/1.1 ")), (head, b"HTTP/1.1 400 ", 1))
        # Each comes at once: none waits for a body that follows.
        smuggled = b"GET /v1/targets HTTP/1.1\r\nHost: x\r\n\r\n"
        to_fra1 = b"X-Blockwatch-Vantage: fra1"
        for head in (b"Content-Length : %d\r\n" % len(body), b"Content-Length\t: 9\r\n",
                     b"Transfer-Encoding : chunked\r\n",
                     length + b"Transfer-Encoding : chunked\r\n",
                     length + b"Content-Length : 0\r\n", length + b"a b: c\r\n",
                     length + b": c\r\n", length + b"Content-Length\x0b: 0\r\n",
                     b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding:\r\n",
                     b"Transfer-Encoding: gzip, chunked\r\n",
                     b"Transfer-Encoding: chunked\0\r\n",
                     b"Transfer-Encoding:\r\n chunked\r\n",
                     b"Content-Length: 0\0\r\n", b"Content-Length: 0\x0043\r\n",
                     b"Content-Length: 0\r\n \r\n", b"Content-Length: 0\n\r\n",
                     length + b"a: b\rc: d\r\n", length + b"a: b\n",
                     length + to_fra1 + b"\0sgp1\r\n", length + to_fra1 + b"\0\r\n",
                     length + to_fra1 + b"\r\n" + to_fra1.replace(b"fra", b"sgp") + b"\r\n",
                     length + b"authorization: Bearer " + OTHER.encode() + b"\r\n",
                     length + b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\n",
                     length + b"host: y\r\n"):
            answer = send(post + head + b"\r\n" + smuggled)
            expect((head, answer[:13], answer.count(b"HTTP/1.1 ")), (head, b"HTTP/1.1 400 ", 1))
        chunked = post + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        for old, new in ((b"\r\nHost", b"\nHost"), (b"HTTP/1.1", b"HTTP/1.0"),
                         (b"POST ", b"POST\0 "), (TOKEN.encode(), TOKEN.encode() + b"\0x")):
            answer = send(chunked.replace(old, new))
            expect((new, answer[:9], answer[9:13]), (new, b"HTTP/1.1 ", b"400 "))
        expect(collector.ask("GET", "/v1/vantages")[1][0]["name"], "fra1")
        for path in (b"/v1/targets%00", b"/v1/targets x", b"/v1/outages?target=kp%00x",
                     b"/v1/targets\0x"):
            answer = send(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            expect((path, answer[:13]), (path, b"HTTP/1.1 400 "))
        expect(send(post + length + b"Connection: close\r\n\r\n" + body)[:13], b"HTTP/1.1 200 ")


def test_too_large_a_body_is_not_read_to_its_end(place):
    head = (b"POST /v1/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN.encode() +
            b"\r\n")
    piece = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
    with Collector(place) as collector:
        def send(text, pieces=0):
            """The status of the answer, b"" for none, and how many pieces could be sent."""
            with socket.create_connection(("127.0.0.1", collector.port), timeout=30) as peer:
                sent = 0
                try:
                    peer.sendall(text)
                    while sent < pieces:
                        peer.sendall(piece)
                        sent += 1
                    if pieces:
                        peer.sendall(b"0\r\n\r\n")
                    return peer.recv(12)[9:], sent
                except ConnectionError:
                    return b"", sent
        chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
        expect(send(chunked, 17 << 4), (b"413", 17 << 4))
        status, sent = send(chunked, 150 << 4)
        expect((status, sent < 60 << 4), (b"", True))  # some is in the buffers of the sockets
        for length, more, status in ((1 << 40, b"", b"413"), (17 << 20, b"", b""),
                                     (17 << 20, b"Expect: 100-continue\r\n", b"413"),
                                     (1000, b"Expect: 100-continue\r\n", b"100")):
            with socket.create_connection(("127.0.0.1", collector.port), timeout=30) as peer:
                peer.sendall(head + b"Content-Length: %d\r\n" % length + more + b"\r\n")
                if status:
                    expect((length, peer.recv(12)[9:]), (length, status))
        expect(send(head.replace(TOKEN.encode(), b"x") + b"Content-Length: 99999999\r\n\r\n")[0],
               b"401")
        expect(collector.post(lines(record(1)))[0], 200)


def test_bad_configuration(place):
    Collector(place)
    place.run("collect").expect(64)
    place.run("collect", "--config", "none.json").expect(66)
    place.run("collect", "--config", "c.json", "--check-config").expect(0)
    for changes, status, words in (
            ({"listen": "nowhere"}, 65, "c.json:1:"),
            ({"store": "mysql:x"}, 65, "sqlite:PATH"),
            ({"store": "sqlite:"}, 65, "store: the path is missing: give \"sqlite:PATH\""),
            ({"store": "sqlite:/nowhere/c.db"}, 69, "c.json:1:"),
            ({"vantages": [{"name": "fra1", "token_file": "none"}]}, 66, "vantages[0].token_file"),
            ({"store": "sqlite:/nowhere/c.db"}, 69, "/nowhere/c.db"),
            ({"quorums": 1}, 65, "quorums")):
        Collector(place, **changes)
        run = place.run("collect", "--config", "c.json")
        run.expect(status, "")
        if words not in run.err or run.err.count("\n") != 1:
            raise Mismatch(f"{run.err!r} should be one line with {words!r}")
    Collector(place, read_token_file="sgp1.token")
    run = place.run("collect", "--config", "c.json", "--check-config")
    run.expect(65, "")
    expect("read_token_file: the token is that of \"sgp1\"" in run.err, True)
    place.put("sgp1.token", TOKEN)
    place.put("c.json", json.dumps(CONFIG))
    place.run("collect", "--config", "c.json", "--check-config").expect(65)


def test_what_is_old_is_forgotten(place):
    """Outages of 60 days, of which a collector that is started again keeps 30."""
    day = 86400

    def outages(collector):
        return sorted((o["scope"], o["subject"], o["start"], o["status"])
                      for o in collector.ask("GET", "/v1/outages")[1])

    with Collector(place) as collector:
        for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
            expect(collector.post(lines(*listen(1, vantage, 62 * 24), *[
                block(2000 + n, vantage, number, verdict, since * day, since * day + 60)
                for n, (number, verdict, since) in enumerate((
                    (0, "up", -61), (1, "up", -61), (0, "dark", -50), (0, "up", -49),
                    (1, "dark", -45), (0, "dark", -10), (0, "up", -9)))]),
                token)[1]["refused"], [])
        wait_for(lambda: len(outages(collector)) == 7)
        events = collector.ask("GET", "/v1/events")[1]
        kept = [o for o in outages(collector) if o[2] > at(-30 * day) or o[3] == "open"]
        expect(len(kept), 5)
    with Collector(place, retention={"intervals": "30d"}) as collector:
        wait_for(lambda: len(outages(collector)) == 5)
        expect(outages(collector), kept)
        # All events were told just now.
        expect(collector.ask("GET", "/v1/events")[1], events)
    for wrong in "1h", "7 days", "ever", "", 7, None, "-1d", "99999999d":
        place.put("c.json", json.dumps({**CONFIG, "retention": {"intervals": wrong}}))
        run = place.run("collect", "--config", "c.json", "--check-config")
        run.expect(65)
        expect(("c.json:1" in run.err, "intervals" in run.err, run.err.count("\n")),
               (True, True, 1))
        expect(not isinstance(wrong, str) or not wrong or "forever" in run.err, True)
    place.put("c.json", json.dumps({**CONFIG, "retention": {"intervals": "400d"}}))
    run = place.run("collect", "--config", "c.json", "--check-config")
    run.expect(0)
    expect(re.search(r"intervals +400 d", run.out) is not None, True)


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
