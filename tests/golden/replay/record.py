#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""record.py BLOCKWATCH FOLDER [NAME...]: makes the captures of this folder anew, with the real
tools, between network namespaces (tests/lab/country.py). Needs root, tcpdump and the tool; what
the program then says of them must be looked at before it becomes the expected output."""
import os
import shlex
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "lab"))

from capture import Capture  # noqa: E402
from chain import Chain, near  # noqa: E402
from country import INTERFACE, Country, hosts, prefix  # noqa: E402

HOSTS = 4
SNAPLEN = 96


def each(networks=3, version=4):
    return [host for number in range(networks) for host in hosts(number, HOSTS, version)]


def settle():
    time.sleep(1)


def darken_for(country, seconds, *numbers):
    rules = country.darken(*numbers)
    time.sleep(seconds)
    for rule in rules:
        rule.remove()


def fping(country):
    """Network 1 is dark from the 10th to the 30th second."""
    tool = country.vantage.start("fping", "-l", "-q", "-b", "16", "-p", "1500", "-r", "0", *each())
    time.sleep(10)
    darken_for(country, 20, 1)
    time.sleep(10)
    tool.terminate()
    tool.wait()


def uplink(country):
    """The vantage's own uplink is cut: everything is silent at once."""
    tool = country.vantage.start("fping", "-l", "-q", "-b", "16", "-p", "1500", "-r", "0", *each())
    time.sleep(10)
    with country.uplink.rules("cut", "prerouting", 'iifname "vantage" drop'):
        time.sleep(20)
    time.sleep(8)
    tool.terminate()
    tool.wait()


def ping(country):
    """IPv6, a ping for each host; network 0 goes dark and stays so."""
    tools = [country.vantage.start("ping", "-6", "-n", "-q", "-i", "1.5", "-s", "24", host)
             for host in each(2, 6)]
    time.sleep(10)
    country.darken(0)
    time.sleep(20)
    for tool in tools:
        tool.terminate()
        tool.wait()


def nmap(country):
    """Host discovery again and again: echo and SYN to 443; network 2 is dark for a while."""
    def scan():
        country.vantage.run("nmap", "-sn", "-n", "-PE", "-PS443", "--send-ip", "-T4",
                            "--max-retries", "1", *each())

    for _ in range(3):
        scan()
        settle()
    rules = country.darken(2)
    for _ in range(5):
        scan()
        settle()
    for rule in rules:
        rule.remove()
    for _ in range(4):
        scan()
        time.sleep(2)


def zmap(country):
    """SYN scans of listed hosts, one after the other; network 0 goes dark."""
    listed = country.lab.file("hosts", "\n".join(f"{host}/32" for host in each()) + "\n")
    nobody = country.lab.file("nobody", "")
    mac = country.uplink.run("cat", "/sys/class/net/vantage/address").stdout.strip()

    def scan():
        country.vantage.run("zmap", "-p", "443", "-w", listed, "-b", nobody, "-G", mac, "-i",
                            INTERFACE, "-r", "100", "-c", "1", "-o", "/dev/null", "-q", "-s",
                            "40000-40100")

    for _ in range(5):
        scan()
    country.darken(0)
    for _ in range(12):
        scan()


def scamper(country):
    """scamper's ping, twenty times a host; network 1 goes dark in the middle."""
    listed = country.lab.file("hosts", "\n".join(each()) + "\n")
    tool = country.vantage.start("scamper", "-O", "text", "-o", "/dev/null", "-p", "100", "-c",
                                 "ping -c 28 -i 1 -W 1", "-f", listed)
    time.sleep(10)
    country.darken(1)
    tool.wait()


def check(country):
    """Our own check of a country of which network 1 is dark from the beginning."""
    country.darken(1)
    country.vantage.run(PROGRAM, "check", "--allow-reserved",
                        country.target(numbers=range(3), count=HOSTS))


def tools(chain):
    """Traceroutes of each tool through a chain of eight routers; silence, prohibited, a loop."""
    chain.outward(5, "blackhole", "198.18.20.0/24")
    chain.outward(5, "prohibit", "198.18.22.0/24")
    chain.routers[6].ip(f"route add 198.18.23.0/24 via {near(6)}")
    for command in (
            "traceroute -n -I 198.18.9.1", "traceroute -n -q 1 -T -p 443 198.18.9.2",
            "traceroute -n -U 198.18.9.3", "traceroute -n -q 1 2001:db8:9::9",
            "tcptraceroute -n -q 1 -w 1 198.18.9.4 443", "mtr -n -r -c 3 -G 1 198.18.9.5",
            "mtr -n -r -c 1 -G 1 -6 2001:db8:9::5",
            "scamper -p 1000 -c 'trace -P icmp-paris -q 1 -w 1' -i 198.18.9.6",
            "scamper -p 1000 -c 'trace -P udp-paris -q 1 -w 1' -i 198.18.9.7",
            "traceroute -n -q 1 -w 1 -m 12 -I 198.18.20.9",
            "traceroute -n -q 1 -w 1 -I 198.18.22.9",
            "traceroute -n -q 1 -w 1 -m 12 -I 198.18.23.9",
            "ping -n -c 3 -i 0.2 198.18.9.8",
            f"{PROGRAM} trace --allow-reserved --rate 1000 --timeout 1s 198.18.9.10 198.18.9.11"):
        chain.vantage.run(*shlex.split(command))


SCENES = [fping, uplink, ping, nmap, zmap, scamper, check]


def record(scene, folder):
    with Country(3) as country:
        path = os.path.join(folder, f"{scene.__name__}.pcap")
        capture = country.vantage.start("tcpdump", "-i", INTERFACE, "-s", str(SNAPLEN), "-U", "-Z",
                                        "root", "-w", path, "not arp")
        settle()
        scene(country)
        settle()
        capture.terminate()
        capture.wait()
        print(f"{path}: {os.path.getsize(path)} bytes, dark {prefix(0)} ...")


def record_tools(folder):
    with Chain() as chain:
        capture = Capture(chain.vantage, "out1")
        tools(chain)
        capture.stop()
        print(capture.write(os.path.join(folder, "tools.pcap")))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv[1])
    for known in SCENES:
        if len(sys.argv) == 3 or known.__name__ in sys.argv[3:]:
            record(known, sys.argv[2])
    if len(sys.argv) == 3 or "tools" in sys.argv[3:]:
        record_tools(sys.argv[2])  # then gzip -9 -n; udp-trace has the packets of 198.18.9.3 alone
