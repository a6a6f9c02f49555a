# SPDX-License-Identifier: Apache-2.0
"""`blockwatch trace` through a chain of eight kernel routers."""
import os
import re
import shutil
import sys

from capture import Capture
from chain import (END, END6, ROUTERS, SOURCE, Chain, Trace, hop, near, way)
from lab import finish
import tap

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import mmdb  # noqa: E402

METHODS = ("icmp", "tcp:443", "tcp:81", "udp:33434")  # no port is open
# Other tools: the method, and the arguments. Each prints a hop a line, with its address.
OTHERS = (
    ("icmp", "traceroute -n -q 1 -I"),
    ("tcp:443", "traceroute -n -q 1 -T -p 443"),
    ("udp:33434", "traceroute -n -q 1 -U -p 33434"),
    ("icmp", "mtr -n -r -c 3 -i 0.2 -G 1"),
    ("tcp:443", "mtr -n -r -c 3 -i 0.2 -G 1 --tcp -P 443"),
    ("icmp", "scamper -p 1000 -c trace_-P_icmp-paris_-q_1_-w_1 -i"),
    ("tcp:443", "scamper -p 1000 -c trace_-P_tcp_-d_443_-q_1_-w_1 -i"),
    ("udp:33434", "scamper -p 1000 -c trace_-P_udp_-q_1_-w_1 -i"),
    ("tcp:443", "tcptraceroute -n -q 1 -w 1"),  # IPv4 alone; the port comes behind the address
)


def trace(chain, blockwatch, *arguments):
    return Trace(chain.vantage, blockwatch, *arguments)


def start_others(chain):
    """Starts each other tool for each family. Returns (method, end, words, process) of each."""
    # scamper makes this itself where it is missing, but of several at once only one can.
    os.makedirs("/var/empty", mode=0o755, exist_ok=True)
    runs = []
    for method, command in OTHERS:
        words = [word.replace("_", " ") for word in command.split()]
        for end in (END, END6):
            tcptraceroute = words[0] == "tcptraceroute"
            if tcptraceroute and end == END6:
                continue
            process = None
            if shutil.which(words[0]):
                process = chain.vantage.start(*words, end, *(["443"] if tcptraceroute else []))
            runs.append((method, end, words, process))
    return runs


def hops_of(line_of_hop):
    """The address in a line such as '3  10.99.3.2  0.1 ms' or '3.|-- 10.99.3.2  0.0% ...'."""
    found = re.match(r" *\d+(?:\.\|--)? +([0-9a-f.:]+|\*)", line_of_hop)
    return found and found[1]


def compare(test, others, ways):
    """The hops are those of the other tools that are installed. WAYS: ours, by method and end."""
    for method, end, words, process in others:
        what = f"{method} to {end}: the hops of {words[0]}"
        if not process:
            test.skip(what, f"{words[0]} is not installed")
            continue
        done = finish(process)
        hops = [hops_of(line) for line in done.stdout.splitlines() if hops_of(line)]
        test.equal(hops, ways[method, end], what, done.stdout, done.stderr)


def whole_ways(test, chain, blockwatch):
    """All hops, by every method, over both families; the same as those of other tools."""
    others = start_others(chain)
    ways = {}
    runs = [(method, version, trace(chain, blockwatch, "--method", method, end))
            for method in METHODS for version, end in ((4, END), (6, END6))]
    for method, version, run in runs:
        run.finish()
        end = END if version == 4 else END6
        what = f"{method} over IPv{version}"
        test.equal(run.hops, way(version=version) + [end], what, run.stderr)
        test.equal((run.code, run.ends), (0, [(end, True, "reached")]), f"{what}: reached")
        ways[method, end] = run.hops
    compare(test, others, ways)


