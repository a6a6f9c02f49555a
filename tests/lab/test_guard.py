# SPDX-License-Identifier: Apache-2.0
"""Addresses that must not be probed get no packet."""
from capture import Capture
from check import Check, expect
from country import GATEWAY, GATEWAY6, INTERFACE, VANTAGE, VANTAGE6, Country, hosts, prefix
import tap


def watch(country, blockwatch, *arguments, **options):
    """One check and all that it sent."""
    with Capture(country.vantage, INTERFACE) as capture:
        check = Check(country.vantage, blockwatch, *arguments, **options).finish()
    return check, capture


def test_blocklist(test, country, blockwatch):
    """A prefix, a host and an IPv6 prefix; the list wins over --allow-reserved."""
    listed = country.lab.file("blocklist", f"{prefix(0)} # they asked\n{hosts(1)[0]}\n"
                                           f"{prefix(2, 6)}\n")
    check, capture = watch(country, blockwatch, "--blocklist", listed, "--reference", hosts(0)[3],
                           country.target())
    expect(test, check, 3, {prefix(0): "unknown", prefix(1): "up", prefix(2): "up",
                            prefix(3): "up"}, "a block list")
    test.ok("blocklisted" in check.reasons(), "the reason is given", check.story())
    test.equal(len(capture.to(prefix(0))), 0, "not one packet to a listed prefix")
    test.equal(len(capture.to(f"{hosts(1)[0]}/32")), 0, "not one packet to a listed address")
    test.ok(capture.to(prefix(1)), "its neighbours are probed")
    check, capture = watch(country, blockwatch, "--blocklist", listed, country.target(version=6))
    test.equal(check.code, 3, "a block list, IPv6: exit 3", check.story())
    test.equal(len(capture.to(prefix(2, 6))), 0, "not one packet to a listed IPv6 prefix")
    test.ok(capture.to(prefix(1, 6)), "other IPv6 prefixes are probed")


def test_special_purpose(test, country, blockwatch):
    for version, gateway, vantage in ((4, f"{GATEWAY}/32", f"{VANTAGE}/32"),
                                      (6, f"{GATEWAY6}/128", f"{VANTAGE6}/128")):
        path = country.target(version=version)
        check, capture = watch(country, blockwatch, path, reserved=False)
        verdicts = {prefix(number, version): "unknown" for number in range(4)}
        expect(test, check, 3, verdicts, f"IPv{version} without --allow-reserved")
        test.ok("special-purpose" in check.reasons(), "the reason is given", check.story())
        sent = [packet for packet in capture.sent_by(vantage) if not packet.is_chatter()]
        others = [packet for packet in sent if packet not in capture.to(gateway)]
        test.equal([str(packet.dst) for packet in others], [], "nothing but the gateway is asked")
        check, capture = watch(country, blockwatch, path)
        test.equal(check.code, 0, "with it they are probed", check.story())


def test_dry_run(test, country, blockwatch):
    with Capture(country.vantage, INTERFACE) as capture:
        runs = [country.vantage.run(blockwatch, "check", "--allow-reserved", "--dry-run", *words)
                for words in ([country.target()], [country.target("six", version=6)],
                              [prefix(3)], ["--method", "tcp:443", country.target("tcp")])]
    seen = [packet for packet in capture.packets if not packet.is_chatter()]
    test.equal(len(seen), 0, "--dry-run sends nothing at all")
    for number, done in enumerate(runs):
        test.equal(done.code, 0, f"dry run {number}: exit 0", done.stdout, done.stderr)
    test.ok(all(any(host in runs[0].stdout for host in hosts(network)) for network in range(4)),
            "and says to whom it would have been", runs[0].stdout)


def main(test, blockwatch):
    with Country() as country:
        test_dry_run(test, country, blockwatch)
        test_blocklist(test, country, blockwatch)
        test_special_purpose(test, country, blockwatch)


if __name__ == "__main__":
    tap.main(main)
