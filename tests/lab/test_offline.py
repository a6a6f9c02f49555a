# SPDX-License-Identifier: Apache-2.0
"""A vantage that has lost its own network never calls a block dark."""
import contextlib

from capture import Capture
from check import Check, flaws
from country import INTERFACE, Country, hosts, prefix
import tap

OFFLINE = {"vantage-offline", "no-sign-of-life"}
LINK = {"interface-down", "no-route", "send-failed"}
REFERENCE = hosts(4)[0]


def cut_uplink(country):
    country.uplink.rules("cut", "prerouting", "drop")


def pull_cable(country):
    country.uplink.ip("link set vantage down")


def hide_gateway(country):
    """The gateway forwards, but never answers for itself."""
    country.uplink.rules("hide", "input", "icmp type echo-request drop",
                         "icmpv6 type echo-request drop")


def hide_gateway_all_dark(country):
    hide_gateway(country)
    country.darken(0, 1, 2, 3)


def hide_gateway_three_dark(country):
    hide_gateway(country)
    country.darken(0, 1, 2)


def all_dark(country):
    country.darken(0, 1, 2, 3)


# What is broken beforehand, what is broken while probes are out (a rule of the kernel has cut the
# uplink before, after the second probe), further arguments, and what has to come out: exit code,
# number of dark blocks, reasons of which one is given.
SCENARIOS = [
    ("uplink cut", cut_uplink, None, [], 3, 0, OFFLINE),
    ("uplink cut, IPv6", cut_uplink, None, ["6"], 3, 0, OFFLINE),
    ("cable pulled", pull_cable, None, [], 3, 0, OFFLINE | LINK),
    ("uplink cut during the check", all_dark, cut_uplink, [], 3, 0, OFFLINE),
    ("cable pulled during the check", all_dark, pull_cable, [], 3, 0, OFFLINE | LINK),
    ("silent gateway, all silent", hide_gateway_all_dark, None, [], 3, 0, OFFLINE),
    ("silent gateway, one network answers", hide_gateway_three_dark, None, [], 1, 3, None),
    ("silent gateway, a reference answers", hide_gateway_all_dark, None,
     ["--reference", REFERENCE], 2, 4, None),
    ("silent gateway, silent reference", hide_gateway_all_dark, None,
     ["--reference", "198.18.9.9"], 3, 0, OFFLINE),
]


def prepare(stack, before, during):
    """A country of its own for each scenario, so that they run side by side."""
    country = stack.enter_context(Country(5))
    before(country)
    capture = None
    if during:
        country.uplink.cut_after(prefix(0))
        capture = stack.enter_context(Capture(country.vantage, INTERFACE))
    return country, capture


def begin(country, blockwatch, arguments):
    version = 6 if "6" in arguments else 4
    return Check(country.vantage, blockwatch, *[word for word in arguments if word != "6"],
                 country.target(numbers=range(4), version=version))


def main(test, blockwatch):
    with contextlib.ExitStack() as stack:
        countries = [prepare(stack, before, during) for _, before, during, *_ in SCENARIOS]
        checks = [begin(country, blockwatch, arguments)
                  for (country, _), (_, _, _, arguments, *_) in zip(countries, SCENARIOS)]
        for (country, capture), (_, _, during, *_) in zip(countries, SCENARIOS):
            if during:
                capture.wait_for(2, prefix(0))
                during(country)
        for check, (what, _, _, _, code, dark, reasons) in zip(checks, SCENARIOS):
            check.finish()
            test.equal(check.code, code, f"{what}: exit {code}", check.story())
            test.equal(list(check.verdicts().values()).count("dark"), dark,
                       f"{what}: {dark} dark", check.story())
            test.equal(flaws(check), [], f"{what}: well-formed records")
            if reasons:
                test.ok(check.reasons() & reasons, f"{what}: says why", check.story())
            if reasons == OFFLINE:
                test.equal(check.vantage.get("healthy"), False, f"{what}: not healthy",
                           check.story())


if __name__ == "__main__":
    tap.main(main)
