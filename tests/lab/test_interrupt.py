# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM end a check within a second, with what is known so far."""
import signal
import time

from capture import Capture
from check import Check, expect, flaws
from country import INTERFACE, Country, prefix
import tap

KNOWN = {prefix(0): "unknown", prefix(1): "up", prefix(2): "up", prefix(3): "up"}


def interrupt(process, number):
    """Sends the signal; returns how long the process took to end, at most ten seconds."""
    begin = time.monotonic()
    process.send_signal(number)
    process.wait(timeout=10)
    return time.monotonic() - begin


def main(test, blockwatch):
    with Country() as country:
        country.darken(0)
        path = country.target()
        for number in (signal.SIGINT, signal.SIGTERM):
            with Capture(country.vantage, INTERFACE) as capture:
                check = Check(country.vantage, blockwatch, path)
                capture.wait_for(4, prefix(0))
                seconds = interrupt(check.process, number)
            check.finish()
            what = number.name
            test.ok(seconds < 1, f"{what}: ends within a second", f"after {seconds:.2f} s")
            expect(test, check, 3, KNOWN, what)
            test.equal(flaws(check), [], f"{what}: well-formed records", check.story())
            test.ok("interrupted" in check.reasons(), f"{what}: says so", check.story())
        with Capture(country.vantage, INTERFACE) as capture:
            process = country.vantage.start(blockwatch, "check", "--allow-reserved", path)
            capture.wait_for(4, prefix(0))
            interrupt(process, signal.SIGINT)
        text = process.communicate()[0]
        test.equal(process.returncode, 3, "in words: exit 3", text)
        test.ok(all(block in text for block in KNOWN), "in words: every network is told", text)


if __name__ == "__main__":
    tap.main(main)
