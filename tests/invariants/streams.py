#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""streams.py BLOCKWATCH SOURCE PART/PARTS|long: the invariants over each record stream that the
program makes from the scenarios and captures of the tree. KNOWN lists what is wrong today; an entry
that no longer holds is an error, and must be removed. A part, such as 1/3, plays its share of the
short ones; long plays those, and only those, that take long.
"""
import os
import subprocess
import sys

import invariants

SCENARIOS = "tests/sim/scenarios"
REAL = "tests/sim/scenarios/real"
CAPTURES = "tests/golden/replay"
# Those that take longer than a few seconds, or print more than 120,000 records.
LONG = {"af-2025", "ca-rogers-2022", "cu-2024", "eg-2011", "et-2019", "few-hosts-steady",
        "flapping-days", "gm-2016", "iq-2019", "iq-exams-2019", "ir-2025-06", "ir-2026-01",
        "ir-2026-02",
        "kp-2014-12", "kp-2022-01", "kp-cable-cut", "kp-file", "kz-2022", "mm-2021",
        "rate-limited", "renumbering", "sd-2021", "sleep-evenings", "sy-2011", "sy-2012",
        "sy-2013", "sy-exams-2019", "to-2022", "ug-2021"}
# stream: rules that it breaks today
KNOWN = {}
CLOCK_STEPS = {"clock-step"}


def streams(source, long):
    """name: arguments of the program"""
    for room in (SCENARIOS, REAL):
        for name in sorted(os.listdir(os.path.join(source, room))):
            stem, kind = os.path.splitext(name)
            if kind == ".json" and (stem in LONG) == long:
                yield stem, ["simulate", "--json", "--seed", "1", os.path.join(room, name)]
    for name in sorted(os.listdir(os.path.join(source, CAPTURES))):
        if os.path.splitext(name)[1] in (".pcap", ".pcapng") and not long:
            yield name, ["replay", "--json", os.path.join(CAPTURES, name)]


def broken(program, source, name, arguments):
    """rule: its first message"""
    found = {}
    with subprocess.Popen([program, *arguments], cwd=source, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        for number, rule, message in invariants.violations(process.stdout, name in CLOCK_STEPS):
            found.setdefault(rule, f"record {number}: {message}")
    return found


def share(source, wanted):
    """What `long`, or a part such as `1/3`, plays."""
    if wanted == "long":
        return list(streams(source, True))
    part, parts = map(int, wanted.split("/"))
    return list(streams(source, False))[part - 1::parts]


def main(program, source, wanted):
    plan = share(source, wanted)
    failed = 0
    print(f"1..{len(plan)}", flush=True)
    for number, (name, arguments) in enumerate(plan, 1):
        found = broken(program, source, name, arguments)
        known = KNOWN.get(name, set())
        good = set(found) == known
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        for rule in sorted(set(found) - known):
            print(f"#   {rule}: {found[rule]}")
        for rule in sorted(known - set(found)):
            print(f"#   {rule}: no longer broken, remove it from KNOWN", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1]), *sys.argv[2:]))
