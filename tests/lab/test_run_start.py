# SPDX-License-Identifier: Apache-2.0
"""Starts of the daemon that meet an obstacle: another daemon, nothing to write to."""
from country import prefix
from daemon import Daemon, check_form, run_scenarios
import tap


def second(sheet, country, blockwatch):
    """Two daemons on one state directory: the second ends, the first watches and saves on."""
    path = country.target(numbers=[0])
    first = Daemon(country, blockwatch, state_directory="../state", targets=[path]).start()
    first.wait_verdict(prefix(0), "up")
    other = Daemon(country, blockwatch, "other", state_directory="../state", targets=[path])
    for _ in range(2):
        other.start()
        sheet.equal(other.process.wait(), 69, "the second: exit 69")
    said = other.messages()
    sheet.equal(len(said), 2, "one line each time", "\n".join(said))
    sheet.ok("another process keeps its state" in said[0], "it says why", said[0])
    first.reload()
    other.start()
    sheet.equal(other.process.wait(), 69, "after a reload of the first: 69 again")
    sheet.equal(first.end(), 0, "the first: exit 0", first.story())
    other.start()
    other.wait_verdict(prefix(0), "up")
    sheet.equal(other.end(), 0, "then the other may", other.story())
    check_form(sheet, first)
    check_form(sheet, other)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, second)


if __name__ == "__main__":
    tap.main(main)
