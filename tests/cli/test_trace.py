#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""blockwatch trace without a packet: what it refuses, what it would trace, exit codes."""
import json
import os

import cli
import mmdb


def refuses_wrong_usage(place):
    for arguments, message in [
            ([], "DEST"),
            (["--max-ttl", "0", "192.0.2.1"], "'0' is out of range 1..64"),
            (["--max-ttl", "65", "192.0.2.1"], "'65' is out of range 1..64"),
            (["--gap", "x", "192.0.2.1"], "--gap"),
            (["--flows", "17", "192.0.2.1"], "'17' is out of range 1..16"),
            (["--method", "udp", "192.0.2.1"], "use icmp, tcp:PORT or udp:PORT"),
            (["--reference", "192.0.2.1", "192.0.2.2"], "--reference")]:
        run = place.run("trace", *arguments).expect(64, out="")
        cli.holds(message in run.err, run.err)


def udp_is_for_traces_alone(place):
    for command in ("check", "survey"):
        run = place.run(command, "--dry-run", "--method", "udp:33434", "192.0.2.1").expect(64)
        cli.holds("serves 'blockwatch trace' only" in run.err, run.err)


def refuses_bad_files(place):
    place.put("ranges", "198.18.0.0,198.18.0.255,KP\n198.18.1.0,elsewhere,KP\n")
    run = place.run("trace", "--ranges", "ranges", "127.0.0.1").expect(65, out="")
    cli.holds("ranges:2" in run.err and "'elsewhere' is no address" in run.err, run.err)
    place.run("trace", "--ranges", "missing", "127.0.0.1").expect(66, out="")
    place.put("domain.mmdb", mmdb.make("GeoIP2-Domain", mmdb.DOMAINS))
    place.run("trace", "--ranges", "domain.mmdb", "127.0.0.1").expect(65, out="", err=(
        "blockwatch: trace: domain.mmdb: this is an mmdb and no table: give it as --mmdb\n"))
    run = place.run("trace", "--mmdb", "domain.mmdb", "127.0.0.1")
    if os.environ.get("BLOCKWATCH_MMDB") == "1":
        run.expect(65, out="", err=(
            "blockwatch: trace: domain.mmdb: this mmdb is of another type (GeoIP2-Domain): it has "
            "no country and no AS; take one such as GeoLite2-Country\n"))
    else:
        run.expect(69, out="")
    place.run("trace", "./missing.json").expect(66, out="")


def dry_run_names_each_trace(place):
    place.put("list.txt", "198.18.4.1\n198.18.4.7\n198.18.5.0/24\n")
    run = place.run("trace", "--dry-run", "--json", "--allow-reserved", "--seed", "1",
                    "--method", "udp:33434,icmp", "--flows", "2", "list.txt").expect(0)
    lines = [json.loads(line) for line in run.out.splitlines()]
    cli.equal([(line["host"], line["method"], line["flow"]) for line in lines[:4]],
              [("198.18.4.1", "udp:33434", 1), ("198.18.4.1", "udp:33434", 2),
               ("198.18.4.1", "icmp", 1), ("198.18.4.1", "icmp", 2)], "the first destination")
    hosts = sorted({line["host"] for line in lines})
    cli.equal(hosts[:2], ["198.18.4.1", "198.18.4.7"], "addresses are traced themselves")
    cli.equal((len(hosts), len(lines)), (3, 12), "and one host of a block")
    cli.holds("12 traces would be made; nothing was sent" in run.err, run.err)


def an_ipv6_network_without_hosts_is_left_out(place):
    options = ("trace", "--dry-run", "--json", "--allow-reserved")
    run = place.run(*options, "198.18.5.0/24", "2001:db8::/32").expect(0)
    cli.equal([json.loads(line)["block"] for line in run.out.splitlines()], ["198.18.5.0/24"],
              "blocks")
    cli.holds("1 IPv6 network without listed hosts is left out" in run.err, run.err)
    cli.holds("1 trace would be made" in run.err, run.err)
    run = place.run(*options, "2001:db8::/32").expect(65, out="")
    cli.holds("no host is listed" in run.err, run.err)
    run = place.run(*options, "2001:db8::1").expect(0)
    cli.equal(json.loads(run.out)["host"], "2001:db8::1", "an address itself")


def this_machine_is_reached_at_once(place):
    run = place.run("trace", "--json", "--allow-reserved", "127.0.0.1").expect(0, err="")
    record = json.loads(run.out)
    cli.equal((record["reached"], record["sent"], record["hops"], record["stopped"]),
              (True, 0, [], "reached"), "the record")
    run = place.run("trace", "--allow-reserved", "127.0.0.1").expect(0, err="")
    cli.equal(run.out, "127.0.0.1 by icmp\nreached: this machine itself\n",
              "the text")


def what_may_not_be_probed_is_not_traced(place):
    place.put("blocked", "127.0.0.2\n")
    place.put("list.txt", "127.0.0.1\n127.0.0.2\n")
    run = place.run("trace", "--json", "127.0.0.1").expect(2)
    cli.equal(json.loads(run.out)["stopped"], "not-permitted", "a special-purpose address")
    run = place.run("trace", "--json", "--allow-reserved", "--blocklist", "blocked",
                    "127.0.0.2").expect(2)
    cli.equal(json.loads(run.out)["stopped"], "not-permitted", "an address on the block list")


cli.main([
    refuses_wrong_usage,
    udp_is_for_traces_alone,
    refuses_bad_files,
    dry_run_names_each_trace,
    an_ipv6_network_without_hosts_is_left_out,
    this_machine_is_reached_at_once,
    what_may_not_be_probed_is_not_traced,
])
