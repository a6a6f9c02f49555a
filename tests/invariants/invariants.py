#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What holds in every stream of records, whoever wrote it: `check`, `run`, `simulate` or `replay`.

usage: invariants.py [--clock-steps] [FILE...]

Reads JSON Lines from files or standard input, prints each violation with its line number, and
exits 1 if there was one. With --clock-steps the wall clock of the vantage may step back. The rules
are those of the record contract: a verdict never contradicts its evidence, events of one subject
form a chain, the bounds of a change are in order, and sums agree with their parts.
"""
import json
import sys
from datetime import datetime
from ipaddress import ip_network

CONFIDENCE_MIN = 0.9
BELIEF_PROVEN = 0.99   # after an answered probe
BELIEF_HALF = 0.5
SUM_VERDICTS = ("up", "flapping", "dark", "partly_dark", "unknown")
FEW_NETWORKS = 20      # a part of more than that is a share of their blocks
DARK_SHARE = 0.05
HALF_MS_S = 0.0011     # durations are rounded to a millisecond, instants to a microsecond


def seconds(text):
    """RFC 3339 in UTC, as seconds with microseconds kept."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.timestamp()


def contains(network, block):
    return network.version == block.version and block.subnet_of(network)


class Stream:
    """The records of one vantage in the order in which they were written."""

    def __init__(self, clock_steps=False):
        self.clock_steps = clock_steps
        self.boots = {}        # boot -> last seq
        self.times = {}        # boot -> last time
        self.verdicts = {}     # (target, scope, subject) -> verdict after the last event
        self.events = {}       # (boot, seq) -> event
        self.low_belief = {}   # block -> records in a row that say up with a low belief
        self.blocks = {}       # target -> {block: last verdict that is known}
        self.withdrawn = set() # (boot, seq) of events
        self.healthy = True    # as the last record of the vantage says
        self.whole = True      # all of its ways out are

    def check(self, record):
        """Yields (rule, message) for each rule that the record breaks."""
        yield from self.check_head(record)
        check = {"block": self.check_block, "event": self.check_event,
                 "target": self.check_target, "vantage": self.check_vantage,
                 "survey": self.check_survey}.get(record["type"])
        if check:
            yield from check(record)

    def check_head(self, record):
        boot, seq = record["boot"], record["seq"]
        last = self.boots.get(boot)
        if last is not None and seq != last + 1:
            yield "seq", f"seq {seq} follows {last}"
        self.boots[boot] = seq
        time = seconds(record["time"])
        since = record.get("since")
        if since and seconds(since) > time:
            yield "since", f"since {since} is after time {record['time']}"
        if time < self.times.get(boot, time) and not self.clock_steps:
            yield "time", f"time {record['time']} is before that of the record before it"
        self.times[boot] = time

    def check_block(self, record):
        verdict, belief = record["verdict"], record["belief"]
        name = record["block"]
        if not 0 <= belief <= 1:
            yield "belief", f"{name}: belief {belief}"
        if record["sent"] < 0 or record["replies"] < 0:
            yield "counts", f"{name}: negative counts"
        if verdict == "unknown" and not record.get("reasons"):
            yield "reasons", f"{name}: unknown without a reason"
        if verdict != "unknown" and record.get("reasons"):
            yield "reasons", f"{name}: {verdict} with reasons {record['reasons']}"
        if verdict == "dark" and "degraded" in record["conditions"]:
            yield "degraded", f"{name}: dark and degraded"
        if verdict == "up" and record["replies"] > 0 and belief <= BELIEF_PROVEN \
                and "suspect" not in record["conditions"]:
            yield "belief", f"{name}: up, {record['replies']} replies, belief {belief}"
        silent = record.get("silent_since")
        if silent and seconds(silent) > seconds(record["time"]):
            yield "silence", f"{name}: silent since {silent}, after the record"
        yield from self.check_belief(record)
        self.learn(record["target"], name, verdict)
        rtt = record["rtt_ms"]
        if rtt and not 0 <= rtt["min"] <= rtt["median"] <= rtt["max"]:
            yield "rtt", f"{name}: rtt_ms {rtt}"

    def learn(self, target, block, verdict):
        """A block was said to be VERDICT. That it is unknown may be for the vantage's sake."""
        if verdict != "unknown":
            self.blocks.setdefault(target, {})[block] = verdict

    def parts_of(self, record):
        """The blocks of the target or network that an event is about, and their verdicts."""
        blocks = self.blocks.get(record["target"], {})
        if record["scope"] == "target":
            return blocks
        network = ip_network(record["subject"])
        return {block: verdict for block, verdict in blocks.items()
                if contains(network, ip_network(block))}

    def check_belief(self, record):
        """One record may catch a change that is being confirmed; four in a row may not."""
        name = (record["target"], record["block"])
        low = record["verdict"] == "up" and record["belief"] < BELIEF_HALF
        self.low_belief[name] = self.low_belief.get(name, 0) + 1 if low else 0
        if self.low_belief[name] == 4:
            yield "belief", (f"{record['block']}: up with belief {record['belief']} in four "
                             "records in a row")

    def check_event(self, record):
        name = f"{record['scope']} {record['subject']}"
        key = (record["target"], record["scope"], record["subject"])
        self.events[record["boot"], record["seq"]] = record
        before = self.verdicts.get(key)
        if before and before != record["from"]:
            yield "chain", f"{name}: from {record['from']}, but it was {before}"
        if record["from"] == record["to"]:
            yield "chain", f"{name}: from {record['from']} to the same"
        if record.get("path") and (record["from"] == "dark" or record["to"] == "up"):
            yield "path", f"{name}: the way back has the path of the way out"
        self.verdicts[key] = record["to"]
        yield from self.check_bounds(name, record)
        if record["confidence"] < CONFIDENCE_MIN:
            yield "confidence", f"{name}: {record['to']} with confidence {record['confidence']}"
        if record["status"] == "withdrawn":
            yield from self.check_withdrawal(name, record)
        if record["scope"] == "block":
            undone = record["status"] == "withdrawn" and record["from"] == "dark"
            self.learn(record["target"], record["subject"], "up" if undone else record["to"])
        else:
            yield from self.check_dark_parts(name, record)
            yield from self.check_sum(name, record["to"], self.parts_of(record))
        outage = record.get("outage")
        if outage:
            yield from self.check_outage(name, outage)

    @staticmethod
    def check_dark_parts(name, record):
        """`parts` of a sum's event against the verdict that it tells."""
        parts = record.get("parts")
        if not parts:
            return
        blocks = parts["blocks"]
        if any(part["dark"] > part["total"] for part in parts.values()):
            yield "parts", f"{name}: {parts}"
        if record["to"] in ("dark", "partly-dark") and record["status"] == "confirmed" and \
                not blocks["dark"]:
            yield "parts", f"{name}: {record['to']}, parts {parts}"

    @staticmethod
    def check_sum(name, verdict, parts):
        """What is said of a network or target against what was said last of its blocks."""
        lit = sorted(block for block, known in parts.items() if known != "dark")
        dark = sorted(block for block, known in parts.items() if known == "dark")
        if verdict == "dark" and lit:
            yield "sums", f"{name}: dark, but {', '.join(lit)} is not"
        if verdict in ("dark", "partly-dark") and not dark:
            yield "sums", f"{name}: {verdict}, but no block is dark"
        if verdict in ("up", "flapping") and dark and not lit:
            yield "sums", f"{name}: {verdict}, but {', '.join(dark)} is dark"

    @staticmethod
    def check_bounds(name, record):
        steps = [record["change"]["earliest"], record["change"]["latest"], record["detected"],
                 record["time"]]
        known = [seconds(step) for step in steps if step]
        if known != sorted(known):
            yield "bounds", (f"{name}: not earliest <= latest <= detected <= time: "
                             f"{', '.join(map(str, steps))}")

    def check_withdrawal(self, name, record):
        number = (record["boot"], record["withdraws"])
        undone = self.events.get(number)
        if number in self.withdrawn:
            yield "withdrawal", f"{name}: withdraws {record['withdraws']} twice"
        self.withdrawn.add(number)
        if not undone:
            yield "withdrawal", f"{name}: withdraws {record['withdraws']}, which is no event"
        elif any(undone[key] != record[key] for key in ("target", "scope", "subject")):
            yield "withdrawal", f"{name}: withdraws an event of {undone['subject']}"
        elif (undone["from"], undone["to"]) != (record["to"], record["from"]):
            yield "withdrawal", (f"{name}: withdraws {undone['from']} -> {undone['to']} by "
                                 f"{record['from']} -> {record['to']}")

    @staticmethod
    def check_outage(name, outage):
        length = seconds(outage["end"]) - seconds(outage["start"])
        if length < 0:
            yield "outage", f"{name}: an outage that ends before it starts"
        if abs(length - outage["duration_s"]) > HALF_MS_S:
            yield "outage", f"{name}: an outage of {length} s has duration_s {outage['duration_s']}"
        moments = [outage["start"]] + [back[key] for back in outage.get("returns", [])
                                       for key in ("start", "end")] + [outage["end"]]
        if sorted(map(seconds, moments)) != list(map(seconds, moments)):
            yield "outage", f"{name}: returns out of order: {', '.join(moments)}"
        if outage["uncertainty_s"] < 0:
            yield "outage", f"{name}: uncertainty_s {outage['uncertainty_s']}"

    def check_target(self, record):
        name = record["target"]
        for part in ("networks", "blocks"):
            counts = record[part]
            total = sum(counts.get(verdict, 0) for verdict in SUM_VERDICTS)
            if total != counts["total"]:
                yield "sums", f"target {name}: {part} add up to {total} of {counts['total']}"
        blocks = record["blocks"]
        if record["verdict"] == "dark" and (blocks["up"] or blocks["flapping"] or
                                            not blocks["dark"]):
            yield "sums", f"target {name}: dark, blocks {blocks}"
        if record["verdict"] == "up" and not blocks["up"]:
            yield "sums", f"target {name}: up, blocks {blocks}"
        yield from self.check_part(name, record["verdict"], record["networks"], blocks)
        yield from self.check_target_event(name, record)

    @staticmethod
    def check_part(name, verdict, networks, blocks):
        """Partly dark: any of up to 20 networks is dark, or 5 % of the blocks, and not all."""
        part = networks["dark"] > 0 and networks["total"] <= FEW_NETWORKS or \
            blocks["dark"] > 0 and blocks["dark"] >= DARK_SHARE * blocks["total"]
        if part and verdict not in ("dark", "partly-dark", "unknown"):
            yield "sums", f"target {name}: {verdict}, networks {networks}, blocks {blocks}"
        if verdict == "partly-dark" and (blocks["dark"] == blocks["total"] or not blocks["dark"]):
            yield "sums", f"target {name}: partly-dark, blocks {blocks}"

    def check_target_event(self, name, record):
        """A verdict that an event announces stands in the records, too, and the other way round.

        That the vantage cannot tell is no event: meanwhile all is unknown.
        """
        if not self.healthy and record["networks"]["unknown"] == record["networks"]["total"]:
            return
        told = self.verdicts.get((name, "target", name))
        dark = sum(1 for (target, scope, _), verdict in self.verdicts.items()
                   if (target, scope, verdict) == (name, "network", "dark"))
        if told and record["verdict"] != "unknown" and told != record["verdict"] and \
                (told != "unknown" or record["verdict"] != "up"):
            yield "sums", f"target {name}: {record['verdict']}, its last event says {told}"
        hidden = 0 if self.whole else record["networks"]["unknown"]
        if record["networks"]["dark"] + hidden < dark:
            yield "sums", (f"target {name}: {record['networks']['dark']} networks are dark, events "
                           f"say {dark}")

    def check_vantage(self, record):
        self.healthy = record["healthy"]
        self.whole = all(way["healthy"] for way in record.get("ways", []))
        if record["healthy"] == bool(record["reasons"]):
            yield "vantage", (f"vantage: healthy {record['healthy']} with reasons "
                              f"{record['reasons']}")
        for count in ("sent", "received", "capture_dropped", "send_errors", "rejected"):
            if record[count] < 0:
                yield "vantage", f"vantage: {count} {record[count]}"

    @staticmethod
    def check_survey(record):
        if record["answered"] > record["addresses"]:
            yield "survey", f"survey: {record['answered']} of {record['addresses']} answered"


def violations(lines, clock_steps=False):
    """(number of the line, rule, message) for each rule that a record in LINES breaks."""
    stream = Stream(clock_steps)
    for number, line in enumerate(lines, 1):
        if line.startswith('{"schema":"blockwatch/record/1"'):
            for rule, message in stream.check(json.loads(line)):
                yield number, rule, message


def main():
    names = [name for name in sys.argv[1:] if name != "--clock-steps"]
    found = 0
    for name in names or ["-"]:
        with sys.stdin if name == "-" else open(name, encoding="utf-8") as file:
            for number, rule, message in violations(file, "--clock-steps" in sys.argv):
                print(f"{name}:{number}: {rule}: {message}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
