# SPDX-License-Identifier: Apache-2.0
"""`blockwatch run` in a lab: its configuration, its records, its messages.

A Daemon writes its records to a file with rotation, so that they can be read while it
runs and after it was killed. Scenarios run side by side, each in a country of its own. The
results of a scenario go to its Sheet, which the test prints at the end.
"""
import concurrent.futures
import contextlib
import datetime
import functools
import glob
import json
import os
import signal
import sys
import time
import traceback

from country import Country
from lab import PATIENCE

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "../../src/report/record.schema.json")
sys.path.append(os.path.join(HERE, "../invariants"))
import invariants  # noqa: E402 (the path comes first)

BRISK = {"allow_reserved": True, "round": "1s", "confirm": "2s", "timeout": "1s", "rate": 1000}
SLACK = 0.5  # seconds by which a busy machine may carry out an action of the test late
POLL = 0.05


def seconds_of(text):
    """An RFC 3339 time as seconds since 1970, as time.time() gives it."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()


@functools.lru_cache(maxsize=None)
def parse(line):
    """A line as an object. It is shared: lines are parsed once, and waiting reads them often."""
    return json.loads(line)


class Timeout(Exception):
    """An expected record or message did not come; the text has what was written instead."""


class Daemon:
    """One `blockwatch run`, which can be ended and started again with the same files."""

    def __init__(self, country, blockwatch, name="run", **config):
        self.node = country.vantage
        self.blockwatch = blockwatch
        self.folder = os.path.join(country.lab.folder, name)
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o777)
        self.lab = country.lab
        self.path = os.path.join(self.folder, "blockwatch.json")
        self.records_path = os.path.join(self.folder, "records.jsonl")
        self.messages_path = os.path.join(self.folder, "messages")
        self.config = {"vantage": "lab1", **BRISK,
                       "sinks": [{"type": "file", "path": "records.jsonl"}], **config}
        self.process = None

    def configure(self, **config):
        """Changes keys of the configuration file; None takes one away."""
        self.config.update(config)
        text = json.dumps({key: value for key, value in self.config.items() if value is not None})
        with open(self.path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def start(self, *prefix, **options):
        """Starts it (again); PREFIX is a command that runs it. Returns itself."""
        self.configure()
        with open(self.messages_path, "a", encoding="utf-8") as messages:
            self.process = self.node.start(*prefix, self.blockwatch, "run", "--config", self.path,
                                           **{"stderr": messages, "stdout": None, **options})
        return self

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """Sends a signal that ends it and returns its exit code."""
        self.send(number)
        return self.process.wait(PATIENCE)

    def messages(self):
        with open(self.messages_path, encoding="utf-8") as stream:
            return stream.read().splitlines()

    def lines(self):
        """Every line that was written, oldest file first; the last may lack its end."""
        def age(path):
            end = path[len(self.records_path) + 1:]
            return -int(end) if end.isdigit() else 1
        text = ""
        for path in sorted(glob.glob(glob.escape(self.records_path) + "*"), key=age):
            with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as stream:
                text += stream.read()
        return text.splitlines(keepends=True)

    def records(self, kind=None):
        """All complete lines as objects."""
        found = [parse(line) for line in self.lines() if line.endswith("\n")]
        return [record for record in found if kind in (None, record["type"])]

    def events(self, scope=None, subject=None):
        return [event for event in self.records("event")
                if scope in (None, event["scope"]) and subject in (None, event["subject"])]

    def wait(self, what, found):
        """Waits until FOUND(self) is true and returns that."""
        deadline = time.monotonic() + PATIENCE
        while not (result := found(self)):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise Timeout(f"no {what} in {PATIENCE} s (or it has ended)\n{self.story()}")
            time.sleep(POLL)
        return result

    def wait_verdict(self, prefix, verdict):
        """Waits until the last record of this block has VERDICT."""
        return self.wait(f"{prefix} {verdict}",
                         lambda daemon: daemon.last_blocks().get(prefix) == verdict)

    def wait_event(self, scope, to, after=0, **fields):
        """Waits for an event of this kind with a seq greater than AFTER; returns the first."""
        def find(daemon):
            return [event for event in daemon.events(scope)
                    if event["to"] == to and event["seq"] > after
                    and all(event[key] == value for key, value in fields.items())]
        return self.wait(f"event {scope} to {to}", find)[0]

    def wait_message(self, text, count=1):
        """Waits until COUNT lines on standard error contain TEXT; returns the last of them."""
        def find(daemon):
            lines = [line for line in daemon.messages() if text in line]
            return lines[count - 1:count]
        return self.wait(f"message {text!r}", find)[0]

    def wait_rounds(self, count):
        """Waits for COUNT more vantage records, one of which comes each round."""
        before = len(self.records("vantage"))
        self.wait(f"{count} rounds",
                  lambda daemon: len(daemon.records("vantage")) >= before + count)

    def vantage(self):
        """The last vantage record, {} before there is one."""
        return (self.records("vantage") or [{}])[-1]

    def last_blocks(self):
        """The last verdict of each block."""
        return {record["block"]: record["verdict"] for record in self.records("block")}

    def reload(self):
        """Sends SIGHUP, waits for the end of the reload, and returns the messages about it."""
        before = len(self.messages())
        self.send(signal.SIGHUP)
        self.wait("answer to HUP", lambda daemon: any(
            "run: reloaded" in line or "the reload has failed" in line
            for line in daemon.messages()[before:]))
        return self.messages()[before:]

    def story(self, most=60):
        """Records that differ from the one before, and messages, for the report of a failure."""
        text = []
        last = {}
        for line in self.lines():
            record = json.loads(line) if line.endswith("\n") else {"type": "cut", "line": line}
            key = record.get("block") or record.get("target") or record["type"]
            state = (record["type"], record.get("verdict"), str(record.get("conditions")),
                     record.get("healthy"))
            if record["type"] == "event" or last.get((record["type"], key)) != state:
                text.append(line.rstrip())
            last[(record["type"], key)] = state
        return "\n".join(text[-most:] + self.messages()[-20:])


class Sheet:
    """The results of a scenario, in their order, with the interface of tap.Tap."""

    def __init__(self, name):
        self.name = name
        self.rows = []

    def ok(self, holds, what, *details):
        self.rows.append((bool(holds), f"{self.name}: {what}", details))
        return holds

    def equal(self, got, want, what, *details):
        return self.ok(got == want, what, f"got {got!r}, expected {want!r}", *details)


def run_scenarios(test, blockwatch, *scenarios):
    """Runs each scenario(sheet, country, blockwatch) in a country of its own, side by side."""
    sheets = [Sheet(scenario.__name__) for scenario in scenarios]
    with contextlib.ExitStack() as stack:
        countries = [stack.enter_context(Country(*getattr(scenario, "country", ())))
                     for scenario in scenarios]
        with concurrent.futures.ThreadPoolExecutor(len(scenarios)) as pool:
            futures = [pool.submit(scenario, *arguments, blockwatch) for scenario, *arguments
                       in zip(scenarios, sheets, countries)]
            for future, sheet in zip(futures, sheets):
                try:
                    future.result()
                except Exception:  # any exception means that this scenario has failed
                    sheet.ok(False, "comes to its end", traceback.format_exc())
    for sheet in sheets:
        for holds, what, details in sheet.rows:
            test.ok(holds, what, *details)


def check_form(sheet, daemon, validate=True):
    """Tests that lines are complete, seq has no gaps in a boot, and the schema accepts all."""
    lines = daemon.lines()
    broken = [line for line in lines if not line.endswith("\n") or not line.startswith("{")]
    sheet.equal(broken, [], "whole lines only")
    boots = {}
    for record in daemon.records():
        boots.setdefault(record["boot"], []).append(record["seq"])
    sheet.ok(boots, "there are records")
    for boot, seqs in boots.items():
        gaps = [(left, right) for left, right in zip([0] + seqs, seqs) if right != left + 1]
        sheet.equal(gaps[:5], [], f"seq from 1 without gaps in boot {len(boots)}", boot)
    if validate:
        sheet.equal(schema_flaws(daemon.records())[:3], [], "records are as the schema says")
    flaws = [f"{number}: {rule}: {message}" for number, rule, message in
             invariants.violations(line for line in lines if line not in broken)]
    sheet.equal(flaws[:3], [], "records do not contradict each other")


def schema_flaws(records):
    """Errors that the JSON Schema finds in these records, one of each kind."""
    try:
        import jsonschema
    except ImportError:
        return []
    with open(SCHEMA, encoding="utf-8") as stream:
        validator = jsonschema.Draft202012Validator(json.load(stream))
    flaws = {}
    for record in records:
        for error in validator.iter_errors(record):
            flaws.setdefault((record["type"], error.message[-60:]), best(error))
    return [f"{kind}: {text}" for (kind, _), text in flaws.items()]


def best(error):
    """A short message: the error in the branch of a oneOf for the record's own type."""
    for inner in error.context or ():
        if inner.validator != "const" and not any(
                other.validator == "const" and other.schema_path[0] == inner.schema_path[0]
                for other in error.context):
            return f"{inner.json_path}: {inner.message}"[:300]
    return error.message[-300:]


