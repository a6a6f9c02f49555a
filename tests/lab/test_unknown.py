# SPDX-License-Identifier: Apache-2.0
"""A silent block of which nothing is known beforehand is unknown, not dark."""
from check import Check, expect, flaws
from country import Country, hosts, prefix
from lab import finish
import tap


def main(test, blockwatch):
    with Country(2) as country:
        country.darken(1)
        plain = country.lab.file("plain.txt", f"{prefix(1)}\n{prefix(1, 6)}\n")
        mixed = country.lab.file("mixed.txt", f"{prefix(0)}\n{prefix(1)}\n")
        runs = [("a silent prefix", ["198.18.9.0/24"], {"198.18.9.0/24": "unknown"}),
                ("a silent IPv6 prefix", ["2001:db8:9::/48"], {"2001:db8:9::/48": "unknown"}),
                ("a silent address", [hosts(1)[0]], {f"{hosts(1)[0]}/32": "unknown"}),
                ("a silent list", [plain], {prefix(1): "unknown", prefix(1, 6): "unknown"}),
                ("a list, half of it silent", [mixed], {prefix(0): "up", prefix(1): "unknown"}),
                ("a silent target listed by hand", [country.target("hand", [1], seen=False)],
                 {prefix(1): "unknown"}),
                ("a silent prefix by TCP", ["--method", "tcp:443", prefix(1)],
                 {prefix(1): "unknown"})]
        checks = [(what, Check(country.vantage, blockwatch, *arguments), verdicts)
                  for what, arguments, verdicts in runs]
        words = country.vantage.start(blockwatch, "check", "--allow-reserved",
                                      country.target("words", [1], seen=False, count=4))
        for what, check, verdicts in checks:
            expect(test, check.finish(), 0 if "up" in verdicts.values() else 3, verdicts, what)
            test.equal(flaws(check), [], f"{what}: well-formed records")
            for block, verdict in verdicts.items():
                reasons = check.blocks.get(block, {}).get("reasons")
                test.equal(reasons, ["never-seen"] if verdict == "unknown" else [],
                           f"{what}: reasons of {block}", check.story())
        first = (finish(words).stdout.splitlines() or [""])[0]
        test.equal(first, "Labland is unknown: none of 4 listed hosts answers; "
                   "if the list is right, it is dark", "the first line says it in words")


if __name__ == "__main__":
    tap.main(main)
