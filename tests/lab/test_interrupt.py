# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM end a check, which prints what is known so far."""
import signal

from capture import Capture
from check import Check, expect, flaws
from country import INTERFACE, Country, prefix
from lab import finish
import tap

KNOWN = {prefix(0): "unknown", prefix(1): "up", prefix(2): "up", prefix(3): "up"}


def wait_known(capture):
    """Waits for answers of the networks that are up, then for a probe to the dark one."""
    for number in range(1, 4):
        capture.wait(f"answer of network {number}", lambda: capture.sent_by(prefix(number)))
    asked = len(capture.to(prefix(0)))
    capture.wait_for(max(4, asked + 1), prefix(0))


def main(test, blockwatch):
    with Country() as country:
        country.darken(0)
        path = country.target()
        for number in (signal.SIGINT, signal.SIGTERM):
            with Capture(country.vantage, INTERFACE) as capture:
                check = Check(country.vantage, blockwatch, path)
                wait_known(capture)
                check.process.send_signal(number)
                check.finish()
            what = number.name
            expect(test, check, 3, KNOWN, what)
            test.equal(flaws(check), [], f"{what}: well-formed records", check.story())
            test.ok("interrupted" in check.reasons(), f"{what}: says so", check.story())
        with Capture(country.vantage, INTERFACE) as capture:
            process = country.vantage.start(blockwatch, "check", "--allow-reserved", path)
            wait_known(capture)
            process.send_signal(signal.SIGINT)
            text = finish(process).stdout
        test.equal(process.returncode, 3, "in words: exit 3", text)
        test.ok(all(block in text for block in KNOWN), "in words: every network is told", text)


if __name__ == "__main__":
    tap.main(main)
