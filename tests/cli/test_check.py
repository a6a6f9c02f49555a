#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What users type: addresses, names, families, standard input, durations. Nothing is sent."""
import json

import cli

DRY = ["check", "-n", "--allow-reserved"]


def lines_of(run):
    """Address and block of each probe, without the gateway."""
    return [tuple(line.split()[0:3:2]) for line in run.out.splitlines() if "gateway" not in line]


def target(name, *prefixes, **fields):
    networks = [{"prefix": prefix, "hosts": [prefix.split("/")[0]]} for prefix in prefixes]
    return json.dumps({"schema": "blockwatch/target/1", "name": name, "networks": networks,
                       **fields})


def an_address_is_checked_alone(place):
    for address, bits in (("198.18.0.1", 32), ("2001:db8::7", 128)):
        run = place.run(*DRY, address).expect(0)
        cli.equal(lines_of(run), [(address, f"{address}/{bits}")], address)
    run = place.run(*DRY, "198.18.0.1", "198.18.0.2").expect(0)
    cli.equal(len(lines_of(run)), 2, "two addresses of one block")
    cli.holds("2 hosts in 2 blocks" in run.err, run.err)


def a_name_in_capitals_is_found(place):
    place.put("targets/kp.json", target("kp", "198.18.0.0/24"))
    for name in ("kp", "KP", "Kp"):
        run = place.run(*DRY, name).expect(0)
        cli.equal(lines_of(run), [("198.18.0.0", "198.18.0.0/24")], name)
    place.run("targets", "show", "KP").expect(0)
    place.run(*DRY, "K!").expect(66, out="")


def one_family_is_left(place):
    place.put("both.json", target("both", "198.18.0.0/24", "2001:db8::/48",
                                  references=["198.18.9.9", "2001:db8:9::9"]))
    for option, block in (("-4", "198.18.0.0/24"), ("--ipv6", "2001:db8::/48")):
        run = place.run(*DRY, option, "both.json").expect(0)
        cli.equal({line[1] for line in lines_of(run)} - {"reference"}, {block}, option)
        cli.holds(not any((":" in line[0]) != (":" in block) for line in lines_of(run)),
                  f"no reference of the other family: {run.out}")
    run = place.run(*DRY, "-4", "-6", "both.json").expect(0)
    cli.equal(len({line[1] for line in lines_of(run)} - {"reference"}), 2, "both")
    run = place.run(*DRY, "-6", "198.18.0.0/24").expect(65, out="")
    cli.equal(run.err, "blockwatch: check: 198.18.0.0/24: has no IPv6 network, and -6 asks for "
                       "those\n", "nothing is left")
    run = place.run("survey", "-n", "--allow-reserved", "-4", "198.18.0.0/31", "2001:db8::/127")
    cli.equal(sorted(line.split()[0] for line in run.expect(0).out.splitlines()),
              ["198.18.0.0", "198.18.0.1"], "a survey")


def host_names_need_an_option(place):
    for command in (DRY, ["survey", "-n", "--allow-reserved"]):
        run = place.run(*command, "www.example.org").expect(66, out="")
        cli.equal(run.err, f"blockwatch: {command[0]}: www.example.org: no target of this name; if "
                           "it is a host name, --resolve looks it up\n", command[0])
        run = place.run(*command, "--resolve", "-4", "localhost").expect(0)
        cli.equal([line.split()[0] for line in run.out.splitlines() if "gateway" not in line],
                  ["127.0.0.1"], command[0])
    run = place.run("targets", "validate", "www.example.org")
    cli.holds("--resolve" not in run.err, run.err)


def standard_input_is_a_target(place):
    place.put("land.json", target("land", "198.18.0.0/24"))
    place.put("list.txt", "198.18.0.1\n198.18.4.0/30\n")
    for name, wanted in (("land.json", [("198.18.0.0", "198.18.0.0/24")]),
                         ("list.txt", [("198.18.0.1", "198.18.0.0/24"),
                                       ("198.18.4.1", "198.18.4.0/30"),
                                       ("198.18.4.2", "198.18.4.0/30")])):
        run = place.shell(f'"$0" {" ".join(DRY)} - < {name}').expect(0)
        cli.equal(lines_of(run), wanted, name)
    run = place.run(*DRY, "-").expect(65, out="")
    cli.holds("stdin: the list is empty" in run.err, run.err)
    place.put("bad.txt", "198.18.0.1\nbad line\n")
    run = place.shell(f'"$0" {" ".join(DRY)} - < bad.txt').expect(65, out="")
    cli.holds("stdin:2: " in run.err, run.err)


def seconds_need_no_unit(place):
    place.run(*DRY, "-t", "2", "198.18.0.1").expect(0)
    place.run(*DRY, "--timeout=0.5", "198.18.0.1").expect(0)
    run = place.run(*DRY, "-t", "120", "198.18.0.1").expect(64, out="")
    cli.holds("'120' is out of range 10 ms..1 min" in run.err, run.err)
    place.run(*DRY, "-t", "2x", "198.18.0.1").expect(64, out="")


def quiet_has_no_warnings(place):
    run = place.run(*DRY, "-q", "198.18.0.1").expect(0)
    cli.equal(run.err, "", "check -q")
    run = place.run("survey", "-n", "-q", "--allow-reserved", "198.18.0.1").expect(0)
    cli.equal(run.err, "", "survey -q")
    for words in (["-V"], ["check", "-V"], ["survey", "-V"], ["targets", "list", "-V"]):
        cli.equal(place.run(*words).expect(0).out.split()[0], "blockwatch", words)


def the_state_is_named_or_not_used(place):
    run = place.run("check", "--state", "none", "--no-state", "198.18.0.1").expect(64, out="")
    cli.equal(run.err, "blockwatch: check: --state and --no-state: choose one\n", "both")
    run = place.run(*DRY, "--state", "none", "198.18.0.1").expect(66, out="")
    cli.holds("none: no state of a daemon here" in run.err and run.err.count("\n") == 1, run.err)
    place.put("bad/state.jsonl", "{}\n")
    run = place.run(*DRY, "--state", "bad", "198.18.0.1").expect(65, out="")
    cli.holds("bad/state.jsonl" in run.err and run.err.count("\n") == 1, run.err)
    place.put(".local/state/blockwatch/state.jsonl", "{}\n")
    run = place.run(*DRY, "198.18.0.1").expect(0)
    cli.equal(run.err.count("the check goes on without it"), 1, "one warning")
    cli.equal(place.run(*DRY, "-q", "198.18.0.1").expect(0).err, "", "none with -q")
    run = place.run(*DRY, "198.18.0.1", HOME=place.folder + "/none").expect(0)
    cli.holds("the check goes on" not in run.err, f"a home that is not there: {run.err}")


if __name__ == "__main__":
    cli.main([an_address_is_checked_alone, a_name_in_capitals_is_found, one_family_is_left,
              host_names_need_an_option, standard_input_is_a_target, seconds_need_no_unit,
              quiet_has_no_warnings, the_state_is_named_or_not_used])
