#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The collector over PostgreSQL.

usage: test_postgresql.py COLLECTOR UNIT_TESTS [--long]
"""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "cli"))

import server  # noqa: E402
import test_collect  # noqa: E402
from test_collect import lines  # noqa: E402

TOKEN = "0123456789abcdef-fra1"
SECRETS = ("s3cret", server.PASSWORD)


def block(seq, verdict="up", when=-60):
    """One of two blocks of a network."""
    return {**test_collect.block(seq, "fra1", seq % 2, verdict, when - 30, when),
            "network": "198.18.0.0/23"}


class Collector:
    def __init__(self, program, folder, store, name="c.json", **more):
        self.program, self.folder, self.config = program, folder, name
        self.process = self.port = None
        self.log = os.path.join(folder, name + ".log")
        with open(os.path.join(folder, "t"), "w", encoding="ascii") as file:
            file.write(TOKEN + "\n")
        os.chmod(os.path.join(folder, "t"), 0o600)
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump({"listen": "127.0.0.1:0", "store": store, "quorum": 1,
                       "vantages": [{"name": "fra1", "token_file": "t", "asn": 64496}],
                       **more}, file)

    def run(self, *options):
        return subprocess.run([self.program, "--config", self.config, *options], cwd=self.folder,
                              capture_output=True, text=True, timeout=60, check=False)

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.program, "--config", self.config],
                                            cwd=self.folder, stderr=log)
        for _ in range(1000):
            found = re.search(r"port (\d+)", self.said())
            if found:
                self.port = int(found[1])
                return self
            assert self.process.poll() is None, self.said()
            time.sleep(0.02)
        raise AssertionError("it does not start: " + self.said())

    def said(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def ask(self, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST" if body else "GET", path, body,
                           {"Authorization": "Bearer " + TOKEN})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def post(self, *records):
        return self.ask("/v1/records", lines(*records))

    def end(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)


def until(look, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come in time")


def check_store(place):
    """The tests of the store run over PostgreSQL as over SQLite."""
    names = ["store", "store_conditions", "hourly", "side_by_side"]
    for name in names + (["restart", "retention"] if place.long else []):
        result = subprocess.run([os.path.join(place.units, "test_sys_" + name)],
                                env={**os.environ, "BW_TEST_POSTGRESQL": place.server.url()},
                                capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr


def check_secrets(place):
    """No output has the password in it, whatever is wrong."""
    for store in (place.url, place.url + "?sslmode=disable", place.url.replace("@", "%zz@"),
                  place.url.replace("postgresql:", "postgressql:"),
                  f"postgresql:///x?host=127.0.0.1&password={server.PASSWORD}",
                  place.url.replace("127.0.0.1:", "127.0.0.1:99")):
        collector = Collector(place.collector, place.folder, store, "s.json")
        for options in (["--check-config"], ["--backup", "x"], []):
            if not options and store in (place.url, place.url + "?sslmode=disable"):
                continue
            result = collector.run(*options)
            for secret in SECRETS:
                assert secret not in result.stdout + result.stderr, result.stdout + result.stderr
            assert result.returncode != 0 or "--check-config" in options, result.stdout
    wrong = Collector(place.collector, place.folder,
                      place.url.replace(server.PASSWORD, "wr0ngpass"), "s.json").run()
    assert wrong.returncode == 69 and "authentication failed" in wrong.stderr, wrong.stderr
    assert "wr0ngpass" not in wrong.stderr, wrong.stderr


def check_takes(place):
    """Records are taken once; days are partitions; blocks are cidr."""
    collector = Collector(place.collector, place.folder, place.url).start()
    try:
        status, answer = collector.post(*[block(n) for n in range(1, 101)])
        assert (status, answer["taken"], answer["known"]) == (200, 100, 0), answer
        status, answer = collector.post(*[block(n) for n in range(51, 151)])
        assert (status, answer["taken"], answer["known"]) == (200, 50, 50), answer
        assert place.server.sql("SELECT count(*) FROM record") == "150"
        assert place.server.sql("SELECT count(*) FROM block WHERE block << '198.18.0.0/23' "
                                "AND network = '198.18.0.0/23'") == "2"
        assert place.server.sql("SELECT count(*) FROM record_old") == "0"
        until(lambda: collector.ask("/v1/targets/kp")[1].get("verdict") == "up")
    finally:
        collector.end()
    collector.start()
    try:
        assert collector.post(*[block(n) for n in range(1, 151)])[1]["known"] == 150
        assert collector.ask("/v1/targets/kp")[1]["blocks"]["up"] == 2
    finally:
        collector.end()


# Takes back what each version of the schema added, the last one first.
UNDO = ("DROP TABLE repeats; ALTER TABLE boot DROP COLUMN doubled",
        "ALTER TABLE boot DROP COLUMN ignored",
        "DROP TABLE kept",
        "ALTER TABLE collector DROP COLUMN agreement",
        "ALTER TABLE collector DROP COLUMN position, ADD COLUMN epoch bigint NOT NULL DEFAULT 0; "
        "DROP TABLE admission; ALTER TABLE outage DROP COLUMN written; "
        "DROP SEQUENCE outage_written",
        "ALTER TABLE boot DROP COLUMN first_time, DROP COLUMN last_time; DROP TABLE condition",
        "DROP TABLE hourly_part, hourly_series, hourly_day")


def check_old(place):
    """A database of each earlier version is brought up to date, and has what it had."""
    collector = Collector(place.collector, place.folder, place.url).start()
    try:
        assert collector.post(*[block(n) for n in range(1, 21)])[1]["taken"] == 20
        until(lambda: collector.ask("/v1/targets/kp")[1].get("verdict") == "up")
    finally:
        collector.end()
    version = place.server.sql("SELECT version FROM collector")
    assert version == str(1 + len(UNDO)), "a version of the schema has no line in UNDO"
    for steps in range(1, len(UNDO) + 1):
        for undo in UNDO[:steps]:
            place.server.sql(undo)
        place.server.sql(f"UPDATE collector SET version = {int(version) - steps}")
        collector.start()
        try:
            assert place.server.sql("SELECT version FROM collector") == version
            assert collector.post(*[block(n) for n in range(1, 21)])[1]["known"] == 20
            assert collector.post(block(100 + steps))[1]["taken"] == 1
            assert collector.ask("/v1/targets/kp")[1]["blocks"]["up"] == 2
            assert len(collector.ask("/v1/targets/kp/sums")[1]) >= 1
        finally:
            collector.end()


def check_lost(place):
    """A server that crashes and comes back: what was answered 200 is there, once."""
    collector = Collector(place.collector, place.folder, place.url).start()
    taken = []
    try:
        assert collector.post(block(1001))[0] == 200
        taken.append(1001)
        place.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE application_name = 'blockwatch-collector'")
        until(lambda: collector.post(block(1002))[0] == 200)
        taken.append(1002)
        place.server.stop(signal.SIGQUIT)
        for seq in range(1003, 1010):
            assert collector.post(block(seq))[0] == 503
        assert collector.ask("/healthz")[0] == 503
        assert collector.ask("/v1/targets/kp")[0] == 200
        place.server.start()
        until(lambda: collector.ask("/healthz")[0] == 200)
        assert collector.post(*[block(n) for n in range(1001, 1010)])[0] == 200
        assert place.server.sql("SELECT count(*), min(seq), max(seq) FROM record "
                                "WHERE seq > 1000") == "9|1001|1009"
        for secret in SECRETS:
            assert secret not in collector.said(), collector.said()
    finally:
        collector.end()


def check_idle(place):
    """A server that ends and comes back while nobody asks: the collector connects by itself."""
    collector = Collector(place.collector, place.folder, place.url).start()
    try:
        assert collector.post(block(2001))[0] == 200
        until(lambda: collector.ask("/v1/targets/kp")[1].get("verdict") == "up")
        time.sleep(0.5)  # nothing is left to be written
        place.server.stop(signal.SIGQUIT)
        line = until(lambda: re.search(r"records cannot be stored: (.*)", collector.said()))[1]
        assert f"postgresql://127.0.0.1:{place.server.port}/postgres: the database" in line, line
        assert re.search(r"made anew: \w.*; their senders keep", line), line
        status, answer = collector.post(block(2002))
        assert status == 503 and re.search(r"anew: .*\w$", answer["error"]), answer
        place.server.start()
        until(lambda: "records are stored again" in collector.said(), 30)
        assert collector.post(block(2002))[0] == 200
        assert place.server.sql("SELECT count(*) FROM message") == "0"
        for secret in SECRETS:
            assert secret not in collector.said(), collector.said()
    finally:
        collector.end()


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.collector, self.units = (os.path.abspath(a) for a in sys.argv[1:3])
        self.long = "--long" in sys.argv
        self.server = server.Server()
        self.url = self.server.url()


def main():
    checks = [check_store, check_secrets, check_takes, check_old, check_lost, check_idle]
    if not server.programs():
        print("1..0 # SKIP there is no PostgreSQL server")
        return
    print(f"1..{len(checks)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="blockwatch-db-") as folder:
        place = Place(folder)
        try:
            place.server.start()
            for number, check in enumerate(checks, 1):
                try:
                    check(place)
                    print(f"ok {number} - {check.__doc__}", flush=True)
                except (AssertionError, OSError, subprocess.SubprocessError) as error:
                    print(f"not ok {number} - {check.__doc__}", flush=True)
                    print("# " + repr(error)[:2000].replace("\n", "\n# "), flush=True)
                place.server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        finally:
            place.server.close()


if __name__ == "__main__":
    main()
