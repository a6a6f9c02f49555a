#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge of random worlds finds what is wrong, and nothing where nothing is."""
import sys
from datetime import datetime, timedelta, timezone

from judge import Judge
from kinds import KINDS
from world import HOUR, MINUTE, World, common, merged

BLOCK = "198.18.0.0/24"
DARK, BACK = 4 * HOUR, 6 * HOUR


def instant(at):
    moment = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=at)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def world(cut=None):
    made = World("test", 1, 24 * HOUR, {"references": 2})
    made.land("a", [BLOCK, "198.18.1.0/24"], [{"count": 10}])
    made.fault(BLOCK, DARK, BACK - DARK)
    if cut:
        made.trouble("uplink-cut", *cut)
    return made


def event(at, before, after, seq, bounds=None, **more):
    low, high = bounds or (at - 60, at - 5)
    return {"type": "event", "time": instant(at), "boot": "b", "seq": seq, "scope": "block",
            "target": "a", "subject": BLOCK, "from": before, "to": after, "confidence": .99,
            "status": "confirmed", "change": {"earliest": instant(low), "latest": instant(high)},
            **more}


def block(at, verdict, sent=3, replies=3, **more):
    return {"type": "block", "time": instant(at), "block": BLOCK, "verdict": verdict,
            "sent": sent, "replies": replies, "reasons": [], **more}


def vantage(at, *reasons):
    return {"type": "vantage", "time": instant(at), "healthy": not reasons,
            "reasons": list(reasons)}


def dark(seq, block_events=True):
    """The outage of the world, said as it was."""
    ends = [event(BACK + 40, "dark", "up", seq + 10, (BACK - 20, BACK + 30))]
    begins = [event(DARK + 40, "up", "dark", seq, (DARK - 20, DARK + 30))]
    if not block_events:
        return []
    return [{**one, "scope": scope} for one in begins + ends for scope in ("block", "network")]


def rules(records, made=None):
    judge = Judge(made or world())
    for record in records:
        judge.take(record)
    return sorted({rule for rule, _ in judge.finish()})


CASES = [
    ("all is as it was", dark(1), None, []),
    ("nothing is said", [], None, ["missed"]),
    ("of a time that is not dark", dark(1) + [event(9 * HOUR, "up", "dark", 30)], None,
     ["false-dark"]),
    ("the same, withdrawn", dark(1) + [event(9 * HOUR, "up", "dark", 30),
                                       event(9 * HOUR + 9, "dark", "up", 31, status="withdrawn",
                                             withdraws=30)], None, []),
    ("an end that is withdrawn is none",
     [dark(1)[0], event(5 * HOUR, "dark", "up", 20, (5 * HOUR - 60, 5 * HOUR)),
      event(5 * HOUR + 9, "up", "dark", 21, status="withdrawn", withdraws=20), dark(1)[2]],
     None, []),
    ("an end that was none", [dark(1)[0], event(5 * HOUR, "dark", "up", 20,
                                                (5 * HOUR - 60, 5 * HOUR))], None, ["bounds"]),
    ("late", [event(DARK + 40 * MINUTE, "up", "dark", 1, (DARK - 9, DARK + 60)),
              event(BACK + 60, "dark", "up", 2, (BACK - 9, BACK + 9))], None, ["late"]),
    ("its end is late", [event(DARK + 60, "up", "dark", 1, (DARK - 9, DARK + 60)),
                         event(BACK + 2 * HOUR, "dark", "up", 2, (BACK - 9, BACK + 9))], None,
     ["late-return"]),
    ("its end is not said", [event(DARK + 60, "up", "dark", 1, (DARK - 9, DARK + 60))], None,
     ["late-return"]),
    ("bounds beside the truth", [event(DARK + 60, "up", "dark", 1, (DARK + 20, DARK + 60)),
                                 event(BACK + 60, "dark", "up", 2, (BACK + 20, BACK + 60))],
     None, ["bounds"]),
    ("up in the dark", dark(1) + [block(DARK + 31 * MINUTE, "up")], None, ["up-in-dark"]),
    ("up soon after it went", dark(1) + [block(DARK + 20 * MINUTE, "up")], None, []),
    ("dark long after it came back", dark(1) + [block(BACK + 61 * MINUTE, "dark")], None,
     ["dark-in-up"]),
    ("it answers and is unknown", dark(1) + [block(9 * HOUR, "unknown")], None, ["unknown"]),
    ("unknown while cut off", dark(1) + [block(9 * HOUR, "unknown")], (8 * HOUR, 2 * HOUR), []),
    ("blind for no reason", dark(1) + [vantage(9 * HOUR, "no-sign-of-life")], None, ["blind"]),
    ("blind while cut off", dark(1) + [vantage(9 * HOUR, "vantage-offline")],
     (8 * HOUR, 2 * HOUR), []),
    ("up while cut off", dark(1) + [block(9 * HOUR, "up", replies=0)], (8 * HOUR, 2 * HOUR),
     ["silent-way"]),
    ("not seen by a vantage that was cut off", [], (DARK - 60, 3 * HOUR), []),
    ("seen when the cut ended", [event(DARK + 70 * MINUTE, "up", "dark", 1, (DARK - 99, DARK + 9)),
                                 event(BACK + 60, "dark", "up", 2, (BACK - 9, BACK + 9))],
     (DARK - 60, HOUR), []),
]


def check_intervals():
    assert merged([(5, 7), (1, 3), (2, 4)]) == [(1, 4), (5, 7)]
    assert common([[(1, 5), (8, 9)], [(3, 10)]]) == [(3, 5), (8, 9)]
    truth = world().truth()
    assert truth["block", "a", BLOCK] == [(DARK, BACK)] and not truth["target", "a", "a"]


def main():
    failed = 0
    check_intervals()
    for name, records, cut, wanted in CASES:
        found = rules(records, world(cut))
        if found != wanted:
            print(f"{name}: found {found}, wanted {wanted}")
            failed += 1
    for kind, make in KINDS.items():
        if make(7).scenario() != make(7).scenario() or make(7).scenario() == make(8).scenario():
            print(f"{kind}: a number does not make one world")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
