# SPDX-License-Identifier: Apache-2.0
"""A country that is up: a verdict from the first answers, records in order, no packet too many."""

from capture import Capture
from check import Check, expect, flaws
from country import GATEWAY, INTERFACE, VANTAGE, Country, hosts, prefix
import tap

FOUR_UP = {prefix(number): "up" for number in range(4)}


def test_records(test, country, blockwatch):
    with Capture(country.vantage, INTERFACE) as capture:
        check = Check(country.vantage, blockwatch, country.target()).finish()
    expect(test, check, 0, FOUR_UP, "all up")
    test.ok(all(block["sent"] <= 3 for block in check.blocks.values()),
            "three answers are enough: nobody is asked again", check.story())
    test.equal(flaws(check), [], "records are well-formed and numbered", check.story())
    test.equal(check.target.get("networks"),
               {"total": 4, "up": 4, "flapping": 0, "dark": 0, "partly_dark": 0, "unknown": 0},
               "networks are counted")
    test.equal(check.target.get("title"), "Labland", "the target has its title")
    vantage = check.vantage
    test.equal((vantage.get("healthy"), vantage.get("rejected"), vantage.get("capture_dropped"),
                vantage.get("send_errors")), (True, 0, 0, 0), "the vantage is well", check.story())
    allowed = {GATEWAY} | {address for number in range(4) for address in hosts(number)}
    sent = [packet for packet in capture.sent_by(f"{VANTAGE}/32")]
    test.equal({str(packet.dst) for packet in sent} - allowed, set(),
               "only listed hosts and the gateway are probed")
    test.equal(vantage.get("sent"), len(sent), "what is said to be sent is what the cable saw")


def test_text(test, country, blockwatch):
    done = country.vantage.run(blockwatch, "check", "--allow-reserved", country.target())
    lines = done.stdout.splitlines() or [""]
    test.equal(lines[0], "Labland is up: 4 of 4 networks answer", "the first line says it in words")
    test.equal((done.code, "\x1b" in done.stdout + done.stderr), (0, False), "no colours in a pipe")
    for number in range(4):
        test.ok(any(prefix(number) in line and "up" in line for line in lines[1:]),
                f"the table has {prefix(number)}", done.stdout)


def test_other_targets(test, country, blockwatch):
    plain = country.lab.file("plain.txt", f"# a list\n{prefix(0)}\n\n{hosts(1)[0]} # one host\n")
    runs = [("a plain list", [plain], [prefix(0), prefix(1)]),
            ("a prefix", [prefix(2)], [prefix(2)]),
            ("an address", [hosts(3)[4]], [hosts(3)[4] + "/32"]),
            ("a /22", ["198.18.0.0/22"], list(FOUR_UP)),
            ("several targets", [country.target(numbers=[0]), prefix(1)], [prefix(0), prefix(1)])]
    checks = [(what, Check(country.vantage, blockwatch, *targets), blocks)
              for what, targets, blocks in runs]
    for what, check, blocks in checks:
        expect(test, check.finish(), 0, {block: "up" for block in blocks}, what)
    boots = {record["boot"] for _, check, _ in checks for record in check.records}
    test.equal(len(boots), len(checks), "checks side by side do not disturb each other")
    test.equal(len(checks[-1][1].of_type("target")), 2, "each target has its record")


def main(test, blockwatch):
    with Country() as country:
        test_records(test, country, blockwatch)
        test_text(test, country, blockwatch)
        test_other_targets(test, country, blockwatch)


if __name__ == "__main__":
    tap.main(main)
