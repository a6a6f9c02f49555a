# SPDX-License-Identifier: Apache-2.0
"""ICMP errors of routers: "prohibited" is unknown, "no route" means dark."""
from check import Check, expect, flaws
from country import Country, prefix
import tap

PROHIBITED = (0, 1)
NO_ROUTE = (2, 3)


def main(test, blockwatch):
    with Country(8) as country:
        for code, numbers in (("admin-prohibited", PROHIBITED), ("no-route", NO_ROUTE)):
            country.border.reject(code, *(prefix(number, version) for number in numbers
                                          for version in (4, 6)))
        runs = []
        for version in (4, 6):
            def run(what, numbers, code, verdict, *silent):
                verdicts = {prefix(number, version): verdict if number in silent else "up"
                            for number in numbers}
                name = f"{what} {version}".replace(" ", "-").lower()
                path = country.target(name, numbers, version)
                runs.append((f"{what}, IPv{version}", code, verdicts,
                             Check(country.vantage, blockwatch, path)))

            run("all prohibited", PROHIBITED, 3, "unknown", 0, 1)
            run("one of four prohibited", [1, 4, 5, 6], 3, "unknown", 1)
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
