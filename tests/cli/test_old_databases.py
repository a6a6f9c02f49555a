#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A collector opens the databases of earlier versions, and what they have is served as it was."""
import json
import sqlite3
from datetime import datetime, timezone

from cli import main
from test_collect import OTHER, TOKEN, Collector, block, expect, lines, taken

T0 = 1793491200  # 2026-11-01
NS = 10 ** 9
UP, DARK = 1, 3
FIRST_ID = 5
EVENT = {"id": 3, "target": "kp", "text": "as it was told"}

# The schemas as these versions made them.
COMMON = """
CREATE TABLE vantage (name TEXT PRIMARY KEY, boot TEXT, seq INTEGER, last INTEGER,
  clock_offset INTEGER, round REAL, healthy INTEGER) WITHOUT ROWID;
CREATE TABLE boot (id INTEGER PRIMARY KEY, vantage TEXT NOT NULL, name TEXT NOT NULL,
  UNIQUE (vantage, name));
CREATE TABLE record (boot INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,
  type INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (boot, seq)) WITHOUT ROWID;
CREATE INDEX record_time ON record (time);
CREATE TABLE seen (boot INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (boot, first)) WITHOUT ROWID;
CREATE TABLE target (name TEXT PRIMARY KEY, title TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outage (id INTEGER PRIMARY KEY, target TEXT NOT NULL,
  scope INTEGER NOT NULL, subject TEXT NOT NULL, start INTEGER NOT NULL,
  earliest INTEGER NOT NULL, end INTEGER NOT NULL, end_earliest INTEGER NOT NULL,
  returns TEXT NOT NULL, revision INTEGER NOT NULL, withdrawn INTEGER NOT NULL);
CREATE TABLE event (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE told (target TEXT NOT NULL, scope INTEGER NOT NULL, subject TEXT NOT NULL,
  verdict INTEGER NOT NULL, event INTEGER NOT NULL DEFAULT 0, outage INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (target, scope, subject)) WITHOUT ROWID;
CREATE TABLE message (number INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL,
  topic TEXT NOT NULL, key TEXT NOT NULL, time INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX message_webhook ON message (webhook, number);
CREATE TABLE webhook_told (webhook TEXT NOT NULL, topic TEXT NOT NULL,
  value INTEGER NOT NULL, PRIMARY KEY (webhook, topic)) WITHOUT ROWID;
"""
UNTIL_4 = """
CREATE TABLE heard (vantage TEXT NOT NULL, start INTEGER NOT NULL,
  until INTEGER NOT NULL, healthy INTEGER NOT NULL, PRIMARY KEY (vantage, start)) WITHOUT ROWID;
CREATE TABLE claim (vantage TEXT NOT NULL, target TEXT NOT NULL, network TEXT NOT NULL,
  block TEXT NOT NULL, since INTEGER NOT NULL, verdict INTEGER NOT NULL,
  said INTEGER NOT NULL, earliest INTEGER NOT NULL,
  PRIMARY KEY (vantage, target, block, since, verdict)) WITHOUT ROWID;
"""
FROM_5 = """
CREATE TABLE block (target TEXT NOT NULL, block TEXT NOT NULL, network TEXT NOT NULL,
  said INTEGER NOT NULL, PRIMARY KEY (target, block)) WITHOUT ROWID;
CREATE TABLE claim (vantage TEXT NOT NULL, target TEXT NOT NULL, block TEXT NOT NULL,
  bucket INTEGER NOT NULL, verdict INTEGER NOT NULL, since INTEGER NOT NULL,
  said INTEGER NOT NULL, earliest INTEGER NOT NULL,
  PRIMARY KEY (vantage, target, block, bucket, verdict)) WITHOUT ROWID;
CREATE TABLE health (vantage TEXT NOT NULL, time INTEGER NOT NULL,
  healthy INTEGER NOT NULL, PRIMARY KEY (vantage, time)) WITHOUT ROWID;
CREATE TABLE heard (vantage TEXT NOT NULL, start INTEGER NOT NULL,
  until INTEGER NOT NULL, PRIMARY KEY (vantage, start)) WITHOUT ROWID;
CREATE TABLE upstream (vantage TEXT NOT NULL, start INTEGER NOT NULL,
  asn INTEGER NOT NULL, PRIMARY KEY (vantage, start)) WITHOUT ROWID;
CREATE TABLE term (start INTEGER PRIMARY KEY, quorum INTEGER NOT NULL);
"""
FROM_6 = """
ALTER TABLE outage ADD COLUMN onset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outage ADD COLUMN path TEXT;
CREATE TABLE dark_event (vantage TEXT NOT NULL, target TEXT NOT NULL,
  scope INTEGER NOT NULL, subject TEXT NOT NULL, boot TEXT NOT NULL,
  seq INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL,
  onset INTEGER NOT NULL, path TEXT, path_rank INTEGER NOT NULL,
  PRIMARY KEY (vantage, target, scope, subject)) WITHOUT ROWID;
"""
FROM_7 = """
CREATE TABLE hourly_part (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE hourly_series (id INTEGER PRIMARY KEY, target TEXT NOT NULL,
  scope INTEGER NOT NULL, subject TEXT NOT NULL, vantage TEXT NOT NULL,
  UNIQUE (target, scope, subject, vantage));
CREATE TABLE hourly_day (day INTEGER NOT NULL, series INTEGER NOT NULL,
  hours BLOB NOT NULL, PRIMARY KEY (day, series)) WITHOUT ROWID;
"""
SCHEMAS = {4: COMMON + UNTIL_4, 5: COMMON + FROM_5, 6: COMMON + FROM_5 + FROM_6,
           7: COMMON + FROM_5 + FROM_6 + FROM_7}


