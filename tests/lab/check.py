# SPDX-License-Identifier: Apache-2.0
"""`blockwatch check` in a lab, and the records that it prints."""
import concurrent.futures
import datetime
import json
import re

from lab import PATIENCE, finish

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
COMMON = ("schema", "type", "vantage", "boot", "seq", "time")
FIELDS = {
    "block": ("target", "network", "block", "verdict", "belief", "conditions", "reasons", "since",
              "round", "sent", "replies", "rtt_ms", "availability"),
    "target": ("target", "title", "verdict", "networks", "blocks", "since", "round"),
    "vantage": ("healthy", "reasons", "ways", "sent", "received", "capture_dropped", "send_errors",
                "rejected", "version"),
}
WAITERS = concurrent.futures.ThreadPoolExecutor(128)


class Check:
    """One run of `check --json --allow-reserved --no-state ARGUMENTS` in a node; with STATE without
    --no-state, so that checks remember what others learned.

    A thread waits for its end, so that many can run side by side.
    """

    def __init__(self, node, blockwatch, *arguments, reserved=True, state=False, **options):
        self.arguments = arguments
        self.began = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        allow = ["--allow-reserved"] if reserved else []
        if not state:
            allow.append("--no-state")
        self.process = node.start(blockwatch, "check", "--json", *allow, *arguments, **options)
        self.future = WAITERS.submit(finish, self.process, PATIENCE)
        self.finished = None
        self.records = []
        self.broken = []

    def finish(self):
        """Waits for the end and reads the records; returns itself."""
        self.finished = self.future.result()
        for line in self.finished.stdout.splitlines():
            try:
                self.records.append(json.loads(line))
            except ValueError:
                self.broken.append(line)
        return self

    code = property(lambda self: self.finished.code)
    seconds = property(lambda self: self.finished.seconds)
    stderr = property(lambda self: self.finished.stderr)

    def of_type(self, kind):
        return [record for record in self.records if record.get("type") == kind]

    @property
    def blocks(self):
        """The last record of each block, by its prefix."""
        return {record["block"]: record for record in self.of_type("block")}

    @property
    def target(self):
        """The last target record."""
        return (self.of_type("target") or [{}])[-1]

    @property
    def vantage(self):
        """The last vantage record."""
        return (self.of_type("vantage") or [{}])[-1]

    def verdicts(self):
        """The verdict of each block, by its prefix."""
        return {prefix: record["verdict"] for prefix, record in self.blocks.items()}

    def reasons(self):
        """Every reason that a block or the vantage gives."""
        found = set(self.vantage.get("reasons", ()))
        for record in self.blocks.values():
            found.update(record["reasons"])
        return found

    def story(self):
        """All output, for the report of a failure."""
        return (f"check {' '.join(map(str, self.arguments))}: exit {self.code} after "
                f"{self.seconds:.2f} s\n{self.finished.stdout}{self.stderr}")


def expect(tap, check, code, verdicts, what):
    """Tests that the check ended with CODE and gave exactly these verdicts."""
    tap.equal(check.code, code, f"{what}: exit {code}", check.story())
    tap.equal(check.verdicts(), verdicts, f"{what}: verdicts", check.story())


def flaws(check):
    """Errors in the form of the records (README: Records), as a list of messages."""
    found = [f"no JSON: {line}" for line in check.broken]
    if not check.records:
        return found + ["no records"]
    for number, record in enumerate(check.records, 1):
        kind = record.get("type")
        missing = [key for key in COMMON + FIELDS.get(kind, ()) if key not in record]
        if missing:
            found.append(f"record {number} ({kind}) has no {', '.join(missing)}")
            continue
        if kind not in FIELDS:
            found.append(f"record {number} has the type {kind}")
        if record["seq"] != number:
            found.append(f"record {number} has seq {record['seq']}")
        if record["schema"] != "blockwatch/record/1":
            found.append(f"record {number} has schema {record['schema']}")
        for key in ("time", "since"):
            if not TIME.fullmatch(record.get(key, record["time"])):
                found.append(f"record {number} has {key} {record[key]}")
        if record.get("since", check.began) < check.began:
            found.append(f"record {number} is since {record['since']}, before it was looked at")
    for key in ("vantage", "boot"):
        if len({record.get(key) for record in check.records}) != 1:
            found.append(f"several values of {key}")
    for kind in FIELDS:
        if not check.of_type(kind):
            found.append(f"no record of type {kind}")
    return found
