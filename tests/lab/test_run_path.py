# SPDX-License-Identifier: Apache-2.0
"""Events of `run` say where the path ends, as the cut in a chain of routers was made."""
import datetime
import json
import os
import sys

import chain as chain_of
import tap
from chain import END, END6, Chain, hop, near
from daemon import Daemon, Sheet, check_form, schema_flaws
from lab import finish

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli"))
import mmdb  # noqa: E402 (the path comes first)

# What the kernel of a router does with packets to these prefixes, and what is said of it. For IPv4
# it says unreachable and prohibited once a second to one sender: so each has a router of its own.
CUTS = {
    "198.18.20.0/24": (5, "blackhole", "silent"),
    "198.18.21.0/24": (5, "unreachable", "host-unreachable"),
    "198.18.22.0/24": (6, "prohibit", "prohibited"),
    "2001:db8:20::/48": (5, "blackhole", "silent"),
    "2001:db8:21::/48": (5, "unreachable", "net-unreachable"),
    "2001:db8:22::/48": (6, "prohibit", "prohibited"),
}
# Where the other packets end without a word: at each router behind the gateway, which is router 1.
AT = {2: ("198.18.24.0/24", "2001:db8:2b::/48"), 3: ("198.18.25.0/24", "2001:db8:2c::/48"),
      4: ("198.18.26.0/24", "2001:db8:2d::/48"), 6: ("198.18.27.0/24", "2001:db8:2e::/48"),
      8: ("198.18.28.0/24", "2001:db8:2f::/48")}
LOOP = "198.18.23.0/24"
KP = [f"198.18.{number}.0/24" for number in (30, 31, 32)]
LAND = ["2001:db8:24::/48", "2001:db8:25::/48"]
EXEMPT = "198.18.33.0/24"
NAT = "198.18.40.0/24"
NAT6 = "2001:db8:2a::/48"
SEEN = datetime.date.today().isoformat()


def target(chain, name, prefixes, **fields):
    networks = []
    for prefix in prefixes:
        base = prefix.split("/", maxsplit=1)[0]
        hosts = [f"{base}{n}" if ":" in base else f"{base[:-1]}{n}" for n in range(1, 5)]
        networks.append({"prefix": prefix,
                         "hosts": [{"address": host, "availability": 1, "seen": SEEN}
                                   for host in hosts]})
    text = json.dumps({"schema": "blockwatch/target/1", "name": name, "methods": ["icmp"],
                       "networks": networks, **fields})
    return chain.lab.file(f"{name}.json", text)


def learned(daemon, prefixes):
    """Whether each prefix has a trace that reached it."""
    def counts(daemon):
        reached = [record["block"] for record in daemon.records("trace") if record["reached"]]
        return all(reached.count(prefix) >= 1 for prefix in prefixes)
    daemon.wait("baselines", counts)


def start(chain, blockwatch, name, targets, **config):
    return Daemon(chain, blockwatch, name=name, targets=targets, trace={"every": "4s"},
                  references=[END, END6], **config).start()


def place(number, version=4, systems=None):
    return {"ttl": number, "from": hop(number, version), "asn": (systems or {}).get(number)}


def check_ends(sheet, daemon, prefix, last, kind, **wanted):
    """The block's event names the hop before the cut."""
    event = daemon.wait_event("block", "dark", subject=prefix)
    path = event["path"]
    if path is None:  # a busy machine: the record of the trace has it
        path = daemon.wait("late path", lambda daemon: [
            record["path"] for record in daemon.records("trace")
            if record["event"] == event["seq"] and record["path"]])[0]
    version = 6 if ":" in prefix else 4
    systems = wanted.get("systems")
    sheet.equal((path.get("last"), path.get("next")), (place(last, version, systems),
                                                       place(last + 1, version, systems)),
                f"{prefix}: last and next hop", path)
    sheet.equal(path.get("kind"), kind, f"{prefix}: the kind")
    sheet.equal(path.get("direction"), "unknown" if kind == "silent" else "forward",
                f"{prefix}: the direction")
    sheet.equal(path.get("from"), wanted.get("sender"), f"{prefix}: who says so")
    if not wanted.get("follows", True):  # many at once: its trace may tell of the target's event
        return
    follow = daemon.wait("trace of the event", lambda daemon: [
        record for record in daemon.records("trace") if record["event"] == event["seq"]])
    sheet.ok(any(record["block"] == prefix for record in follow), f"{prefix}: its trace", follow)


def kinds(sheet, chain, blockwatch):
    """Each kind of end, IPv4 and IPv6, and the summary of a target."""
    files = [target(chain, "kinds", [*CUTS, LOOP]), target(chain, "kp", [*KP, EXEMPT]),
             target(chain, "land", LAND)]
    daemon = start(chain, blockwatch, "kinds", files)
    learned(daemon, [*CUTS, LOOP, *KP, *LAND, EXEMPT])
    for prefix, (number, what, _) in CUTS.items():
        chain.outward(number, what, prefix)
    chain.routers[6].ip(f"route add {LOOP} via {near(6)}")
    for prefix in KP + LAND:
        chain.outward(7, "blackhole", prefix)
    for prefix, (number, _, kind) in CUTS.items():
        version = 6 if ":" in prefix else 4
        check_ends(sheet, daemon, prefix, number - 1, kind,
                   sender=None if kind == "silent" else hop(number, version))
    check_ends(sheet, daemon, LOOP, 6, "loop")
    for prefix in KP + LAND:
        check_ends(sheet, daemon, prefix, 6, "silent")
    path = daemon.wait_event("target", "partly-dark", target="kp")["path"] or {}
    sheet.equal((path.get("last"), path.get("exempt")), (place(6), [EXEMPT]),
                "where the target ends, and who is exempt", path)
    sheet.ok(1 <= path.get("shared", 0) <= 3 and path["text"].endswith("; 1 still passes."),
             "the sentence of a part", path)
    path = daemon.wait_event("target", "dark", target="land")["path"] or {}
    sheet.equal((path.get("text"), path.get("shared")),
                ("2 of 2 networks end after 2001:db8:99:6::2, 2001:db8:99:7::2 was next.", 2),
                "the sentence of a whole target", path)
    daemon.end()
    check_form(sheet, daemon)


