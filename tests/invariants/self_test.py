#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The invariants accept a sound stream of records and object to each way of breaking it."""
import copy
import json
import sys

import invariants


def head(kind, number, second, **fields):
    return {"schema": "blockwatch/record/1", "type": kind, "vantage": "v", "boot": "b",
            "seq": number, "time": at(second), **fields}


def at(second):
    return f"2026-01-01T00:{second // 60:02}:{second % 60:02}.000000Z"


def block(number, second, verdict, belief, replies=3, **fields):
    return head("block", number, second, target="land", network="198.18.0.0/24",
                block="198.18.0.0/24", verdict=verdict, belief=belief, conditions=[], reasons=[],
                since=at(1), round=1, sent=3, replies=replies, availability=0.9,
                rtt_ms={"min": 1, "median": 2, "max": 3} if replies else None, **fields)


def event(number, second, scope, old, new, **fields):
    return head("event", number, second, target="land", scope=scope,
                subject="land" if scope == "target" else "198.18.0.0/24", **{"from": old},
                to=new, detected=at(second), confidence=0.999, status="confirmed", outage=None,
                change={"earliest": at(second - 9), "latest": at(second - 5)}, **fields)


def target(number, second, verdict, **counts):
    counts = {"up": 0, "flapping": 0, "dark": 0, "unknown": 0, **counts}
    return head("target", number, second, target="land", verdict=verdict, since=at(1), round=1,
                networks={"total": 1, **counts}, blocks={"total": 1, **counts})


def vantage(number, second):
    return head("vantage", number, second, healthy=True, reasons=[], sent=9, received=9,
                capture_dropped=0, send_errors=0, rejected=0, version="1")


def sound():
    """One block goes dark, comes back, and its second outage is withdrawn."""
    over = {"start": at(65), "end": at(125), "duration_s": 60.0, "uncertainty_s": 4.0}
    records = [block(1, 10, "up", 0.999), target(2, 11, "up", up=1), vantage(3, 11),
               *(event(n, 70, s, "up", "dark")
                 for n, s in enumerate(("block", "network", "target"), 4)),
               block(7, 70, "dark", 0.001, 0), target(8, 71, "dark", dark=1),
               *(event(n, 130, s, "dark", "up") | {"outage": over}
                 for n, s in enumerate(("block", "network", "target"), 9)),
               block(12, 131, "up", 0.999), target(13, 132, "up", up=1)]
    for number, scope in enumerate(("block", "network", "target"), 14):
        records.append(event(number, 200, scope, "up", "dark"))
    for number, scope in enumerate(("block", "network", "target"), 17):
        records.append(event(number, 220, scope, "dark", "up") |
                       {"status": "withdrawn", "withdraws": number - 3})
    return records


def blind_during_the_outage():
    """The vantage becomes unfit while its target is dark: the records of targets say unknown."""
    unfit = vantage(8, 71) | {"healthy": False, "reasons": ["vantage-offline"]}
    return sound()[:7] + [unfit, target(9, 72, "unknown", unknown=1)]


def change(number, **fields):
    """A sound stream with FIELDS changed in the record with this seq."""
    records = copy.deepcopy(sound())
    for key, value in fields.items():
        if isinstance(value, dict) and isinstance(records[number - 1].get(key), dict):
            records[number - 1][key].update(value)
        else:
            records[number - 1]["from" if key == "before" else key] = value
    return records


def suspicious():
    return [block(n, 10 + n, "up", 0.1, 0) for n in range(1, 5)]


BROKEN = {
    "a number is left out": ("seq", [r for r in sound() if r["seq"] != 3]),
    "time goes back": ("time", change(3, time=at(5))),
    "since is in the future": ("since", change(1, since=at(11))),
    "belief is no probability": ("belief", change(1, belief=1.5)),
    "up, answered, belief 0": ("belief", change(1, belief=0.0)),
    "up for four records with a low belief": ("belief", suspicious()),
    "negative counts": ("counts", change(1, sent=-1)),
    "unknown without a reason": ("reasons", change(1, verdict="unknown")),
    "up with a reason": ("reasons", change(1, reasons=["never-seen"])),
    "dark and degraded": ("degraded", change(7, conditions=["degraded"])),
    "the median is below the minimum": ("rtt", change(1, rtt_ms={"median": 0.5})),
    "from is not the last to": ("chain", change(9, before="flapping")),
    "to the same": ("chain", change(4, before="dark")),
    "latest after detected": ("bounds", change(4, change={"latest": at(71)})),
    "earliest after latest": ("bounds", change(4, change={"earliest": at(66)})),
    "detected after time": ("bounds", change(4, detected=at(71))),
    "a path on the way out of dark": ("path", change(9, path={"kind": "silent"})),
    "an unsure event": ("confidence", change(4, confidence=0.3)),
    "withdraws what is no event": ("withdrawal", change(17, withdraws=1)),
    "withdraws another subject's": ("withdrawal", change(17, withdraws=15)),
    "withdraws twice": ("withdrawal", change(18, withdraws=14)),
    "withdraws another change": ("withdrawal", change(17, to="unknown")),
    "an outage of 56 years": ("outage", change(9, outage={"duration_s": 1.8e9})),
    "an outage that ends before it starts": ("outage", change(9, outage={"end": at(1)})),
    "a return before the outage": (
        "outage", change(9, outage={"returns": [{"start": at(1), "end": at(70)}]})),
    "silent after the record": ("silence", change(7, silent_since=at(99))),
    "dark without dark parts": ("parts", change(6, parts={"blocks": {"dark": 0, "total": 1}})),
    "counts that do not add up": ("sums", change(2, blocks={"up": 2})),
    "a dark target with a block up": ("sums", change(2, verdict="dark")),
    "a target that is up without a block": ("sums", change(8, verdict="up")),
    "a record of the target against its event": ("sums", change(13, verdict="partly-dark")),
    "a target that is up with a dark network": (
        "sums", change(2, networks={"total": 2, "dark": 1}, blocks={"total": 2, "dark": 1})),
    "partly dark without a dark block": ("sums", change(2, verdict="partly-dark")),
    "partly dark with all blocks dark": ("sums", change(8, verdict="partly-dark")),
    "a dark network in an event alone": ("sums", change(8, networks={"dark": 0, "unknown": 1})),
    "a sum is dark, its block up": ("sums", [r for r in sound() if r["seq"] != 4]),
    "a sum is up, its block dark": ("sums", [r for r in sound() if r["seq"] != 9]),
    "healthy with reasons": ("vantage", change(3, reasons=["no-route"])),
}


def rules(records, **options):
    lines = [json.dumps(record, separators=(",", ":")) for record in records]
    return {rule for _, rule, _ in invariants.violations(lines, **options)}


def main():
    flaws = [f"{what}: {rule} is not found, but {rules(records)}"
             for what, (rule, records) in BROKEN.items() if rule not in rules(records)]
    if rules(sound()):
        flaws.append(f"the sound stream breaks {rules(sound())}")
    if rules(blind_during_the_outage()):
        flaws.append(f"a blind vantage breaks {rules(blind_during_the_outage())}")
    if "time" in rules(change(3, time=at(5)), clock_steps=True):
        flaws.append("a clock that may step back does")
    print("\n".join(flaws) or f"{len(BROKEN)} broken streams are found")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main())
