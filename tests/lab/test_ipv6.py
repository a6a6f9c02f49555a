# SPDX-License-Identifier: Apache-2.0
"""The same country over IPv6, and both families in one target."""
import json
import time

from capture import Capture
from check import Check, expect, flaws
from country import GATEWAY6, INTERFACE, VANTAGE6, Country, hosts, prefix
import tap


def both_families(country):
    day = time.strftime("%Y-%m-%d", time.gmtime())
    networks = [{"prefix": prefix(number, version),
                 "hosts": [{"address": host, "seen": day} for host in hosts(number, 5, version)]}
                for number in range(2) for version in (4, 6)]
    return country.lab.file("both.json", json.dumps(
        {"schema": "blockwatch/target/1", "name": "both", "networks": networks}))


def main(test, blockwatch):
    with Country() as country:
        with Capture(country.vantage, INTERFACE) as capture:
            check = Check(country.vantage, blockwatch, country.target(version=6)).finish()
        expect(test, check, 0, {prefix(number, 6): "up" for number in range(4)}, "all up")
        test.ok(all(block["sent"] <= 3 for block in check.blocks.values()),
                "three answers are enough: nobody is asked again", check.story())
        test.equal(flaws(check), [], "well-formed records")
        allowed = {GATEWAY6} | {host for number in range(4) for host in hosts(number, version=6)}
        probes = [packet for packet in capture.sent_by(f"{VANTAGE6}/128")
                  if packet.protocol == 58 and packet.body[0] == 128]
        test.equal({str(packet.dst) for packet in probes} - allowed, set(),
                   "only listed hosts and the gateway are probed")
        check = Check(country.vantage, blockwatch, both_families(country)).finish()
        expect(test, check, 0, {prefix(number, version): "up"
                                for number in range(2) for version in (4, 6)}, "both families")
        country.networks[1].silence(prefix(1, 6))
        check = Check(country.vantage, blockwatch, both_families(country)).finish()
        expect(test, check, 1, {prefix(0): "up", prefix(0, 6): "up", prefix(1): "up",
                                prefix(1, 6): "dark"}, "one network dark in IPv6 alone")
        nobody_to_ask(test, blockwatch, country)
        without_ipv6(test, blockwatch, country)


def nobody_to_ask(test, blockwatch, country):
    """The source of a route to such an address is another than that of the default route."""
    for address in ("::", "ff02::1", "0.0.0.0"):
        check = Check(country.vantage, blockwatch, "--dry-run", address).finish()
        test.equal((check.code, check.records), (0, []),
                   f"no gateway is probed for {address}, which may not be probed", check.story())


def without_ipv6(test, blockwatch, country):
    """Of a network without hosts nothing is known: that it has no route does not make it count."""
    country.vantage.ip("route del default via 2001:db8:99::1")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    listed = [{"address": host, "seen": day} for host in hosts(0, 5)]
    target = country.lab.file("hostless.json", json.dumps(
        {"schema": "blockwatch/target/1", "name": "hostless", "networks": [
            {"prefix": prefix(0), "hosts": listed}, {"prefix": "2400:3500::/32"},
            {"prefix": "2400:3501::/32"}]}))
    check = Check(country.vantage, blockwatch, target).finish()
    test.equal(check.code, 0, "up: every network of which anything is known", check.story())
    test.equal({block: record["reasons"] for block, record in check.blocks.items()},
               {prefix(0): [], "2400:3500::/32": ["never-seen"], "2400:3501::/32": ["never-seen"]},
               "networks without hosts were never seen", check.story())
    test.equal(check.stderr, "", "no word of a missing route")
    test.ok(check.vantage["healthy"] and all(way["healthy"] for way in check.vantage["ways"]),
            "the vantage is healthy on all its ways", check.story())
    text = country.vantage.run(blockwatch, "check", "--no-state", "--allow-reserved", target)
    test.equal(text.stdout.splitlines()[:1],
               ["hostless is up: 1 of 3 networks answers, 2 unknown (never seen)"],
               "the first line says so")


if __name__ == "__main__":
    tap.main(main)
