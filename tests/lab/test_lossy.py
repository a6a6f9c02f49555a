# SPDX-License-Identifier: Apache-2.0
"""Random loss is not an outage, and a network that comes back is up again."""
from check import Check, expect, flaws
from country import Country, prefix
import tap

LOSS = 30 # per cent, on the way there; nothing on the way back
TIMES = 5


def main(test, blockwatch):
    with Country() as country:
        dark = country.darken(0)
        for number in range(1, 4):
            country.networks[number].lose(LOSS, prefix(number))
        path = country.target()
        checks = [Check(country.vantage, blockwatch, path) for _ in range(TIMES)]
        lossy = {prefix(0): "dark", prefix(1): "up", prefix(2): "up", prefix(3): "up"}
        for number, check in enumerate(checks):
            expect(test, check.finish(), 1, lossy, f"{LOSS} % loss and one dark, check {number}")
            test.equal(flaws(check), [], f"check {number}: well-formed records")
        for rules in dark:
            rules.remove()
        check = Check(country.vantage, blockwatch, path).finish()
        expect(test, check, 0, {**lossy, prefix(0): "up"}, "the dark network is restored")


if __name__ == "__main__":
    tap.main(main)