def at_ns(seconds):
    return (T0 + seconds) * NS


def put_claims(db, version, vantage):
    """Up for an hour, dark for half an hour, up again."""
    for since, verdict in (0, UP), (3600, DARK), (5400, UP):
        common = (at_ns(since), at_ns(since + 20), at_ns(since) - 30 * NS * (since > 0))
        if version < 5:
            db.execute("INSERT INTO claim (vantage, target, network, block, since, said, earliest, "
                       "verdict) VALUES (?, 'kp', '198.18.0.0/23', '198.18.0.0/24', ?, ?, ?, ?)",
                       (vantage, *common, verdict))
        else:
            db.execute("INSERT INTO claim (vantage, target, block, bucket, since, said, earliest, "
                       "verdict) VALUES (?, 'kp', '198.18.0.0/24', ?, ?, ?, ?, ?)",
                       (vantage, at_ns(since) // 10 ** 6, *common, verdict))


def put_vantage(db, version, number, vantage):
    db.execute("INSERT INTO vantage VALUES (?, 'b1', 20, ?, 5, 60.0, 1)", (vantage, at_ns(7200)))
    db.execute("INSERT INTO boot VALUES (?, ?, 'b1')", (number, vantage))
    db.execute("INSERT INTO seen VALUES (?, 1, 20)", (number,))
    put_claims(db, version, vantage)
    if version < 5:
        db.execute("INSERT INTO heard VALUES (?, ?, ?, 1)", (vantage, at_ns(0), at_ns(7200)))
        return
    db.execute("INSERT INTO heard VALUES (?, ?, ?)", (vantage, at_ns(0), at_ns(7200 + 180)))
    db.execute("INSERT INTO health VALUES (?, ?, 1)", (vantage, at_ns(0)))
    db.execute("INSERT INTO upstream VALUES (?, 0, ?)", (vantage, {1: 64496, 2: 0}[number]))


def make(path, version):
    db = sqlite3.connect(path)
    db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA user_version = {version};" +
                     SCHEMAS[version])
    for number, vantage in (1, "fra1"), (2, "sgp1"):
        put_vantage(db, version, number, vantage)
    if version >= 5:
        db.execute("INSERT INTO term VALUES (0, 2)")
        db.execute("INSERT INTO block VALUES ('kp', '198.18.0.0/24', '198.18.0.0/23', ?)",
                   (at_ns(20),))
    db.execute("INSERT INTO target VALUES ('kp', 'North Korea')")
    for n, subject in enumerate(("198.18.0.0/24", "198.18.0.0/23", "kp")):
        db.execute("INSERT INTO outage (id, target, scope, subject, start, earliest, end, "
                   "end_earliest, returns, revision, withdrawn) "
                   "VALUES (?, 'kp', ?, ?, ?, ?, ?, ?, '', 2, 0)",
                   (FIRST_ID + n, n, subject, at_ns(3600), at_ns(3570), at_ns(5400), at_ns(5370)))
        db.execute("INSERT INTO told VALUES ('kp', ?, ?, ?, 3, ?)", (n, subject, UP, 0))
    db.execute("INSERT INTO event VALUES (3, ?, ?)", (at_ns(5420), json.dumps(EVENT)))
    db.execute("INSERT INTO message (webhook, topic, key, time, text) "
               "VALUES ('https://gone.example/', 'kp', '3', ?, '{}')", (at_ns(5420),))
    db.commit()
    db.close()


def check_history(collector):
    timeline = collector.ask(
        "GET", f"/v1/targets/kp/timeline?from={T0}&until={T0 + 7200}")[1]
    expect([(i["scope"], i["subject"], i["verdict"], time_of(i["start"]), time_of(i["end"]))
            for i in timeline],
           [(scope, subject, *interval) for scope, subject in (
               ("target", "kp"), ("network", "198.18.0.0/23"), ("block", "198.18.0.0/24"))
            for interval in (("up", 0, 3600), ("dark", 3600, 5400), ("up", 5400, 7200))])
    outages = collector.ask("GET", "/v1/outages")[1]
    expect([(o["id"], o["scope"], o["status"], o["revision"], o["duration_s"], o["uncertainty_s"],
             o["vantages"], o["onset"], o["path"]) for o in outages],
           [(FIRST_ID + n, scope, "over", 2, 1800, 30, ["fra1", "sgp1"], "unknown", None)
            for n, scope in enumerate(("block", "network", "target"))])
    expect(collector.ask("GET", "/v1/events")[1], [EVENT])
    target, = collector.ask("GET", "/v1/targets")[1]
    expect((target["title"], target["verdict"]), ("North Korea", "unknown"))


def time_of(text):
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(
        timezone.utc).timestamp() - T0)


