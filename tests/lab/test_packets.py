# SPDX-License-Identifier: Apache-2.0
"""Probes on the cable: headers and checksums are valid, and the rate is kept."""
import os
import shutil

from capture import Capture
from check import Check
from country import INTERFACE, VANTAGE, VANTAGE6, Country, prefix
import tap

TSHARK = ["tshark", "-n", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]
GOOD = ["(icmp.type == 8 and ip.checksum.status == 1 and icmp.checksum.status == 1)",
        "(icmpv6.type == 128 and icmpv6.checksum.status == 1)",
        "(ip and tcp.flags == 2 and ip.checksum.status == 1 and tcp.checksum.status == 1)",
        "(ipv6 and tcp.flags == 2 and tcp.checksum.status == 1)"]
RATE = 20


def count(country, path, display_filter):
    done = country.vantage.run(*TSHARK, "-r", path, "-Y", display_filter)
    return len(done.stdout.splitlines())


def is_probe(packet):
    """Whether the vantage sent it, unless it is its kernel's RST to a SYN-ACK."""
    return str(packet.src) in (VANTAGE, VANTAGE6) and not (
        packet.protocol == 6 and packet.body[13] & 4) and not packet.is_chatter()


def test_validity(test, country, blockwatch):
    if not shutil.which("tshark"):
        test.skip("tshark agrees with the packets", "tshark is not installed")
        return
    with Capture(country.vantage, INTERFACE) as capture:
        for version in (4, 6):
            for method in ("icmp", "tcp:443"):
                path = country.target(version=version, methods=[method])
                check = Check(country.vantage, blockwatch, path).finish()
                test.equal(check.code, 0, f"IPv{version} by {method}", check.story())
    probes = [packet for packet in capture.packets if is_probe(packet)
              and (capture.to("198.18.0.0/15") or capture.to("2001:db8::/32"))]
    probes = [packet for packet in probes
              if str(packet.dst).startswith(("198.18.", "2001:db8:"))
              and not str(packet.dst).startswith("2001:db8:99")]
    path = capture.write(os.path.join(country.lab.folder, "probes.pcap"), probes)
    test.ok(len(probes) >= 4 * 4, f"{len(probes)} probes were captured")
    for good in GOOD:
        test.ok(count(country, path, good) >= 4, f"tshark finds probes with {good}")
    test.equal(count(country, path, " or ".join(GOOD)), len(probes), "and no other ones")
    test.equal(count(country, path, "_ws.malformed or _ws.expert.severity >= 0x600000"), 0,
               "tshark has nothing to object to")


def test_rate(test, country, blockwatch):
    """No second has more packets than --rate allows."""
    with Capture(country.vantage, INTERFACE) as capture:
        check = Check(country.vantage, blockwatch, "--rate", RATE, country.target()).finish()
    test.equal(check.code, 2, "a slow check of dark networks", check.story())
    times = [packet.time for packet in capture.sent_by(f"{VANTAGE}/32")]
    most = max(sum(begin <= time < begin + 1 for time in times) for begin in times)
    # One more at the edge of the second, and one that a busy machine sent late.
    test.ok(most <= RATE + 2, f"at most {RATE} packets a second", f"{most} in one second")


def main(test, blockwatch):
    with Country() as country:
        test_validity(test, country, blockwatch)
        country.darken()
        test_rate(test, country, blockwatch)


if __name__ == "__main__":
    tap.main(main)
