# SPDX-License-Identifier: Apache-2.0
"""A collector that consumes a stream, and what its database holds."""
import json
import re
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

import cli
import spool as spools
from setting import wait_for


class Collector:
    """Started in PLACE, ended by its pid. Several of them have different names."""

    def __init__(self, place, url, name="c", vantages=("v1",), store=None, starts=True, **nats):
        self.place, self.name, self.process, self.port = place, name, None, None
        place.put(f"{name}.collector.json", json.dumps({
            "listen": "127.0.0.1:0", "store": store or f"sqlite:{name}.db",
            "vantages": [{"name": vantage} for vantage in vantages],
            "retention": {"records": "3660d"}, "nats": {"url": url, **nats}}))
        if starts:
            self.start()

    def start(self):
        self.place.put(f"{self.name}.log", "")
        with open(self.place.path(f"{self.name}.log"), "ab") as log:
            self.process = subprocess.Popen(
                [self.place.program, "collect", "--config", f"{self.name}.collector.json"],
                cwd=self.place.folder, env=self.place.environment, stdin=subprocess.DEVNULL,
                stderr=log)
        wait_for(lambda: re.search(r"port \d+", self.log()) or self.process.poll() is not None,
                 "the collector")
        found = re.search(r"port (\d+)", self.log())
        if not found:
            raise cli.Mismatch(self.log())
        self.port = int(found[1])

    def log(self):
        return self.place.get(f"{self.name}.log")

    def rows(self):
        """(boot, seq) of all records."""
        database = sqlite3.connect(self.place.path(f"{self.name}.db"), timeout=30)
        try:
            return database.execute("SELECT boot.name, record.seq FROM record "
                                    "JOIN boot ON boot.id = record.boot").fetchall()
        finally:
            database.close()

    def wait_for(self, count, seconds=60):
        """Until it holds COUNT records; it is asked seldom, because that costs as much."""
        def enough():
            time.sleep(0.1)
            return database.execute("SELECT count(*) FROM record").fetchone()[0] >= count
        database = sqlite3.connect(self.place.path(f"{self.name}.db"), timeout=30)
        try:
            wait_for(enough, f"{count} records", seconds)
        finally:
            database.close()

    def expect_once(self, keys):
        """These records and no others come within a while."""
        self.wait_for(len(keys))
        rows = self.rows()
        cli.equal(len(rows), len(keys), "records")
        cli.equal(sorted(set(keys) - set(rows))[:10], [], "lost records")

    def get(self, path):
        try:
            url = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def metric(self, name):
        return float(re.search(rf"^blockwatch_{name} (\S+)$", self.get("/metrics"), re.M)[1])

    def end(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            status = self.process.wait(10)
            cli.holds(how != signal.SIGTERM or status == 0, f"it ends with {status}")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.end(signal.SIGKILL)


EVENT = (',"target":"kp","scope":"block","subject":"198.18.%d.0/24","from":"up","to":"dark",'
         '"detected":"%s","change":{"earliest":"%s","latest":"%s"},"confidence":1,'
         '"status":"confirmed","onset":"unknown","outage":null,"parts":null,"unusual":null,'
         '"path":null}\n')


def whole(seq, boot="b1", vantage="v1"):
    """A line that the collector takes: blocks, and in a hundred an event."""
    kind = "event" if seq % 100 == 0 else "block"
    text = spools.line(kind, boot, seq).replace('"vantage":"v1"', f'"vantage":"{vantage}"')
    text = text.replace("2026-11-30T", "2026-11-01T")
    if kind == "event":
        at = json.loads(text)["time"]
        text = text[:text.index(',"target"')] + EVENT % (seq % 256, at, at, at)
    return text


def fill(spool, count, first=1, boot="b1"):
    """Appends COUNT such lines as a new segment. Returns their (boot, seq)."""
    spool.append("".join(whole(seq, boot) for seq in range(first, first + count)))
    spool.segment += 1
    return [(boot, seq) for seq in range(first, first + count)]
