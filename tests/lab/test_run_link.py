# SPDX-License-Identifier: Apache-2.0
"""The vantage's interface goes and comes back: no event, and blocks are probed again."""
import time

from capture import Capture
from country import GATEWAY, INTERFACE, VANTAGE, VANTAGE6, GATEWAY6, prefix
from daemon import Daemon, check_form, run_scenarios
import tap

LINK = {"interface-down", "no-route"}  # what the kernel announces, before any silence is noticed


def start(country, blockwatch, **config):
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])], **config).start()
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(2)
    return daemon


def wait_blind(sheet, daemon):
    record = daemon.wait("unhealthy vantage",
                         lambda daemon: daemon.vantage()["healthy"] is False and daemon.vantage())
    sheet.ok(LINK & set(record["reasons"]), "blind because of the link", record)
    return record


def check_back(sheet, country, daemon):
    """Tests that blocks are probed again and that there was no false event."""
    daemon.wait("healthy vantage", lambda daemon: daemon.vantage()["healthy"])
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    with Capture(country.vantage, INTERFACE) as capture:
        daemon.wait_rounds(4)
    sheet.ok(capture.sent_by(prefix(0)) and capture.sent_by(prefix(1)), "it watches again")
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    rules = country.darken(0)
    daemon.wait_event("block", "dark")
    rules[0].remove()
    daemon.end()
    check_form(sheet, daemon)


def unhealthy_all_along(sheet, daemon, seq):
    """Tests that all records after SEQ are unhealthy or unknown."""
    later = [record for record in daemon.records() if record["seq"] > seq]
    sheet.ok(not any(record.get("healthy") for record in later), "unhealthy all along",
             daemon.story())
    sheet.equal({record["verdict"] for record in later if record["type"] == "block"} - {"unknown"},
                set(), "all unknown all along", daemon.story())


def deleted(sheet, country, blockwatch):
    """The interface is deleted, and made again a while later."""
    daemon = start(country, blockwatch)
    country.vantage.ip(f"link delete {INTERFACE}")
    blind = wait_blind(sheet, daemon)
    time.sleep(7)
    unhealthy_all_along(sheet, daemon, blind["seq"])
    country.lab.link(country.vantage, INTERFACE, country.uplink, "vantage",
                     (f"{VANTAGE}/24", f"{VANTAGE6}/64"), (f"{GATEWAY}/24", f"{GATEWAY6}/64"))
    country.vantage.ip(f"route add default via {GATEWAY}")
    check_back(sheet, country, daemon)


def down(sheet, country, blockwatch):
    """The interface goes down, its route with it; later both come back."""
    daemon = start(country, blockwatch)
    country.vantage.ip(f"link set {INTERFACE} down")
    blind = wait_blind(sheet, daemon)
    time.sleep(7)
    unhealthy_all_along(sheet, daemon, blind["seq"])
    country.vantage.ip(f"link set {INTERFACE} up", f"route add default via {GATEWAY}")
    check_back(sheet, country, daemon)


def flicker(sheet, country, blockwatch):
    """Down and up again within a second, as a switch that restarts does."""
    daemon = start(country, blockwatch)
    country.vantage.ip(f"link set {INTERFACE} down")
    time.sleep(0.5)
    country.vantage.ip(f"link set {INTERFACE} up", f"route add default via {GATEWAY}")
    daemon.wait_rounds(2)
    check_back(sheet, country, daemon)


def half_edited(sheet, country, blockwatch):
    """The same while target file and block list are being edited: they are not read again."""
    listed = country.lab.file("blocklist.txt", "# nobody\n")
    daemon = start(country, blockwatch, blocklist=listed)
    country.lab.file("lab.json", '{ "schema": ')
    country.lab.file("blocklist.txt", "198.18.0.0/1")
    country.vantage.ip(f"link set {INTERFACE} down")
    wait_blind(sheet, daemon)
    country.vantage.ip(f"link set {INTERFACE} up", f"route add default via {GATEWAY}")
    check_back(sheet, country, daemon)


def address(sheet, country, blockwatch):
    """The vantage gets another address, as DHCP may give it."""
    daemon = start(country, blockwatch)
    country.vantage.ip(f"address delete {VANTAGE}/24 dev {INTERFACE}",
                       f"address add 10.99.0.3/24 dev {INTERFACE}",
                       f"route add default via {GATEWAY}")
    daemon.wait_rounds(8)
    check_back(sheet, country, daemon)


def route(sheet, country, blockwatch):
    """The default route is gone for a while, but the gateway still answers."""
    daemon = start(country, blockwatch)
    country.vantage.ip("route delete default")
    blind = daemon.wait("unhealthy vantage", lambda daemon: [
        record for record in daemon.records("vantage") if "no-route" in record["reasons"]])[0]
    time.sleep(7)
    unhealthy_all_along(sheet, daemon, blind["seq"])
    sheet.equal(daemon.events(), [], "no event meanwhile", daemon.story())
    country.vantage.ip(f"route add default via {GATEWAY}")
    check_back(sheet, country, daemon)


def carrier(sheet, country, blockwatch):
    """The other end of the cable goes down: routes and addresses stay, packets do not pass."""
    daemon = start(country, blockwatch)
    country.uplink.ip("link set vantage down")
    blind = wait_blind(sheet, daemon)
    sheet.equal(blind["reasons"], ["interface-down"], "with its reason")
    daemon.wait_rounds(3)
    unhealthy_all_along(sheet, daemon, blind["seq"])
    country.uplink.ip("link set vantage up", "route replace 198.18.0.0/15 via 10.98.0.2")
    check_back(sheet, country, daemon)


def storm(sheet, country, blockwatch):
    """Thousands of routes come and go, more than the netlink socket can hold."""
    daemon = start(country, blockwatch)
    routes = [f"10.{number >> 8}.{number & 255}.0/24" for number in range(20000)]
    country.vantage.ip(*(f"route add blackhole {route}" for route in routes))
    country.vantage.ip(*(f"route delete blackhole {route}" for route in routes))
    daemon.wait_rounds(2)
    sheet.ok(all(record["healthy"] for record in daemon.records("vantage")), "healthy all along",
             daemon.story())
    sheet.equal(daemon.messages(), [], "nothing to say")
    country.vantage.ip("route delete default")
    wait_blind(sheet, daemon)
    country.vantage.ip(f"route add default via {GATEWAY}")
    check_back(sheet, country, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, deleted, down, flicker, half_edited, address, route, carrier,
                  storm)


if __name__ == "__main__":
    tap.main(main)
