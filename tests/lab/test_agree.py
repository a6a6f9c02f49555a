# SPDX-License-Identifier: Apache-2.0
"""Agreement with fping and nmap: a block is up if and only if they find a host there."""
import re
import shutil

from check import Check
from country import Country, hosts, prefix
import tap

NETWORKS = 8
METHODS = ["icmp", "tcp:443"]


def arrange(country):
    """Puts each network into another state; the tools say which are up."""
    network, border = country.networks, country.border
    prefixes = [(prefix(number), prefix(number, 6)) for number in range(NETWORKS)]
    network[1].silence(*prefixes[1])
    network[2].filter_icmp(*prefixes[2])
    for version, block in zip((4, 6), prefixes[3]):
        network[3].answer_only(block, hosts(3, version=version)[2:5])
    border.reject("no-route", *prefixes[4])
    network[5].rules("no-tcp", "prerouting", "tcp dport 443 drop")
    border.ip("link set net6 down")


def found_by_fping(country, addresses):
    done = country.vantage.run("fping", "-a", "-i1", "-r2", "-t1000", *addresses)
    return set(done.stdout.split())


def found_by_nmap(country, addresses, version):
    flags = ["-6"] if version == 6 else []
    probes = ["-PE", "-PS443"]
    done = country.vantage.run("nmap", *flags, "-sn", "-n", "-T4", *probes, *addresses)
    return set(re.findall(r"Nmap scan report for (\S+)", done.stdout))


def start_checks(country, blockwatch, version):
    """Of all networks, by ICMP alone and by both methods."""
    return [Check(country.vantage, blockwatch,
                  country.target(f"{methods[-1][:3]}{version}", version=version, methods=methods))
            for methods in (METHODS[:1], METHODS)]


def test_targets(test, country, version, by_icmp, by_both):
    """The listed hosts of every network, by each tool with the same methods."""
    names = {prefix(number, version): hosts(number, version=version) for number in range(NETWORKS)}
    every = [address for addresses in names.values() for address in addresses]
    fping, nmap = found_by_fping(country, every), found_by_nmap(country, every, version)
    by_icmp.finish()
    by_both.finish()
    for block, addresses in names.items():
        for check, found, tool in ((by_icmp, fping, "fping"), (by_both, nmap, "nmap -sn")):
            verdict = check.verdicts().get(block)
            test.equal(verdict == "up", bool(found & set(addresses)),
                       f"{block}: {verdict}, as {tool} says", check.story())
    for found, tool in ((fping, "fping"), (nmap, "nmap")):
        alive = sum(bool(found & set(addresses)) for addresses in names.values())
        test.ok(0 < alive < NETWORKS,
                f"{tool} finds {alive} of {NETWORKS} networks alive, IPv{version}")


def test_prefixes(test, country, check):
    """Bare prefixes: every address is a candidate."""
    blocks = check.arguments
    fping = {block: country.vantage.run("fping", "-a", "-g", "-i1", "-r1", "-t500", block)
             for block in blocks}
    check.finish()
    for block in blocks:
        test.equal(check.verdicts().get(block) == "up", bool(fping[block].stdout.split()),
                   f"{block}: as fping -a -g says", check.story())


def main(test, blockwatch):
    for tool in ("fping", "nmap"):
        if not shutil.which(tool):
            raise tap.LabUnavailable(f"the program {tool} is not installed")
    with Country(NETWORKS) as country:
        arrange(country)
        checks = [(version, start_checks(country, blockwatch, version)) for version in (4, 6)]
        bare = Check(country.vantage, blockwatch, *map(prefix, (0, 1, 4, 5, 6, 7)))
        for version, pair in checks:
            test_targets(test, country, version, *pair)
        test_prefixes(test, country, bare)


if __name__ == "__main__":
    tap.main(main)