def test_each_version_is_brought_up_to_date(place):
    for version in SCHEMAS:
        path = place.path(f"{version}.db")
        make(path, version)
        for turn in range(2):
            with Collector(place, store=f"sqlite:{version}.db") as collector:
                check_history(collector)
                # It knows what was taken, and takes what is new.
                for vantage, token in ("fra1", TOKEN), ("sgp1", OTHER):
                    old = block(20, vantage, 0, "up", -7200, -60)
                    expect(collector.post(lines(old), token), taken(0, 1, seq=20))
                if turn == 0:
                    continue
                expect(collector.post(lines(block(21, "fra1", 0, "up", -7200, -60)))[1]["taken"], 1)
                expect([h["rounds"] for h in collector.ask("GET", "/v1/targets/kp/sums")[1]], [1])
        db = sqlite3.connect(path)
        # What waits for a webhook that the configuration does not have is forgotten at the start.
        expect(db.execute("SELECT webhook, text FROM message").fetchall(), [])
        expect(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        db.close()


def test_a_later_version_is_refused(place):
    db = sqlite3.connect(place.path("c.db"))
    db.execute("PRAGMA user_version = 9999")
    db.close()
    Collector(place)
    run = place.run("collect", "--config", "c.json")
    run.expect(69)
    expect(("is of schema version 9999" in run.err, run.err.count("\n")), (True, 1))


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
