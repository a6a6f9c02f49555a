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


if __name__ == "__main__":
    tap.main(main)
