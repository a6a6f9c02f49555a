# SPDX-License-Identifier: Apache-2.0
"""Networks that are dark while the vantage is well, and the evidence that they need."""
from capture import Capture
from check import Check, expect, flaws
from country import INTERFACE, Country, hosts, prefix
from lab import finish
import tap

CONFIRM = 5  # seconds over which the evidence must reach, by default
SLACK = 0.5  # seconds by which a busy machine may send a packet late
SOURCE = "10.99.0.3"  # of one check, to tell its packets from those of the others

DARK = range(0, 4)
UP = range(4, 8)


def verdicts(numbers, version=4):
    return {prefix(number, version): "dark" if number in DARK else "up" for number in numbers}


def start(country, blockwatch):
    """Starts all checks: a list of (name, verdicts, exit code, check)."""
    def run(what, numbers, code, *arguments, **fields):
        path = country.target(what.replace(" ", "-").lower(), numbers, **fields)
        return (what, verdicts(numbers, fields.get("version", 4)), code,
                Check(country.vantage, blockwatch, *arguments, path))

    return [
        run("all dark", DARK, 2),
        run("one of four dark", [3, 4, 5, 6], 1),
        run("three of four dark", [0, 1, 2, 4], 1),
        run("all dark over IPv6", DARK, 2, version=6),
        run("one dark over IPv6", [3, 4], 1, version=6),
        run("dark by TCP", [0, 1], 2, methods=["tcp:443"]),
        run("dark by both methods", [2, 3], 2, methods=["icmp", "tcp:53"]),
        run("dark in networks of one known host", DARK, 2, count=1),
    ]


def test_one_host(test, country, blockwatch):
    """One host alone may be switched off: unknown, with the reason."""
    lone = Check(country.vantage, blockwatch, country.target("lone", [1], count=1))
    beside = Check(country.vantage, blockwatch, country.target("beside", [1, 4], count=1))
    expect(test, lone.finish(), 3, {prefix(1): "unknown"}, "one known host alone")
    expect(test, beside.finish(), 3, {prefix(1): "unknown", prefix(4): "up"},
           "one known host beside one that answers")
    for check in (lone, beside):
        test.equal(check.blocks[prefix(1)]["reasons"], ["few-hosts"], "the reason", check.story())


def test_evidence(test, capture):
    """Dark needs three hosts and a second group, `confirm` after the first."""
    for number in DARK:
        probes = [packet for packet in capture.to(prefix(number)) if str(packet.src) == SOURCE]
        reach = probes[-1].time - probes[0].time if probes else 0
        test.ok(len({packet.dst for packet in probes}) >= 3, f"{prefix(number)}: three hosts asked")
        test.ok(reach >= CONFIRM - SLACK, f"{prefix(number)}: evidence reaches over {CONFIRM} s",
                f"only over {reach:.2f} s")
        test.equal({str(packet.dst) for packet in probes}, set(hosts(number)),
                   f"{prefix(number)}: all its known hosts are asked, and nobody else")


def main(test, blockwatch):
    with Country(8) as country:
        country.darken(*DARK)
        country.vantage.ip(f"address add {SOURCE}/24 dev {INTERFACE}")
        words = country.vantage.start(blockwatch, "check", "--allow-reserved",
                                      country.target("words", DARK))
        with Capture(country.vantage, INTERFACE) as capture:
            alone = Check(country.vantage, blockwatch, "--source", SOURCE,
                          country.target("alone", DARK))
            runs = start(country, blockwatch)
            for what, expected, code, check in runs:
                expect(test, check.finish(), code, expected, what)
                test.equal(flaws(check), [], f"{what}: well-formed records")
            test_one_host(test, country, blockwatch)
            alone.finish()
        test_evidence(test, capture)
        test.equal(alone.target.get("networks"),
                   {"total": 4, "up": 0, "flapping": 0, "dark": 4, "partly_dark": 0,
                    "unknown": 0}, "counted as dark")
        first = (finish(words).stdout.splitlines() or [""])[0]
        test.ok(first.startswith("Labland is dark"), "the first line says it in words", first)


if __name__ == "__main__":
    tap.main(main)
