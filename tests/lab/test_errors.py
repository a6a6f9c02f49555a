# SPDX-License-Identifier: Apache-2.0
"""ICMP errors: "prohibited" inside a block is unknown; that of a router on the way, and "no route",
mean dark."""
from check import Check, expect, flaws
from country import Country, prefix
import tap

PROHIBITED = (0, 1)
NO_ROUTE = (2, 3)
INSIDE = (7,)


def main(test, blockwatch):
    with Country(8) as country:
        for code, numbers in (("admin-prohibited", PROHIBITED), ("no-route", NO_ROUTE)):
            country.border.reject(code, *(prefix(number, version) for number in numbers
                                          for version in (4, 6)))
        for number in INSIDE:
            country.networks[number].reject("admin-prohibited", prefix(number), hook="input")
        runs = []
        for version in (4, 6):
            def run(what, numbers, code, verdict, *silent):
                verdicts = {prefix(number, version): verdict if number in silent else "up"
                            for number in numbers}
                name = f"{what} {version}".replace(" ", "-").lower()
                path = country.target(name, numbers, version)
                runs.append((f"{what}, IPv{version}", code, verdicts,
                             Check(country.vantage, blockwatch, path)))

            if version == 4:  # the kernel sends ICMPv6 errors from an address of its link
                run("all prohibited by their own hosts", INSIDE, 3, "unknown", 7)
                run("one of four prohibited by its hosts", [4, 5, 6, 7], 3, "unknown", 7)
            run("the way to all is prohibited", PROHIBITED, 2, "dark", 0, 1)
            run("the way to one of four is prohibited", [1, 4, 5, 6], 1, "dark", 1)
            run("no route to all", NO_ROUTE, 2, "dark", 2, 3)
            run("no route to one of four", [3, 4, 5, 6], 1, "dark", 3)
        for what, code, verdicts, check in runs:
            expect(test, check.finish(), code, verdicts, what)
            test.equal(flaws(check), [], f"{what}: well-formed records")
            filtered = {block for block, record in check.blocks.items()
                        if "filtered" in record["conditions"] or "filtered" in record["reasons"]}
            test.equal(filtered, {block for block, verdict in verdicts.items()
                                  if verdict == "unknown"}, f"{what}: filtered is said",
                       check.story())


if __name__ == "__main__":
    tap.main(main)
