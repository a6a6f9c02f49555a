# SPDX-License-Identifier: Apache-2.0
"""A small country in a lab, the topology that nearly all lab tests use.

    vantage --- uplink --- border -+- network0  198.18.0.0/24  2001:db8::/48
   10.99.0.2   10.99.0.1           +- network1  198.18.1.0/24  2001:db8:1::/48
                  |                +- network2  ...
               attacker            +- network3

Every network is one kernel that answers for all addresses of its prefixes and
has TCP ports 53 and 443 open. The attacker (made when asked for) can send
whatever it likes, but sees nothing of what goes on elsewhere.
"""
import datetime
import ipaddress
import json

from lab import Lab

VANTAGE = "10.99.0.2"
GATEWAY = "10.99.0.1"
NEXT_HOP = "10.99.0.3"
VANTAGE6 = "2001:db8:99::2"
GATEWAY6 = "2001:db8:99::1"
ATTACKER = "10.97.0.2"
INTERFACE = "up0"
VANTAGE2 = "10.96.0.2"
GATEWAY2 = "10.96.0.1"
INTERFACE2 = "up1"


def prefix(number, version=4):
    """The prefix of network NUMBER."""
    text = f"198.18.{number}.0/24" if version == 4 else f"2001:db8:{number:x}::/48"
    return str(ipaddress.ip_network(text))


def hosts(number, count=10, version=4):
    """Addresses in network NUMBER that a target file names."""
    form = "198.18.{}.{}" if version == 4 else "2001:db8:{:x}::{:x}"
    return [str(ipaddress.ip_address(form.format(number, 10 + 20 * host)))
            for host in range(count)]


class Country:
    """Builds the lab above; attributes are its nodes."""

    def __init__(self, networks=4):
        self.count = networks
        self.lab = Lab()
        self.vantage = self.uplink = self.border = self.attacker = None
        self.networks = []

    def __enter__(self):
        self.lab.__enter__()
        try:
            self._build()
        except BaseException:
            self.lab.close()
            raise
        return self

    def __exit__(self, *exception):
        self.lab.__exit__(*exception)

    def _build(self):
        lab = self.lab
        self.vantage, self.uplink, self.border = map(lab.node, ("vantage", "uplink", "border"))
        self.uplink.forward()
        self.border.forward()
        lab.link(self.vantage, INTERFACE, self.uplink, "vantage",
                 (f"{VANTAGE}/24", f"{VANTAGE6}/64"), (f"{GATEWAY}/24", f"{GATEWAY6}/64"))
        lab.link(self.uplink, "border", self.border, "uplink",
                 ("10.98.0.1/30", "2001:db8:98::1/64"), ("10.98.0.2/30", "2001:db8:98::2/64"))
        self.vantage.ip(f"route add default via {GATEWAY}", f"route add default via {GATEWAY6}")
        self.uplink.ip("route add 198.18.0.0/15 via 10.98.0.2",
                       "route add 2001:db8::/32 via 2001:db8:98::2")
        self.border.ip("route add 10.0.0.0/8 via 10.98.0.1",
                       "route add blackhole 198.18.0.0/15",
                       "route add 2001:db8:99::/64 via 2001:db8:98::1",
                       "route add blackhole 2001:db8::/32")
        self.networks = [self._add_network(number) for number in range(self.count)]

    def _add_network(self, number):
        node = self.lab.node(f"network{number}")
        inner, outer = f"10.98.{number + 1}.2", f"10.98.{number + 1}.1"
        inner6, outer6 = f"2001:db8:98:{number + 1:x}::2", f"2001:db8:98:{number + 1:x}::1"
        self.lab.link(self.border, f"net{number}", node, "border",
                      (f"{outer}/30", f"{outer6}/64"), (f"{inner}/30", f"{inner6}/64"))
        self.border.ip(f"route add {prefix(number)} via {inner}",
                       f"route add {prefix(number, 6)} via {inner6}")
        node.ip(f"route add default via {outer}", f"route add default via {outer6}")
        node.answer_for(prefix(number), prefix(number, 6))
        node.listen(53, 443)
        return node

    def add_attacker(self):
        """Adds a machine elsewhere whose provider forwards packets with forged sources."""
        self.attacker = self.lab.node("attacker")
        self.lab.link(self.attacker, INTERFACE, self.uplink, "attacker",
                      (f"{ATTACKER}/24", "2001:db8:97::2/64"),
                      ("10.97.0.1/24", "2001:db8:97::1/64"))
        self.attacker.ip("route add default via 10.97.0.1", "route add default via 2001:db8:97::1")
        return self.attacker

    def add_uplink(self):
        """Adds a second line from the vantage to its provider, by which nothing is routed yet."""
        self.lab.link(self.vantage, INTERFACE2, self.uplink, "vantage2",
                      (f"{VANTAGE2}/24", "2001:db8:96::2/64"),
                      (f"{GATEWAY2}/24", "2001:db8:96::1/64"))
        self.border.ip("route add 2001:db8:96::/64 via 2001:db8:98::1")

    def add_next_hop(self, prefix):
        """Adds a second gateway on the first line, which nearly all packets to PREFIX take. Its
        link in the provider, "hop2", may be set down."""
        self.uplink.ip("link add link vantage name hop2 type macvlan mode bridge",
                       f"address add {NEXT_HOP}/32 dev hop2", "link set hop2 up")
        for interface in ("vantage", "hop2"):
            self.uplink.setting(f"net/ipv4/conf/{interface}/arp_ignore", 1)
            self.uplink.setting(f"net/ipv4/conf/{interface}/rp_filter", 0)
        self.vantage.ip(f"route add {prefix} nexthop via {GATEWAY} weight 1 "
                        f"nexthop via {NEXT_HOP} weight 256")

    def darken(self, *numbers):
        """Makes these networks (default: all) silent; returns their rules."""
        return [self.networks[number].silence(prefix(number), prefix(number, 6))
                for number in numbers or range(self.count)]

    def target(self, name="lab", numbers=None, version=4, count=10, seen=True, **fields):
        """Writes a target file of these networks (default: all) and returns its path.

        SEEN: its hosts have the day of today; else they are guesses.
        """
        day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
        networks = [{"prefix": prefix(number, version), "name": f"Network {number + 1}",
                     "hosts": [{"address": host, "seen": day} if seen else host
                               for host in hosts(number, count, version)]}
                    for number in (range(self.count) if numbers is None else numbers)]
        document = {"schema": "blockwatch/target/1", "name": name, "title": "Labland",
                    "methods": ["icmp"], "networks": networks}
        document.update(fields)
        return self.lab.file(f"{name}.json", json.dumps(document, indent=1))