def label(chain, blockwatch):
    """Tables of `run` that name the AS of routers, and the AS by router: odd ones stand in a list
    of ranges, even ones in an mmdb file, which only a build with libmaxminddb reads."""
    systems = {number: 64500 + number for number in range(1, 9)}
    lines = [f"10.99.{n}.0,10.99.{n}.255,{systems[n]}\n2001:db8:99:{n:x}::,"
             f"2001:db8:99:{n:x}:ffff:ffff:ffff:ffff,{systems[n]}\n" for n in range(1, 9, 2)]
    tables = {"ranges": chain.lab.file("routers.csv", "".join(lines))}
    entries = {}
    for n in range(2, 9, 2):
        for network in (f"10.99.{n}.0/24", f"2001:db8:99:{n:x}::/64"):
            entries[network] = mmdb.system(systems[n], f"Router {n}")
    database = chain.lab.file("routers.mmdb", mmdb.make("GeoLite2-ASN", entries))
    if chain.vantage.run(blockwatch, "trace", "--allow-reserved", "--dry-run", "--mmdb", database,
                         END).code == 0:
        return {**tables, "mmdb": database}, systems
    return tables, {number: asn for number, asn in systems.items() if number % 2}


def each(sheet, chain, blockwatch):
    """A cut at each router behind the gateway names the one before it, in both families, with its
    AS."""
    prefixes = [prefix for pair in AT.values() for prefix in pair]
    tables, systems = label(chain, blockwatch)
    daemon = start(chain, blockwatch, "each", [target(chain, "each", [*prefixes, EXEMPT])],
                   **tables)
    learned(daemon, [*prefixes, EXEMPT])
    for number, pair in AT.items():
        for prefix in pair:
            chain.outward(number, "blackhole", prefix)
    for number, pair in AT.items():
        for prefix in pair:
            check_ends(sheet, daemon, prefix, number - 1, "silent", follows=False,
                       systems=systems)
    daemon.end()
    check_form(sheet, daemon)


def nat(sheet, chain, blockwatch):
    """Behind a router that puts its own address in place of the vantage's. What is known of paths
    stays over a reload, and over a restart in which the second block falls."""
    rules = "".join(f"""table {family} lab-nat {{
chain c {{
type nat hook postrouting priority 100
{family} saddr {source} oifname "out2" snat to {seen}
}}
}}
""" for family, source, seen in (("ip", chain_of.SOURCE, chain_of.NAT),
                                 ("ip6", chain_of.SOURCE6, chain_of.NAT6)))
    done = chain.routers[1].run("nft", "-f", chain.lab.file("nat.nft", rules))
    sheet.equal(done.code, 0, "NAT is installed", done.stderr)
    files = [target(chain, "nat", [NAT, EXEMPT]), target(chain, "nat6", [NAT6])]
    daemon = start(chain, blockwatch, "nat", files, privacy_ttl=1, state_directory="state")
    learned(daemon, [NAT, NAT6])
    daemon.configure(trace={"every": "1h"})
    daemon.reload()
    chain.outward(5, "blackhole", NAT)
    check_ends(sheet, daemon, NAT, 4, "silent")
    sheet.equal(daemon.end(), 0, "it ends")
    chain.outward(6, "unreachable", NAT6)
    daemon.start()
    check_ends(sheet, daemon, NAT6, 5, "net-unreachable", sender=hop(6, 6))
    hidden = {record["hops"][0]["from"] for record in daemon.records("trace")}
    sheet.equal(hidden, {"vantage network"}, "the first hop is hidden")
    daemon.end()
    check_form(sheet, daemon)


def check(sheet, chain, blockwatch):
    """A check that comes out partly dark says where the paths end."""
    file = target(chain, "kp", [*KP, EXEMPT])
    arguments = (blockwatch, "check", "--allow-reserved", "--no-state", "--reference", END)
    runs = [chain.vantage.start(*arguments, *more, file)
            for more in ((), ("--json",), ("--no-trace",))]
    text, lines, untraced = (finish(run) for run in runs)
    sentence = "3 of 4 networks end after 10.99.6.2; 1 still passes."
    sheet.equal((text.code, text.stdout.splitlines()[1:2]), (1, [sentence]), "the second line",
                text.stdout, text.stderr)
    sheet.ok(sentence not in untraced.stdout, "not with --no-trace", untraced.stdout)
    records = [json.loads(line) for line in lines.stdout.splitlines()]
    paths = [record.get("path") for record in records if record["type"] == "target"]
    sheet.equal([path and (path["text"], path["shared"], path["exempt"]) for path in paths],
                [(sentence, 3, [EXEMPT])], "the record of the target", lines.stdout[-2000:])
    sheet.equal(schema_flaws(records), [], "records are as the schema says")


def main(test, blockwatch):
    with Chain() as chain:
        chain.end.answer_for("198.18.16.0/20", "198.18.32.0/20", "2001:db8:20::/44")
        for scenario in (kinds, each, check, nat):
            sheet = Sheet(scenario.__name__)
            scenario(sheet, chain, blockwatch)
            for holds, what, details in sheet.rows:
                test.ok(holds, what, *details)


if __name__ == "__main__":
    tap.main(main)
