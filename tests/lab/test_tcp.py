# SPDX-License-Identifier: Apache-2.0
"""TCP where ICMP is filtered, RST as a sign of life, and methods mixed."""
import json

from check import Check, expect, flaws
from country import Country, hosts, prefix
import tap

FILTERED = (0, 1)  # no ICMP; TCP passes
CLOSED = 81        # nobody listens there: the hosts answer RST


def up(*numbers, version=4):
    return {prefix(number, version): "up" for number in numbers}


def mixed_hosts(country):
    """Half of the hosts only by TCP, the other half only by ICMP."""
    networks = [{"prefix": prefix(number), "hosts": [
        {"address": address, "methods": ["tcp:53"] if number in FILTERED else ["icmp"]}
        for address in hosts(number)]} for number in range(4)]
    return country.lab.file("mixed.json", json.dumps(
        {"schema": "blockwatch/target/1", "name": "mixed", "networks": networks}))


def start(country, blockwatch):
    def run(what, verdicts, *arguments):
        return what, verdicts, Check(country.vantage, blockwatch, *arguments)

    both = ["icmp", "tcp:443"]
    return [
        run("SYN-ACK", up(0, 1), country.target("syn", FILTERED, methods=["tcp:443"])),
        run("RST", up(0, 1), country.target("rst", FILTERED, methods=[f"tcp:{CLOSED}"])),
        run("ICMP filtered", up(0, 1), country.target("both", FILTERED, methods=both)),
        run("ICMP filtered in a part", up(0, 1, 2, 3), country.target("part", methods=both)),
        run("methods of hosts", up(0, 1, 2, 3), mixed_hosts(country)),
        run("--method", up(0, 1), "--method", "tcp:53", country.target("option", FILTERED)),
        run("--method with a prefix", up(0), "--method", "icmp,tcp:443", prefix(0)),
        run("SYN-ACK over IPv6", up(0, 1, version=6),
            country.target("syn6", FILTERED, version=6, methods=["tcp:443"])),
        run("RST over IPv6", up(0, 1, version=6),
            country.target("rst6", FILTERED, version=6, methods=[f"tcp:{CLOSED}"])),
    ]


def main(test, blockwatch):
    with Country() as country:
        for number in FILTERED:
            country.networks[number].filter_icmp(prefix(number), prefix(number, 6))
        runs = start(country, blockwatch)
        for what, verdicts, check in runs:
            expect(test, check.finish(), 0, verdicts, what)
            test.equal(flaws(check), [], f"{what}: well-formed records")
        conditions = {block: record["conditions"] for block, record in runs[3][2].blocks.items()}
        test.ok(all(("icmp-filtered" in conditions.get(prefix(number), ())) == (number in FILTERED)
                    for number in range(4)), "icmp-filtered is said where it is so", conditions)


if __name__ == "__main__":
    tap.main(main)
