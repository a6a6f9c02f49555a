# SPDX-License-Identifier: Apache-2.0
"""A vantage without a network reports that alone: uplink cut, references gone, suspended."""
import signal
import time

from capture import Capture
from country import GATEWAY, INTERFACE, hosts, prefix
from daemon import Daemon, check_form, check_outage, do, run_scenarios, seconds_of
import tap

ASLEEP = 10


def cut_uplink(country):
    """The provider's first router drops all packets of the vantage."""
    return country.uplink.rules("cut", "prerouting", 'iifname "vantage" drop')


def cut_behind(country):
    """The first router answers, but nothing gets beyond it."""
    return country.uplink.rules("cut", "prerouting",
                                f'iifname "vantage" ip daddr != {GATEWAY} drop')


def start(country, blockwatch, **config):
    """A daemon that has found networks 0 to 2 up."""
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1, 2])],
                    state_directory="state", **config).start()
    for number in range(3):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(2)
    return daemon


def wait_blind(sheet, daemon):
    """Until the vantage says that it is not healthy; returns its record."""
    record = daemon.wait("unhealthy vantage",
                         lambda daemon: daemon.vantage()["healthy"] is False and daemon.vantage())
    sheet.ok(record["reasons"], "with a reason", record)
    return record


def wait_healthy(daemon):
    daemon.wait("healthy vantage", lambda daemon: daemon.vantage()["healthy"])
    for number in range(3):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(4)


def uplink(sheet, country, blockwatch):
    """The gateway is silent for a while, and there is no other reference."""
    daemon = start(country, blockwatch)
    rules = cut_uplink(country)
    blind = wait_blind(sheet, daemon)
    daemon.wait_rounds(5)
    sheet.equal(set(daemon.last_blocks().values()), {"unknown"}, "all is unknown meanwhile")
    sheet.ok(not any(record["healthy"] for record in daemon.records("vantage")
                     if record["seq"] > blind["seq"]), "not healthy until the end")
    sheet.ok(all(record["reasons"] for record in daemon.records("block")
                 if record["verdict"] == "unknown" and record["seq"] > blind["seq"]),
             "unknown blocks have reasons")
    rules.remove()
    wait_healthy(daemon)
    sheet.equal(daemon.events(), [], "no event at all", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def references(sheet, country, blockwatch):
    """Cut behind the gateway: the reference is silent, also after a reload and a restart."""
    daemon = start(country, blockwatch, references=hosts(3, 2))
    rules = cut_behind(country)
    wait_blind(sheet, daemon)
    daemon.wait_rounds(2)
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    daemon.reload()
    daemon.wait_rounds(9)
    sheet.equal(daemon.events(), [], "no event after a reload while blind", daemon.story())
    seen = len(daemon.events())
    daemon.end(signal.SIGKILL)
    daemon.start()
    daemon.wait_rounds(9)
    sheet.equal(daemon.events()[seen:], [], "no event after a restart while blind", daemon.story())
    seen = len(daemon.events())
    rules.remove()
    wait_healthy(daemon)
    sheet.equal(daemon.events()[seen:], [], "no event afterwards", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def outage(sheet, country, blockwatch):
    """The uplink is cut during an outage: that is still one outage."""
    daemon = start(country, blockwatch)
    (rule,), dark = do(country.darken, 0)
    daemon.wait_event("block", "dark")
    rules = cut_uplink(country)
    wait_blind(sheet, daemon)
    daemon.wait_rounds(2)
    rules.remove()
    daemon.wait("healthy vantage", lambda daemon: daemon.vantage()["healthy"])
    daemon.wait_rounds(3)
    _, back = do(rule.remove)
    up = daemon.wait_event("block", "up")
    wait_healthy(daemon)
    sheet.equal([(event["from"], event["to"]) for event in daemon.events("block")],
                [("up", "dark"), ("dark", "up")], "one outage", daemon.story())
    check_outage(sheet, "block", up, dark, back, daemon)
    daemon.end()
    check_form(sheet, daemon)


def gone_while_blind(sheet, country, blockwatch):
    """An outage that began while the vantage was blind is reported later, with wide bounds."""
    daemon = start(country, blockwatch)
    rules, (_, cut) = do(cut_uplink, country)
    wait_blind(sheet, daemon)
    (rule,), _ = do(country.darken, 0)
    daemon.wait_rounds(1)
    rules.remove()
    dark = daemon.wait_event("block", "dark")
    change = dark["change"]
    sheet.ok(seconds_of(change["earliest"]) <= cut + 0.1 <= seconds_of(change["latest"]),
             "the bounds reach over the blind time", dark)
    rule.remove()
    daemon.wait_event("block", "up")
    daemon.end()
    check_form(sheet, daemon)


def asleep(sheet, country, blockwatch):
    """Stopped for a while: a gap, no outage, no storm of probes."""
    daemon = start(country, blockwatch)
    with Capture(country.vantage, INTERFACE) as capture:
        time.sleep(5)
        usual = len(capture.to("198.18.0.0/15"))
        daemon.send(signal.SIGSTOP)
        time.sleep(ASLEEP)
        awake = len(capture.packets)
        daemon.send(signal.SIGCONT)
        time.sleep(5)
        capture.stop()
    after = len([packet for packet in capture.to("198.18.0.0/15")
                 if packet.outgoing and packet.time > capture.packets[awake].time])
    sheet.ok(after <= 2 * usual + 10, "no storm of probes", f"{usual} in 5 s, then {after}")
    daemon.wait_rounds(3)
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    sheet.ok(any("suspended" in record["reasons"] for record in daemon.records("vantage")),
             "the gap is recorded", daemon.story())
    sheet.equal(daemon.vantage()["healthy"], True, "healthy again")
    daemon.end()
    check_form(sheet, daemon)


def lost_reference(sheet, country, blockwatch):
    """The only reference is switched off for good; then there is an outage of everything."""
    daemon = start(country, blockwatch, references=hosts(3, 1))
    country.darken(3)
    daemon.wait_rounds(6)
    sheet.equal(daemon.vantage()["healthy"], True, "blocks that answer are life enough")
    rules = country.darken(0, 1, 2)
    daemon.wait_rounds(10)
    for rule in rules:
        rule.remove()
    wait_healthy(daemon)
    sheet.equal(daemon.events(), [], "it could not be told from a cut of the vantage",
                daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def no_gateway(sheet, country, blockwatch):
    """The default route has no gateway (as on ppp0): only the blocks show any life."""
    country.uplink.setting("net/ipv4/conf/vantage/proxy_arp", 1)
    country.vantage.ip("route delete default", f"route add default dev {INTERFACE}")
    daemon = start(country, blockwatch)
    rules = country.darken(0, 1, 2)
    daemon.wait_rounds(10)
    sheet.equal(daemon.events("target"), [], "nothing to compare with: not dark", daemon.story())
    for rule in rules:
        rule.remove()
    wait_healthy(daemon)
    daemon.end()
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, uplink, references, outage, gone_while_blind, asleep,
                  lost_reference, no_gateway)


if __name__ == "__main__":
    tap.main(main)
