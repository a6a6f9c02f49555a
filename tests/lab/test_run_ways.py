# SPDX-License-Identifier: Apache-2.0
"""Health belongs to a way out: what is lost there makes the blocks behind it unknown and leaves all
others watched; routes are followed, and answers are heard by whatever interface they come in."""
from capture import Capture
from check import Check
from country import GATEWAY2, GATEWAY6, INTERFACE, INTERFACE2, VANTAGE, VANTAGE2, prefix
from daemon import Daemon, check_form, run_scenarios
import tap


def start(country, blockwatch, versions=(4,), **config):
    """A daemon that has found networks 0 and 1 up, in each family."""
    targets = [country.target(f"lab{version}", [0, 1], version) for version in versions]
    daemon = Daemon(country, blockwatch, targets=targets, **config).start()
    for number in range(2):
        for version in versions:
            daemon.wait_verdict(prefix(number, version), "up")
    daemon.wait_rounds(2)
    return daemon


def unfit_way(daemon, **fields):
    """The way of the last vantage record with these fields that is not healthy, or {}."""
    return next((way for way in daemon.vantage().get("ways", []) if not way["healthy"]
                 and all(way[key] == value for key, value in fields.items())), {})


def check_outage_elsewhere(sheet, country, daemon, lost):
    """Tests that an outage of network 0 is seen while the blocks LOST are unknown."""
    rules = country.darken(0)
    daemon.wait_event("block", "dark", subject=prefix(0))
    rules[0].remove()
    daemon.wait_verdict(prefix(0), "up")
    sheet.equal({daemon.last_blocks()[block] for block in lost}, {"unknown"},
                "what is behind the lost way is unknown", daemon.story())
    sheet.ok(daemon.vantage()["healthy"], "the vantage can judge others", daemon.vantage())


