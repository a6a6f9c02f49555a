# SPDX-License-Identifier: Apache-2.0
"""The daemon's verdicts: steady, spotty, dark, restored; a whole country; bursts; forgeries."""
import os
import sys
import time

from country import VANTAGE, hosts, prefix
from daemon import Daemon, check_form, check_inside, check_outage, do, run_scenarios
import tap

SPOOFER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spoof.py")


def transitions(events):
    return [(event["from"], event["to"]) for event in events]


def restore(rules):
    for rule in rules:
        rule.remove()


def story(sheet, country, blockwatch):
    """Steady; spotty (down and back, confirmed: it flaps); dark; restored."""
    subject, steady = prefix(0), prefix(1)
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])],
                    flapping={"enter": 1.9, "leave": 0.8, "half_life": "2h"}).start()
    for each in (subject, steady):
        daemon.wait_verdict(each, "up")
    daemon.wait_rounds(2)
    rules, cut1 = do(country.darken, 0)
    dark = daemon.wait_event("block", "dark")
    _, back1 = do(restore, rules)
    flapping = daemon.wait_event("block", "flapping")
    rules, cut2 = do(country.darken, 0)
    settled = daemon.wait_event("block", "dark", flapping["seq"])
    _, back2 = do(restore, rules)
    up = daemon.wait_event("block", "up")
    daemon.wait_rounds(2)
    sheet.equal(transitions(daemon.events("block", subject)),
                [("up", "dark"), ("dark", "flapping"), ("flapping", "dark"), ("dark", "up")],
                "exactly this sequence of events", daemon.story())
    sheet.equal(transitions(daemon.events("network", subject)),
                transitions(daemon.events("block", subject)), "the network goes with its block")
    sheet.equal([event for event in daemon.events() if event["subject"] == steady], [],
                "no event of the block beside it")
    sheet.equal({event["status"] for event in daemon.events()}, {"confirmed"}, "all confirmed")
    for what, event, moment in (("dark", dark, cut1), ("flapping", flapping, back1),
                                ("settled dark", settled, cut2), ("up", up, back2)):
        check_inside(sheet, what, moment, event["change"]["earliest"], event["change"]["latest"],
                     daemon)
    check_outage(sheet, "first", flapping, cut1, back1, daemon)
    check_outage(sheet, "second", up, cut2, back2, daemon)
    suspects = [record for record in daemon.records("block")
                if record["block"] == subject and "suspect" in record["conditions"]
                and record["seq"] < dark["seq"]]
    sheet.ok(suspects, "suspect is said before dark", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def focus(sheet, country, blockwatch):
    """All four networks of a country with the default settings of focus mode."""
    daemon = Daemon(country, blockwatch, round=None, confirm=None, timeout=None, rate=None,
                    targets=[{"target": country.target(), "focus": True}]).start()
    for number in range(4):
        daemon.wait_verdict(prefix(number), "up")
    time.sleep(focus.phases.pop())
    rules, cut = do(country.darken)
    dark = daemon.wait_event("target", "dark")
    _, back = do(restore, rules)
    up = daemon.wait_event("target", "up")
    # The four are decided within seconds of each other; in between the country is partly dark.
    sheet.equal([event["to"] for event in daemon.events("target") if event["to"] != "partly-dark"],
                ["dark", "up"], "dark once and up once", daemon.story())
    back_again = next(event for event in daemon.events("target") if event["from"] == "dark")
    check_inside(sheet, "dark", cut, dark["change"]["earliest"], dark["change"]["latest"], daemon)
    check_inside(sheet, "up", back, up["change"]["earliest"], up["change"]["latest"], daemon)
    check_outage(sheet, "country", back_again, cut, back, daemon)
    for number in range(4):
        sheet.equal(transitions(daemon.events("block", prefix(number)))[:1], [("up", "dark")],
                    f"block {number} has its own event", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


focus.phases = [0.0, 4.5]


def focus_later(sheet, country, blockwatch):
    """The same with the cut at another moment of the round."""
    focus(sheet, country, blockwatch)


def burst(sheet, country, blockwatch):
    """60 % of all packets are lost for 3 s, three times."""
    daemon = Daemon(country, blockwatch, targets=[country.target()]).start()
    for number in range(4):
        daemon.wait_verdict(prefix(number), "up")
    for _ in range(3):
        with country.border.lose(60, "198.18.0.0/15", "10.0.0.0/8"):
            time.sleep(3)
        time.sleep(3)
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    sheet.ok(any("suspect" in record["conditions"] for record in daemon.records("block")),
             "the burst was noticed", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def spoofed(sheet, country, blockwatch):
    """A flood of forged replies and errors changes no verdict."""
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])]).start()
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    country.add_attacker()
    country.attacker.start(sys.executable, SPOOFER, "flood", VANTAGE, *hosts(0), *hosts(1),
                           "--seconds", "3600", "--pps", "1000")
    daemon.wait("rejected packets", lambda daemon: daemon.vantage().get("rejected", 0) > 1000)
    _, cut = do(country.darken, 0)
    dark = daemon.wait_event("block", "dark")
    check_inside(sheet, "dark", cut, dark["change"]["earliest"], dark["change"]["latest"], daemon)
    daemon.wait_rounds(8)
    sheet.equal(transitions(daemon.events("block")), [("up", "dark")], "dark, and it stays so",
                daemon.story())
    sheet.equal(daemon.last_blocks(), {prefix(0): "dark", prefix(1): "up"}, "the other one is up")
    daemon.end()
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, story, focus, focus_later, burst, spoofed)


if __name__ == "__main__":
    tap.main(main)
