# SPDX-License-Identifier: Apache-2.0
"""A chain of kernel routers, each a namespace, for traceroute.

    vantage -- r1 -- r2 -- ... -- r8 -- end

Router N answers from 10.99.N.2 and 2001:db8:99:N::2, the addresses on its side of the link to the
vantage. The end answers for 198.18.9.0/24 and 2001:db8:9::/64, and for all else under 198.18.0.0/16
and 2001:db8::/32 that the routers send its way. With `branches`, r4 is two routers, r4a and r4b,
between which r3 balances by flow; r4b has 44 in its addresses.
"""
import json

from lab import Lab, finish

ROUTERS = 8
SOURCE = "10.99.1.1"
SOURCE6 = "2001:db8:99:1::1"
NAT = "10.99.2.1"  # of r1 towards r2
NAT6 = "2001:db8:99:2::1"
END = "198.18.9.9"
END6 = "2001:db8:9::9"
FAR = "198.18.0.0/16"
FAR6 = "2001:db8::/33"  # the links lie in the same half; they have longer prefixes


def hop(number, version=4):
    return f"10.99.{number}.2" if version == 4 else f"2001:db8:99:{number:x}::2"


def near(number, version=4):
    return f"10.99.{number}.1" if version == 4 else f"2001:db8:99:{number:x}::1"


def way(until=ROUTERS, version=4):
    """The routers from 1 to UNTIL."""
    return [hop(number, version) for number in range(1, until + 1)]


class Chain:
    def __init__(self, branches=False):
        self.lab = Lab()
        self.branches = branches

    def __enter__(self):
        self.lab.__enter__()
        self.vantage = self.lab.node("vantage")
        self.end = self.lab.node("end")
        self.routers = {number: self.lab.node(f"r{number}") for number in range(1, ROUTERS + 1)}
        for router in self.routers.values():
            router.forward()
        left = self.vantage
        for number in range(1, ROUTERS + 2):
            right = self.routers.get(number, self.end)
            self.join(left, right, number)
            left = right
        self.vantage.ip(f"route add default via {hop(1)}", f"route add ::/0 via {hop(1, 6)}")
        self.end.answer_for("198.18.9.0/24", "2001:db8:9::/64")
        # An address of its own: else the kernel sends port unreachable from that of the link.
        self.end.ip(f"address add {END6}/128 dev lo nodad")
        if self.branches:
            self.add_branch()
        return self

    def __exit__(self, *exception):
        self.lab.__exit__(*exception)

    def join(self, left, right, number):
        """Link NUMBER, and the routes over it: outward on the left, homeward on the right."""
        self.lab.link(left, f"out{number}", right, f"in{number}",
                      [f"{near(number)}/24", f"{near(number, 6)}/64"],
                      [f"{hop(number)}/24", f"{hop(number, 6)}/64"])
        if number > 1:
            left.ip(f"route add {FAR} via {hop(number)}",
                    f"route add {FAR6} via {hop(number, 6)}")
            right.ip(*([f"route add {NAT}/32 via {near(number)}",
                        f"route add {NAT6}/128 via {near(number, 6)}"] if number > 2 else []),
                     f"route add {SOURCE}/32 via {near(number)}",
                     f"route add {SOURCE6}/128 via {near(number, 6)}")

    def add_branch(self):
        """r4b beside r4: r3 reaches it over link 44, and it reaches r5 over link 45."""
        other = self.lab.node("r4b")
        other.forward()
        self.lab.link(self.routers[3], "out44", other, "in44",
                      [f"{near(44)}/24", f"{near(44, 6)}/64"],
                      [f"{hop(44)}/24", f"{hop(44, 6)}/64"])
        self.lab.link(other, "out45", self.routers[5], "in45",
                      [f"{near(45)}/24", f"{near(45, 6)}/64"],
                      [f"{hop(45)}/24", f"{hop(45, 6)}/64"])
        other.ip(f"route add {FAR} via {hop(45)}", f"route add {FAR6} via {hop(45, 6)}",
                 f"route add {SOURCE}/32 via {near(44)}",
                 f"route add {SOURCE6}/128 via {near(44, 6)}")
        for key in ("net/ipv4/fib_multipath_hash_policy", "net/ipv6/fib_multipath_hash_policy"):
            self.routers[3].setting(key, 1 if "ipv4" in key else 0)
        self.routers[3].ip(
            f"route replace {FAR} nexthop via {hop(4)} nexthop via {hop(44)}",
            f"route del {FAR6}",
            f"route add {FAR6} nexthop via {hop(4, 6)} nexthop via {hop(44, 6)}")
        self.other = other

    def outward(self, number, kind, prefix):
        """Router NUMBER has a route of this KIND (blackhole, unreachable, prohibit) to PREFIX."""
        self.routers[number].ip(f"route add {kind} {prefix}")


class Trace:
    """One run of `blockwatch trace --json --allow-reserved ARGUMENTS` in a node."""

    def __init__(self, node, blockwatch, *arguments):
        self.process = node.start(blockwatch, "trace", "--json", "--allow-reserved", "--rate", 1000,
                                  "--timeout", "1s", *arguments)
        self.records = []

    def finish(self):
        self.finished = finish(self.process)
        self.records = [json.loads(line) for line in self.finished.stdout.splitlines()]
        return self

    code = property(lambda self: self.finished.code)
    stderr = property(lambda self: self.finished.stderr)

    @property
    def hops(self):
        """The addresses of the hops of the only record, None for silent ones."""
        return [one["from"] for one in self.records[0]["hops"]] if self.records else None

    @property
    def ends(self):
        """(destination, reached, stopped) of all records."""
        return sorted((record["destination"], record["reached"], record["stopped"])
                      for record in self.records)