def check_end(sheet, daemon, lost):
    """Tests that the blocks LOST are up again, without any event of theirs."""
    for block in lost:
        daemon.wait_verdict(block, "up")
    sheet.ok(not unfit_way(daemon), "each way is fit again", daemon.vantage())
    sheet.equal([event for event in daemon.events() if event["subject"] in lost], [],
                "no event of what was lost", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def family_without_route(sheet, country, blockwatch):
    """The IPv6 default route goes, IPv4 is as it was."""
    lost = [prefix(number, 6) for number in range(2)]
    daemon = start(country, blockwatch, (4, 6))
    country.vantage.ip(f"route delete default via {GATEWAY6}")
    for block in lost:
        daemon.wait_verdict(block, "unknown")
    way = daemon.wait("unfit way", lambda daemon: unfit_way(daemon, family=6))
    sheet.equal(way["reasons"], ["no-route"], "with its reason")
    check_outage_elsewhere(sheet, country, daemon, lost)
    country.vantage.ip(f"route add default via {GATEWAY6}")
    check_end(sheet, daemon, lost)


def family_cut(sheet, country, blockwatch):
    """The line is cut for IPv6 alone: nothing shows that in the routes."""
    lost = [prefix(number, 6) for number in range(2)]
    daemon = start(country, blockwatch, (4, 6))
    rules = country.uplink.rules("cut", "prerouting",
                                 'iifname "vantage" icmpv6 type echo-request drop')
    for block in lost:
        daemon.wait_verdict(block, "unknown")
    way = daemon.wait("unfit way", lambda daemon: unfit_way(daemon, family=6))
    sheet.equal((way["interface"], way["reasons"]), (INTERFACE, ["vantage-offline"]), "it says so")
    check_outage_elsewhere(sheet, country, daemon, lost)
    rules.remove()
    check_end(sheet, daemon, lost)


def uplink_cut(sheet, country, blockwatch):
    """One of two uplinks is cut."""
    country.add_uplink()
    country.vantage.ip(f"route add {prefix(1)} via {GATEWAY2}")
    daemon = start(country, blockwatch)
    rules = country.uplink.rules("cut", "prerouting", 'iifname "vantage2" meta protocol ip drop')
    daemon.wait_verdict(prefix(1), "unknown")
    way = daemon.wait("unfit way", lambda daemon: unfit_way(daemon, family=4))
    sheet.equal((way["interface"], way["reasons"]), (INTERFACE2, ["vantage-offline"]), "it says so")
    check_outage_elsewhere(sheet, country, daemon, [prefix(1)])
    rules.remove()
    check_end(sheet, daemon, [prefix(1)])


def uplink_down(sheet, country, blockwatch):
    """The link of one of two uplinks goes down."""
    country.add_uplink()
    country.vantage.ip(f"route add {prefix(1)} via {GATEWAY2}")
    daemon = start(country, blockwatch)
    country.uplink.ip("link set vantage2 down")
    daemon.wait_verdict(prefix(1), "unknown")
    way = daemon.wait("unfit way", lambda daemon: unfit_way(daemon, family=4))
    sheet.equal((way["interface"], way["reasons"]), (INTERFACE2, ["interface-down"]), "it says so")
    check_outage_elsewhere(sheet, country, daemon, [prefix(1)])
    country.uplink.ip("link set vantage2 up")
    check_end(sheet, daemon, [prefix(1)])


def unreachable(sheet, country, blockwatch):
    """Somebody makes one network unreachable in the routing table."""
    daemon = start(country, blockwatch)
    country.vantage.ip(f"route add unreachable {prefix(1)}")
    daemon.wait_verdict(prefix(1), "unknown")
    sheet.equal(daemon.records("block")[-1]["reasons"] or ["no-route"], ["no-route"], "its reason")
    check_outage_elsewhere(sheet, country, daemon, [prefix(1)])
    country.vantage.ip(f"route delete unreachable {prefix(1)}")
    check_end(sheet, daemon, [prefix(1)])


def firewall(sheet, country, blockwatch):
    """A local firewall no longer lets the probes of one network out, and the kernel says so."""
    daemon = start(country, blockwatch)
    rules = country.vantage.rules("firewall", "output", f"ip daddr {prefix(1)} drop")
    daemon.wait_verdict(prefix(1), "unknown")
    reasons = [record["reasons"] for record in daemon.records("block")
               if record["block"] == prefix(1) and record["verdict"] == "unknown"]
    sheet.ok("send-failed" in reasons[-1], "with its reason", reasons)
    check_outage_elsewhere(sheet, country, daemon, [prefix(1)])
    rules.remove()
    check_end(sheet, daemon, [prefix(1)])


def more_specific(sheet, country, blockwatch):
    """A more specific route leads by another interface, as when a VPN comes up, and goes again."""
    country.add_uplink()
    daemon = start(country, blockwatch)
    rules = country.uplink.rules("cut", "prerouting",
                                 f'iifname "vantage" ip daddr {prefix(1)} drop')
    country.vantage.ip(f"route add {prefix(1)} via {GATEWAY2}")
    daemon.wait_message("the way out is another now")
    with Capture(country.vantage, INTERFACE2) as capture:
        daemon.wait_rounds(6)
    sheet.ok(any(str(packet.src) == VANTAGE2 for packet in capture.to(prefix(1))),
             "probes leave by it, with its address")
    sheet.equal(daemon.last_blocks(), {prefix(0): "up", prefix(1): "up"}, "both are up",
                daemon.story())
    rules.remove()
    country.vantage.ip(f"route delete {prefix(1)}")
    daemon.wait_rounds(4)
    check_end(sheet, daemon, [prefix(0), prefix(1)])


def next_hop(sheet, country, blockwatch):
    """One of two next hops of a route behind one interface dies: the other says that it lives."""
    country.add_next_hop(prefix(1))
    daemon = start(country, blockwatch)
    country.uplink.ip("link set hop2 down")
    daemon.wait_verdict(prefix(1), "unknown")
    check = Check(country.vantage, blockwatch, country.target("again", [1])).finish()
    daemon.wait_rounds(8)
    last = [record for record in daemon.records("block") if record["block"] == prefix(1)][-1]
    sheet.equal((last["verdict"], last["reasons"]), ("unknown", ["next-hop-lost"]), "it says so",
                daemon.story())
    sheet.equal(daemon.last_blocks()[prefix(0)], "up", "the other network is watched on")
    sheet.equal((check.code, check.target["verdict"]), (3, "unknown"), "a check says it, too",
                check.story())
    country.uplink.ip("link set hop2 up")
    check_end(sheet, daemon, [prefix(1)])


def asymmetric(sheet, country, blockwatch):
    """Answers come in by another interface than the probes have left by."""
    country.add_uplink()
    country.uplink.ip(f"route add {VANTAGE}/32 via {VANTAGE2}")
    check = Check(country.vantage, blockwatch, country.target("again", [0])).finish()
    sheet.equal((check.code, check.vantage["rejected"]), (0, 0), "a check hears them",
                check.story())
    daemon = start(country, blockwatch)
    check_end(sheet, daemon, [prefix(0), prefix(1)])


def main(test, blockwatch):
    run_scenarios(test, blockwatch, family_without_route, family_cut, uplink_cut, uplink_down,
                  unreachable, firewall, more_specific, next_hop, asymmetric)


if __name__ == "__main__":
    tap.main(main)
