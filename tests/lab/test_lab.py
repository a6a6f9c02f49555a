# SPDX-License-Identifier: Apache-2.0
"""The lab itself: it is isolated, its rules work, and nothing is left of it afterwards."""
import os
import signal
import subprocess
import sys

from capture import Capture
from country import GATEWAY, INTERFACE, VANTAGE, Country, hosts, prefix
from lab import Lab
import tap

SLEEPER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from country import Country
with Country(1) as country:
    country.vantage.start("sleep", "300")
    print("ready", flush=True)
    time.sleep(300)
"""


def pings(node, address):
    return node.run("fping", "-r0", "-t2000", address).code == 0


def answering(country, addresses):
    done = country.vantage.run("fping", "-a", "-r0", "-i1", "-t2000", *addresses)
    return len(done.stdout.split())


def namespaces(pid):
    return [name for name in os.listdir("/run/netns") if name.startswith(f"bwlab-{pid}-")]


def test_isolation(test, country):
    for version, flag in ((4, "-4"), (6, "-6")):
        done = country.vantage.run("ip", flag, "route", "show", "default")
        test.equal(len(done.stdout.splitlines()), 1,
                   f"the vantage has one default route, IPv{version}")
    for router in (country.uplink, country.border):
        routes = router.run("ip", "route", "show", "default").stdout
        test.equal(routes, "", f"the {router.name} has no route outward")
    links = subprocess.run(["ip", "link"], capture_output=True, text=True, check=True).stdout
    test.ok(INTERFACE not in links, "the root namespace sees no link of the lab")


def test_rules(test, country):
    addresses = [f"198.18.0.{last}" for last in range(100)]
    test.equal(answering(country, addresses), 100, "a whole range answers")
    test.ok(pings(country.vantage, hosts(2, version=6)[3]), "IPv6 answers at once")
    with country.networks[0].silence(prefix(0)):
        test.equal(answering(country, addresses[:20]), 0, "a silent prefix is silent")
    test.equal(answering(country, addresses[:20]), 20, "and answers again")
    with country.networks[0].answer_only(prefix(0), addresses[7:9]):
        test.equal(answering(country, addresses), 2, "only chosen hosts answer")
    with country.networks[0].lose(50, prefix(0)):
        test.ok(15 < answering(country, addresses) < 85, "about half is lost at random")
    with country.border.reject("admin-prohibited", prefix(1)), \
            Capture(country.vantage, INTERFACE) as capture:
        pings(country.vantage, hosts(1)[0])
        errors = [p for p in capture.stop() if p.protocol == 1 and p.body[:2] == b"\x03\x0d"]
        test.equal(len(errors), 1, "a router says: prohibited")
    with country.networks[3].filter_icmp(prefix(3)):
        done = country.vantage.run("nmap", "-sn", "-n", "-PS443", hosts(3)[0])
        test.ok("Host is up" in done.stdout, "TCP passes where ICMP is filtered", done.stdout)
        test.ok(not pings(country.vantage, hosts(3)[0]), "ICMP does not")


def test_capture(test, country):
    capture = Capture(country.vantage, INTERFACE)
    answering(country, hosts(0) + [GATEWAY])
    capture.stop()
    test.equal(len(capture.to(prefix(0))), 10, "a capture sees each request")
    test.equal(len(capture.to(f"{VANTAGE}/32")), 11, "and each reply")


def leftovers(number):
    """Ends a lab with that signal; returns what is left of it."""
    here = os.path.dirname(os.path.abspath(__file__))
    child = subprocess.Popen([sys.executable, "-c", SLEEPER, here], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True)
    child.stdout.readline()
    made = len(namespaces(child.pid))
    sleepers = [int(pid) for name in namespaces(child.pid) for pid in
                subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True,
                               check=True).stdout.split()]
    child.send_signal(number)
    child.wait()
    return made, namespaces(child.pid), [pid for pid in sleepers if os.path.exists(f"/proc/{pid}")]


def test_clean_up(test):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        made, names, processes = leftovers(number)
        test.equal((made, names, processes), (4, [], []), f"{number.name} leaves nothing behind")
    made, names, processes = leftovers(signal.SIGKILL)
    for pid in processes:
        os.kill(pid, signal.SIGKILL)
    test.ok(names, "SIGKILL leaves namespaces behind")
    with Lab():
        left = [name for name in names if os.path.exists(f"/run/netns/{name}")]
        test.equal(left, [], "which the next lab sweeps up")
    try:
        with Country(1):
            raise ValueError
    except ValueError:
        test.equal(namespaces(os.getpid()), [], "an exception leaves nothing behind")


def main(test, _blockwatch):
    with Country() as country:
        test_isolation(test, country)
        test_rules(test, country)
        test_capture(test, country)
    test_clean_up(test)


if __name__ == "__main__":
    tap.main(main)