def many(test, chain, blockwatch):
    """Each hop is found once for all; three probes a destination."""
    hosts = [f"198.18.9.{n}" for n in range(1, 201)]
    listed = chain.lab.file("hosts.txt", "\n".join(hosts))
    run = trace(chain, blockwatch, listed).finish()
    test.equal(run.code, 0, "200 destinations are reached", run.stderr)
    test.ok(all([one["from"] for one in record["hops"]] == way() + [record["destination"]]
                for record in run.records), "each has all hops")
    sent = sum(record["sent"] for record in run.records)
    test.ok(sent <= 3 * len(hosts) + 60, "three probes each", sent)
    test.ok(any(record["hops"][0]["from_stop_set"] for record in run.records),
            "hops come from the stop set")


def cuts(test, chain, blockwatch):
    """Blackhole, unreachable and prohibit at router 5; a loop between routers 5 and 6."""
    kinds = {"198.18.20.0/24": "blackhole", "198.18.21.0/24": "unreachable",
             "198.18.22.0/24": "prohibit", "2001:db8:20::/48": "blackhole",
             "2001:db8:21::/48": "unreachable", "2001:db8:22::/48": "prohibit"}
    for prefix, kind in kinds.items():
        chain.outward(5, kind, prefix)
    chain.routers[6].ip(f"route add 198.18.23.0/24 via {near(6)}")
    ends = {prefix: prefix.split("/")[0] + ("9" if "::" in prefix else "")
            for prefix in kinds}
    ends = {prefix: end if ":" in end else end[:-1] + "9" for prefix, end in ends.items()}
    runs = [(prefix, kinds[prefix], trace(chain, blockwatch, end)) for prefix, end in ends.items()]
    loop = trace(chain, blockwatch, "198.18.23.9")
    for prefix, kind, run in runs:
        run.finish()
        version = 6 if ":" in prefix else 4
        what = f"{kind} of {prefix}"
        if kind == "blackhole":
            # The kernel drops the probe before it looks at its TTL.
            test.equal(run.hops, way(4, version) + [None] * 5, f"{what}: the hops", run.stderr)
            test.equal((run.code, run.records[0]["stopped"]), (2, "gap"), f"{what}: a gap")
        else:
            test.equal(run.hops, way(5, version), f"{what}: the hops", run.stderr)
            test.equal((run.code, run.records[0]["stopped"]), (2, "unreachable"),
                       f"{what}: unreachable")
            last = run.records[0]["hops"][-1]
            test.equal(last["kind"], "unreachable", f"{what}: the kind of the hop")
            code = {("unreachable", 4): 1, ("prohibit", 4): 13,
                    ("unreachable", 6): 0, ("prohibit", 6): 1}[kind, version]
            test.equal(last["code"], code, f"{what}: its code")
    loop.finish()
    test.equal((loop.code, loop.records[0]["stopped"]), (2, "loop"), "a loop", loop.stderr)
    test.equal(loop.hops[:6], way(6), "the hops before it repeats")


def mixed(test, chain, blockwatch):
    run = trace(chain, blockwatch, END, "198.18.20.9").finish()
    test.equal(run.code, 1, "some destinations are reached", run.ends)


def nat(test, chain, blockwatch):
    """Behind NAT that puts quotes back (conntrack), and behind one that does not."""
    masquerade(test, chain, """table ip lab-nat {
chain c {
type nat hook postrouting priority 100
ip saddr 10.99.1.1 oifname "out2" snat to 10.99.2.1
}
}""")
    ways_behind(test, chain, blockwatch, "behind SNAT")
    chain.routers[1].run("nft", "delete", "table", "ip", "lab-nat")
    masquerade(test, chain, """table ip lab-nat {
chain out {
type filter hook postrouting priority 100
ip saddr 10.99.1.1 oifname "out2" ip saddr set 10.99.2.1
}
chain back {
type filter hook prerouting priority -150
iifname "out2" ip daddr 10.99.2.1 ip daddr set 10.99.1.1
}
}""")
    ways_behind(test, chain, blockwatch, "behind stateless NAT")
    chain.routers[1].run("nft", "delete", "table", "ip", "lab-nat")