def check_inside(sheet, what, moment, earliest, latest, daemon):
    """Tests that an action of the test, at MOMENT = (before, after), is inside the bounds."""
    low, high = (seconds_of(text) if text else None for text in (earliest, latest))
    before, after = moment
    sheet.ok((low is None or low <= after + SLACK) and before - SLACK <= high,
             f"{what}: the true time is inside the stated bounds",
             f"true {before:.3f} to {after:.3f}, stated {earliest} to {latest}", daemon.story())


def check_outage(sheet, what, event, start, end, daemon):
    """Tests that an outage from START to END, each (before, after), is reported within its
    uncertainty."""
    outage = event["outage"] or {}
    if not sheet.ok(outage, f"{what}: has an outage", event):
        return
    margin = outage["uncertainty_s"] + SLACK
    for name, (before, after) in (("start", start), ("end", end)):
        told = seconds_of(outage[name])
        sheet.ok(before - margin <= told <= after + margin, f"{what}: {name} of the outage",
                 f"true {before:.3f}, told {told:.3f} ± {margin:.3f}", daemon.story())
    true = end[0] - start[0]
    sheet.ok(abs(outage["duration_s"] - true) <= margin + SLACK, f"{what}: length of the outage",
             f"true {true:.3f}, told {outage}", daemon.story())


def do(action, *arguments):
    """Runs an action; returns what it gave and (before, after)."""
    before = time.time()
    result = action(*arguments)
    return result, (before, time.time())
