# SPDX-License-Identifier: Apache-2.0
"""The country of packaging/demo: four networks that are up, lossy, dark and up again.

All of it is a lab of network namespaces (tests/lab/lab.py), `blockwatch check`
runs inside it. What is told and drawn at the end is made from the records that
it gave, not from what was to be expected; where the two differ, it says so and
the exit code is 1.
"""
import json
import os
import sys
import time

from demo_parts import Paint, play
from check import Check  # in tests/lab, as the next ones, whose place demo_parts knows
from country import Country, hosts, prefix
from lab import finish

NAMES = ["Capital", "Coast", "North", "Islands"]
LOST = 3 # the network that goes away first
LOSS = 30 # per cent of the packets to the others, meanwhile
COLUMN = 13

MAP = """
   this vantage ── uplink router ── border router ─┬─ 198.18.0.0/24  Capital
   10.99.0.2       10.99.0.1        10.98.0.2      ├─ 198.18.1.0/24  Coast
                                                   ├─ 198.18.2.0/24  North
                                                   └─ 198.18.3.0/24  Islands
"""
EXPLANATION = """\
Each network is a kernel of its own that answers for a whole /24. There is no way out
of these namespaces; 198.18.0.0/15 is set aside for tests, hence --allow-reserved."""


class Phase:
    """One of the four phases: what was done, and the check that was made."""

    def __init__(self, name, expected, check):
        self.name = name
        self.expected = expected
        self.check = check

    def verdict(self, number):
        return self.check.verdicts().get(prefix(number), "unknown")

    def evidence(self, number):
        record = self.check.blocks.get(prefix(number), {})
        return f"{record.get('replies', 0)}/{record.get('sent', 0)}"

    def cell(self, paint, number):
        verdict = self.verdict(number)
        return paint.cell(verdict, f"{verdict} {self.evidence(number)}", COLUMN)

    def seen(self):
        """One sentence about what the check found."""
        by_verdict = {}
        for number, name in enumerate(NAMES):
            by_verdict.setdefault(self.verdict(number), []).append(name)
        parts = []
        for verdict, names in by_verdict.items():
            whom = "all four networks" if len(names) == 4 else listed(names)
            parts.append(f"{whom} {'is' if len(names) == 1 else 'are'} {verdict}")
        return (f"Seen: {listed(parts)}; known after {self.check.seconds:.1f} s, "
                f"exit code {self.check.code}.")


def listed(words):
    """The words as a person lists them: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def target_file(country):
    day = time.strftime("%Y-%m-%d", time.gmtime())
    networks = [{"prefix": prefix(number), "name": name, "asn": 64496 + number,
                 "hosts": [{"address": host, "seen": day} for host in hosts(number, 12)]}
                for number, name in enumerate(NAMES)]
    return country.lab.file("labland.json", json.dumps(
        {"schema": "blockwatch/target/1", "name": "labland", "title": "Labland",
         "source": "packaging/demo", "methods": ["icmp"], "networks": networks}, indent=1))


def look(country, program, paint, path, name, expected):
    """Shows a check, and takes the records of another one that looks at the same time."""
    print(paint.bold(f"$ blockwatch check --allow-reserved {os.path.basename(path)}"), flush=True)
    records = Check(country.vantage, program, path)
    shown = country.vantage.start(program, "check", "--allow-reserved", path,
                                  stdout=None, stderr=None)
    finish(shown)
    phase = Phase(name, expected, records.finish())
    print(f"\n{phase.seen()}\n", flush=True)
    return phase


def tell(paint, number, text):
    print(paint.bold(f"{number}/4  {text}\n"), flush=True)


def story(country, program, paint):
    path = target_file(country)
    phases = []
    for number in range(4):
        country.networks[number].answer_only(prefix(number), hosts(number, 12))

    def show(*arguments):
        phases.append(look(country, program, paint, path, *arguments))

    tell(paint, 1, "All is well: twelve hosts of each network answer.")
    show("all up", 0)
    tell(paint, 2, f"It gets spotty: {LOSS} % of the packets to three networks are lost, "
                   f"and {NAMES[LOST]} is gone.")
    losses = [country.networks[number].lose(LOSS, prefix(number))
              for number in range(4) if number != LOST]
    gone = country.darken(LOST)
    show("spotty", 1)
    tell(paint, 3, "Lights out: the gateway still answers, and nobody in the country does.\n"
                   "     All ways end behind the border router, and the check says so.")
    gone += country.darken(*(number for number in range(4) if number != LOST))
    show("dark", 2)
    tell(paint, 4, "The lines are restored.")
    for rules in losses + gone:
        rules.remove()
    show("restored", 0)
    return phases


def picture(paint, phases):
    """A strip of cells for each network, a column for each phase."""
    def row(head, *cells):
        print(f"  {head:<23}{''.join(cells)}".rstrip())

    def plain(text):
        return f" {text:<{COLUMN - 1}}"

    print(paint.bold("What the records say: verdict, and replies of probes\n"))
    row("", *(plain(phase.name) for phase in phases))
    for number, name in enumerate(NAMES):
        row(f"{prefix(number)}  {name}", *(phase.cell(paint, number) for phase in phases))
    row("exit code", *(plain(phase.check.code) for phase in phases))
    row("known after", *(plain(f"{phase.check.seconds:.1f} s") for phase in phases))
    print()


def main(program):
    paint = Paint()
    begin = time.monotonic()
    with Country() as country:
        print(paint.bold("\nA small country inside this machine"))
        print(f"{MAP}\n{EXPLANATION}\n")
        phases = story(country, program, paint)
    picture(paint, phases)
    wrong = [phase for phase in phases if phase.check.code != phase.expected]
    for phase in wrong:
        print(f"{phase.name}: exit code {phase.check.code}, expected {phase.expected}\n"
              f"{phase.check.story()}")
    print(f"Done in {time.monotonic() - begin:.0f} s; nothing is left behind.")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: demo-country.py BLOCKWATCH (a program; packaging/demo does all of it)")
    play(main, os.path.abspath(sys.argv[1]))