def masquerade(test, chain, rules):
    done = chain.routers[1].run("nft", "-f", chain.lab.file("nat", rules + "\n"))
    test.equal(done.code, 0, "NAT is installed", done.stderr)


def ways_behind(test, chain, blockwatch, what):
    runs = [(method, trace(chain, blockwatch, "--method", method, END)) for method in METHODS]
    for method, run in runs:
        test.equal(run.finish().hops, way() + [END], f"{method} {what}", run.stderr)


def rate_limit(test, chain, blockwatch):
    """Routers send one time exceeded a second to a host (Linux's own limit)."""
    for number in (4, 8):
        router = chain.routers[number]
        router.setting("net/ipv4/icmp_ratelimit", 1000)
        router.setting("net/ipv4/icmp_ratemask", 6168)
        listed = chain.lab.file("limited.txt", "\n".join(f"198.18.9.{n}" for n in range(1, 21)))
        run = trace(chain, blockwatch, listed).finish()
        complete = sum([one["from"] for one in record["hops"]][:ROUTERS] == way()
                       for record in run.records)
        test.equal((run.code, complete), (0, 20), f"a rate limit of router {number} hides no hop",
                   run.stderr, [[one["from"] for one in record["hops"]] for record in run.records])
        router.setting("net/ipv4/icmp_ratelimit", 0)


def special(test, chain, blockwatch):
    """The gateway, this machine, the block list, no route."""
    run = trace(chain, blockwatch, hop(1)).finish()
    test.equal((run.code, run.hops), (0, [hop(1)]), "the gateway", run.stderr)
    run = trace(chain, blockwatch, SOURCE).finish()
    test.equal((run.code, run.hops, run.records[0]["sent"]), (0, [], 0), "this machine itself",
               run.stderr)
    with open(chain.lab.file("blocked", f"{END}\n"), encoding="ascii") as blocked:
        run = trace(chain, blockwatch, "--blocklist", blocked.name, END).finish()
    test.equal((run.code, run.ends, run.records[0]["sent"]),
               (2, [(END, False, "not-permitted")], 0), "the block list", run.stderr)
    chain.vantage.ip("route add unreachable 198.18.40.0/24")
    run = trace(chain, blockwatch, "198.18.40.1").finish()
    test.equal((run.code, run.ends, run.records[0]["sent"]),
               (2, [("198.18.40.1", False, "unreachable")], 0), "no route", run.stderr)
    run = trace(chain, blockwatch, "--privacy-ttl", 2, END).finish()
    test.equal(run.hops, ["vantage network"] * 2 + way()[2:] + [END], "hidden hops", run.stderr)
    loop = trace(chain, blockwatch, "--privacy-ttl", 6, "198.18.23.9").finish()
    test.equal((loop.records[0]["stopped"], set(loop.hops)), ("loop", {"vantage network"}),
               "a hidden hop stays hidden where a loop meets it again", loop.hops, loop.stderr)
    run = trace(chain, blockwatch, "--max-ttl", 4, END).finish()
    test.equal((run.code, run.hops, run.records[0]["stopped"]), (2, way(4), "max-ttl"),
               "four hops at most", run.stderr)


