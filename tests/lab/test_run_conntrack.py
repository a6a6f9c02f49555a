# SPDX-License-Identifier: Apache-2.0
"""A vantage whose connection-tracking table is nearly full says so, and nothing else.

The connections are real, tracked by the namespace's own kernel. The limit is the whole
machine's, so the daemon is shown one of its own: a file over nf_conntrack_max, mounted
where nobody but the daemon sees it.
"""
import os
import socket

from country import GATEWAY, prefix
from daemon import Daemon, check_form, run_scenarios
from lab import LabUnavailable
import tap

COUNT = "/proc/sys/net/netfilter/nf_conntrack_count"
MAX = "/proc/sys/net/netfilter/nf_conntrack_max"
ROOM = 2000


def count(country):
    with country.vantage.inside(), open(COUNT, encoding="ascii") as stream:
        return int(stream.read())


def connect(country, connections):
    """Packets to as many ports of the gateway: the kernel remembers each for ten minutes."""
    country.vantage.setting("net/netfilter/nf_conntrack_udp_timeout", 600)
    with country.vantage.inside():
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sender:
        for port in range(20000, 20000 + connections):
            sender.sendto(b"", (GATEWAY, port))


def full(sheet, country, blockwatch):
    """Full, an outage meanwhile, a reload, and room again."""
    limit = country.lab.file("max", f"{ROOM}\n")
    country.uplink.rules("quiet", "prerouting", "udp dport 20000-29999 drop")
    country.vantage.rules("track", "output", "ct state new accept")
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])])
    daemon.start("sh", "-c", f'mount --bind {limit} {MAX} && exec "$@"', "sh")
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(2)
    connect(country, ROOM)
    sheet.ok(count(country) >= 0.95 * ROOM, "the table is full", count(country))
    blind = daemon.wait("unhealthy vantage", lambda daemon: not daemon.vantage()["healthy"]
                        and daemon.vantage())
    sheet.equal(blind["reasons"], ["conntrack-full"], "with its own reason", daemon.story())
    daemon.wait_message("the connection-tracking table is full")
    country.darken(0)
    daemon.wait_rounds(3)
    daemon.reload()
    daemon.wait_rounds(3)
    later = [record for record in daemon.records() if record["seq"] > blind["seq"]]
    sheet.ok(not any(record.get("healthy") for record in later), "unhealthy all along")
    sheet.equal({record["verdict"] for record in later if record["type"] == "block"}, {"unknown"},
                "all unknown all along", daemon.story())
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    with open(limit, "w", encoding="ascii") as stream:
        stream.write(f"{10 * ROOM}\n")
    daemon.wait_message("the connection-tracking table has room again")
    daemon.wait_event("block", "dark", subject=prefix(0))
    sheet.ok(daemon.vantage()["healthy"], "healthy again", daemon.story())
    sheet.equal([event["subject"] for event in daemon.events("block")], [prefix(0)],
                "the outage and no other is told", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def main(test, blockwatch):
    if not os.path.exists(COUNT):
        raise LabUnavailable("this kernel does not track connections")
    run_scenarios(test, blockwatch, full)


if __name__ == "__main__":
    tap.main(main)
