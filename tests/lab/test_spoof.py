# SPDX-License-Identifier: Apache-2.0
"""Forged and replayed packets are no evidence, neither for up nor for dark."""
import os
import sys

from capture import Capture
from check import Check, expect, flaws
from country import INTERFACE, VANTAGE, VANTAGE6, Country, hosts, prefix
import tap

SPOOFER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spoof.py")
FLOOD_SECONDS = 3600  # longer than any check; it ends with the lab
DARK, UP, RECORDED = 0, 1, 2


def attack(country, *arguments):
    return country.attacker.start(sys.executable, SPOOFER, *arguments,
                                  "--seconds", str(FLOOD_SECONDS))


def wait_attacks(country, lonely):
    """Waits until packets of each attack arrive."""
    for each, sources in ((country, (prefix(DARK), prefix(DARK, 6), prefix(RECORDED))),
                          (lonely, (prefix(DARK),))):
        with Capture(each.vantage, INTERFACE) as capture:
            for source in sources:
                capture.wait(f"packet from {source}", lambda: capture.sent_by(source))


def record_replies(country, blockwatch):
    """Checks a network while it is up; returns a capture of all that came."""
    path = os.path.join(country.lab.folder, "replies.pcap")
    with Capture(country.vantage, INTERFACE) as capture:
        Check(country.vantage, blockwatch,
              country.target("before", [RECORDED], methods=["icmp"])).finish()
        Check(country.vantage, blockwatch,
              country.target("before-tcp", [RECORDED], methods=["tcp:443"])).finish()
    capture.stop()
    return capture.write(path, capture.sent_by(prefix(RECORDED)))


def test_flood(test, country, blockwatch):
    """Replies in the name of a dark block; errors in the name of one that is up."""
    checks = [
        ("flooded dark block", 2, {prefix(DARK): "dark"},
         Check(country.vantage, blockwatch, country.target("a", [DARK]))),
        ("flooded dark block by TCP", 2, {prefix(DARK): "dark"},
         Check(country.vantage, blockwatch, country.target("b", [DARK], methods=["tcp:443"]))),
        ("flooded dark block over IPv6", 2, {prefix(DARK, 6): "dark"},
         Check(country.vantage, blockwatch, country.target("c", [DARK], version=6))),
        ("flooded dark block among others", 1, {prefix(DARK): "dark", prefix(UP): "up"},
         Check(country.vantage, blockwatch, country.target("d", [DARK, UP]))),
        ("replies of an earlier run", 2, {prefix(RECORDED): "dark"},
         Check(country.vantage, blockwatch, country.target("e", [RECORDED]))),
        ("replies of an earlier run by TCP", 2, {prefix(RECORDED): "dark"},
         Check(country.vantage, blockwatch, country.target("f", [RECORDED], methods=["tcp:443"]))),
        ("forged errors for a block that is up", 0, {prefix(UP): "up"},
         Check(country.vantage, blockwatch, country.target("g", [UP]))),
    ]
    for what, code, verdicts, check in checks:
        expect(test, check.finish(), code, verdicts, what)
        test.equal(flaws(check), [], f"{what}: well-formed records")
        if code == 2:
            test.ok(check.vantage.get("rejected", 0) > 0, f"{what}: forgeries are counted",
                    check.story())


def start_without_life(country, blockwatch):
    """A forged packet is no sign of life for the vantage either."""
    country.uplink.rules("hide", "input", "icmp type echo-request drop")
    return Check(country.vantage, blockwatch, country.target("h", [DARK]))


def main(test, blockwatch):
    with Country() as country, Country() as lonely:
        recorded = record_replies(country, blockwatch)
        country.darken(DARK, RECORDED)
        lonely.darken(DARK)
        for each in (country, lonely):
            each.add_attacker()
            attack(each, "flood", VANTAGE, *hosts(DARK), *hosts(UP), "--pps", "1000")
        attack(country, "flood", VANTAGE6, *hosts(DARK, version=6), "--pps", "500")
        attack(country, "replay", VANTAGE, recorded, "--pps", "300")
        wait_attacks(country, lonely)
        check = start_without_life(lonely, blockwatch)
        test_flood(test, country, blockwatch)
        expect(test, check.finish(), 3, {prefix(DARK): "unknown"}, "forgeries, a silent gateway")


if __name__ == "__main__":
    tap.main(main)