def text(test, chain, blockwatch):
    """The table, with the country and the AS of hops."""
    ranges = chain.lab.file("ranges.csv",
                            "10.99.8.0,10.99.8.255,64497\n198.18.0.0,198.18.255.255,KP\n")
    run = chain.vantage.run(blockwatch, "trace", "--allow-reserved", "--ranges", ranges, END)
    lines = run.stdout.splitlines()
    test.equal(run.code, 0, "text: exit code", run.stderr)
    test.equal(lines[0], f"{END} by icmp", "text: the first line")
    time = r" +\d+\.\d{3} ms  "
    test.ok(re.fullmatch(rf"  8  10\.99\.8\.2{time}AS64497", lines[8]), "text: a hop", lines)
    test.ok(re.fullmatch(rf"  9  198\.18\.9\.9{time}KP", lines[9]), "text: the end", lines)
    test.equal(lines[10], "reached, last TTL 9, 10 probes", "text: the last line")
    database = chain.lab.file("asn.mmdb", mmdb.make("GeoLite2-ASN", {
        "10.99.7.0/24": mmdb.system(64498, "Seven"), "10.99.8.0/24": mmdb.system(64499, "Eight")}))
    run = chain.vantage.run(blockwatch, "trace", "--allow-reserved", "--ranges", ranges, "--mmdb",
                            database, END)
    lines = run.stdout.splitlines()
    if run.code != 69:  # this build has libmaxminddb
        test.equal([line.split()[-1] for line in lines[7:10]], ["AS64498", "AS64497", "KP"],
                   "text: a table counts before an mmdb")


def balancer(test, blockwatch):
    """One flow never sees both branches; several see both."""
    with Chain(branches=True) as chain:
        branches = ({hop(4), hop(4, 6)}, {hop(44), hop(44, 6)})
        for method, end in (("tcp:443", END), ("icmp", END6), ("tcp:443", END6),
                            ("udp:33434", END), ("udp:33434", END6)):
            what = f"{method} to {end}"
            run = trace(chain, blockwatch, "--method", method, "--full", end).finish()
            test.ok(run.hops[3] in branches[0] | branches[1] and run.hops[:3] + run.hops[5:] ==
                    way(3, 4 if end == END else 6) + way(8, 4 if end == END else 6)[5:] + [end],
                    f"{what}: one branch", run.hops, run.stderr)
            run = trace(chain, blockwatch, "--method", method, "--full", "--flows", 16, end)
            run.finish()
            fourth = {record["hops"][3]["from"] for record in run.records}
            fifth = {(record["hops"][3]["from"], record["hops"][4]["from"])
                     for record in run.records}
            test.ok(all(fourth & branch for branch in branches), f"{what}: 16 flows see both",
                    fourth)
            test.equal(len(fifth), 2, f"{what}: each flow stays on its branch", fifth)
        flows_on_branches(test, chain, blockwatch)


def flow_of(packet):
    """What a balancer may hash of a probe, beside the addresses."""
    label = packet.ip[1:4] if packet.dst.version == 6 else b""
    return packet.dst, packet.protocol, label, bytes(packet.body[:4])


def flows_on_branches(test, chain, blockwatch):
    """The cables to both branches: each flow is on one of them alone, with all of its probes."""
    with Capture(chain.routers[3], "out4") as one, Capture(chain.routers[3], "out44") as other:
        for method, end in (("tcp:443", END), ("udp:33434", END), ("icmp", END6),
                            ("tcp:443", END6), ("udp:33434", END6)):
            trace(chain, blockwatch, "--method", method, "--full", "--flows", 8, end).finish()
    for end in (END, END6):
        flows = [{flow_of(packet) for packet in capture.packets
                  if packet.outgoing and str(packet.dst) == end} for capture in (one, other)]
        count = (3 if end == END6 else 2) * 8
        test.equal((len(flows[0] & flows[1]), len(flows[0] | flows[1])), (0, count),
                   f"{end}: no flow is on both branches, and each probe is of a flow")
        test.ok(flows[0] and flows[1], f"{end}: flows are on both branches",
                [len(branch) for branch in flows])


def main(test, blockwatch):
    with Chain() as chain:
        whole_ways(test, chain, blockwatch)
        many(test, chain, blockwatch)
        cuts(test, chain, blockwatch)
        mixed(test, chain, blockwatch)
        special(test, chain, blockwatch)
        text(test, chain, blockwatch)
        nat(test, chain, blockwatch)
        rate_limit(test, chain, blockwatch)
    balancer(test, blockwatch)


if __name__ == "__main__":
    tap.main(main)
