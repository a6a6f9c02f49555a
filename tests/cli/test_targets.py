#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""blockwatch targets: exact output, exit codes, bad files."""
import datetime
import json
import os

import cli

FULL = """{
  "schema": "blockwatch/target/1",
  "name": "xx", "title": "Testland (Ä)", "country": "XX",
  "updated": "2026-11-21", "source": "made up", "methods": ["icmp", "tcp:53"],
  "references": ["203.0.113.1", "others"],
  "networks": [
    { "prefix": "198.18.4.0/23", "name": "Star", "asn": 64496, "upstreams": [64497, 64498],
      "hosts": [{ "address": "198.18.4.15", "availability": 0.98, "methods": ["tcp:53"] },
                "198.18.5.1"] },
    { "prefix": "2001:db8::/40" }
  ]
}
"""
HEAD = '{"schema": "blockwatch/target/1",\n'


def list_shows_each_name_once(place):
    place.put("targets/xx.json", FULL)
    place.put("targets/plain.txt", "198.18.0.0/24\n198.18.1.7\n")
    place.put(".config/blockwatch/targets/xx.json", "hidden by the other one")
    place.put(".config/blockwatch/targets/own.txt", "198.18.9.9")
    config = ".config/blockwatch/targets"
    place.run("targets", "list", BLOCKWATCH_TARGET_PATH=f"targets:{config}").expect(
        0, err="", out=(
            "NAME   NETWORKS  BLOCKS  HOSTS  TITLE         FILE\n"
            f"own           1       1      1  -             {config}/own.txt\n"
            "plain         2       2      1  -             targets/plain.txt\n"
            "xx            2     258      2  Testland (Ä)  targets/xx.json\n"))


def the_usual_path_starts_here_and_goes_home(place):
    place.put("targets/xx-test.txt", "198.18.0.0/24")
    place.put(".config/blockwatch/targets/xx-home.txt", "198.18.1.0/24")
    place.put("conf/blockwatch/targets/xx-conf.txt", "198.18.2.0/24")
    out = place.run("targets", "list").expect(0, err="").out
    cli.holds(" ./targets/xx-test.txt\n" in out, out)
    cli.holds(f" {place.folder}/.config/blockwatch/targets/xx-home.txt\n" in out, out)
    out = place.run("targets", "list", XDG_CONFIG_HOME=place.folder + "/conf").expect(0).out
    cli.holds(f" {place.folder}/conf/blockwatch/targets/xx-conf.txt\n" in out, out)
    cli.holds("xx-home" not in out, out)


def list_as_json(place):
    place.put("a/xx.json", FULL)
    place.put("b/yy.txt", "198.18.0.0/24")
    run = place.run("targets", "--json", "list", BLOCKWATCH_TARGET_PATH="a:b:missing")
    run.expect(0, err="")
    cli.equal([json.loads(line) for line in run.out.splitlines()], [
        {"file": "a/xx.json", "valid": True, "name": "xx", "title": "Testland (Ä)",
         "country": "XX", "networks": 2, "blocks": 258, "hosts": 2},
        {"file": "b/yy.txt", "valid": True, "name": "yy", "networks": 1, "blocks": 1, "hosts": 0},
    ], "lines")


def list_goes_on_after_a_broken_file(place):
    place.put("targets/aa.json", "{")
    place.put("targets/bb.txt", "198.18.0.0/24")
    run = place.run("targets", "list").expect(65)
    cli.holds("bb" in run.out and "aa" not in run.out, run.out)
    cli.holds(run.err.startswith("blockwatch: ./targets/aa.json:1:"), run.err)


def list_of_nothing(place):
    place.run("targets", "list", BLOCKWATCH_TARGET_PATH="none").expect(
        0, out="", err="blockwatch: no targets in none\n")


def days_since(day):
    return (datetime.datetime.now(datetime.timezone.utc).date() - day).days


def show_for_people(place):
    place.put("targets/xx.json", FULL.replace("2026-11-21", "2020-01-01"))
    age = days_since(datetime.date(2020, 1, 1))
    run = place.run("targets", "show", "xx").expect(0, err=(
        f"blockwatch: ./targets/xx.json was updated {age} days ago (2020-01-01), more than 90: "
        "networks and hosts move; build it anew, or ask who answers ('blockwatch survey xx "
        "--write FILE')\n"))
    cli.equal(run.out.replace(f" {age} days", " AGE days"), """Testland (Ä)

  name     xx
  country  XX
  file     ./targets/xx.json
  updated  2020-01-01, AGE days ago
  ASes     1, and of 1 networks it is not known
  methods  icmp, tcp:53
  in all   2 networks, 258 blocks, 2 hosts

NETWORK        NAME     AS  UPSTREAMS    BLOCKS  HOSTS
198.18.4.0/23  Star  64496  64497 64498       2      2
2001:db8::/40  -         -  -               256    any

HOST         AVAILABILITY  METHODS
198.18.4.15          0.98  tcp:53
198.18.5.1            0.7  icmp, tcp:53

References: 203.0.113.1 others

Source: made up

Not probed: 258 of 258 blocks, 2 of 2 hosts, special-purpose \
addresses: give --allow-reserved to 'check' to \
allow them, "allow_reserved": true to 'run'
A check takes 0 probes: 0 s at 100 a second
A round of 'run' (60 s) takes 0 probes: 0 s at 100 a second; 374400 records a day, 371520 of \
them of blocks that are not probed
""", "output")


def show_says_costs_and_what_block_lists_remove(place):
    place.put("list", "192.31.196.0/22\n192.175.48.0/24\n192.175.49.1\n192.175.49.2\n"
                      "2001:4:112::/48\n")
    place.put("no", "192.31.196.0/23\n192.175.49.2\n192.175.48.0/25\n")
    run = place.run("targets", "show", "./list").expect(0, err="")
    cli.holds(run.out.endswith("""
A check takes 7 to 168 probes: 0.07 to 1.68 s at 100 a second
A round of 'run' (60 s) takes 2.33 probes: 0.0233 s at 100 a second; 12960 records a day
"""), run.out)
    run = place.run("targets", "show", "./list", "--blocklist", "no").expect(0, err="")
    cli.holds("""
Not probed: 2 of 7 blocks, 1 of 2 hosts, a part of 2 more blocks, on the block list
A check takes 5 to 120 probes: """ in run.out, run.out)
    cli.holds(run.out.endswith(
        "; 12960 records a day, 2880 of them of blocks that are not probed\n"), run.out)
    run = place.run("targets", "show", "224.0.0.0/23").expect(0, err="")
    cli.holds("\nNot probed: 2 of 2 blocks, special-purpose addresses\n" in run.out, run.out)
    place.run("targets", "show", "./list", "--blocklist", "gone").expect(66, out="")
    place.run("targets", "--blocklist", "no", "list").expect(
        64, out="", err="blockwatch: targets: --blocklist is for show, not for list\n")


def show_says_what_the_target_was_made_of(place):
    place.put("apnic", "2|apnic|20260617|2|19830613|20260616|+1000\n"
                       "apnic|TV|ipv4|198.18.0.0|1024|20091221|allocated\n"
                       "apnic|TV|ipv4|198.18.8.0|512|20091221|allocated\n")
    place.put("routes", "198.18.0.0/23 64496\n")
    place.run("targets", "build", "-c", "TV", "-d", "apnic", "-a", "routes", "--second", "routes2",
              "--date", "2026-06-18").expect(66)
    place.put("places", "198.18.0.0,198.18.0.255,TV\n")
    place.run("targets", "build", "-c", "TV", "-d", "apnic", "-a", "routes", "--second", "places",
              "--date", "2026-06-18", "-o", "tv.json").expect(0)
    run = place.run("targets", "show", "./tv.json").expect(0)
    cli.holds("  timezone Pacific/Funafuti\n" in run.out, run.out)
    table, sums = run.out.split("INPUT")[1].split("\n\n")[:2]
    cli.equal([line.split()[:4] for line in table.splitlines()[1:]],
              [["apnic", "delegated", "2026-06-16", "header"],
               ["routes", "announced", "2026-06-18", "option"],
               ["places", "second", "2026-06-18", "option"]], "inputs")
    cli.equal(sums, "  left out, not announced: 2 IPv4 networks of 4 blocks\n"
              "  second opinion, IPv4 addresses: 256 in both, 1280 only in the first, 0 only in "
              "the second", "sums")


def show_as_json_is_a_target_file(place):
    place.put("targets/xx.json", FULL)
    run = place.run("targets", "show", "--json", "xx").expect(0, err="")
    cli.equal(json.loads(run.out), json.loads(FULL), "the target")
    place.put("again.json", run.out)
    place.run("targets", "validate", "again.json").expect(
        0, out="again.json: valid, target xx: 2 networks, 258 blocks, 2 hosts\n", err="")


def show_has_names_sources_and_days(place):
    text = """{"schema": "blockwatch/target/1", "name": "xx", "methods": ["icmp"], "networks": [
        {"prefix": "198.18.0.0/24", "source": "a registry", "hosts": [
          {"address": "198.18.0.9", "seen": "2020-01-01", "name": "ns1", "source": "asked"},
          {"address": "198.18.0.7", "name": "bad\\u202ename"}, "198.18.0.8"]}]}"""
    place.put("targets/xx.json", text)
    run = place.run("targets", "show", "xx").expect(0, err="")
    cli.holds("""
HOST        AVAILABILITY  SEEN           AGE  METHODS  NAME      SOURCE
198.18.0.7           0.7                      icmp     bad?name
198.18.0.8           0.7                      icmp
198.18.0.9           0.7  2020-01-01  DAYS d  icmp     ns1       asked

Source of 198.18.0.0/24: a registry
""" in run.out.replace(str(days_since(datetime.date(2020, 1, 1))), "DAYS"), run.out)
    shown = json.loads(place.run("targets", "show", "--json", "xx").expect(0).out)
    hosts = {host if isinstance(host, str) else host["address"]: host
             for host in shown["networks"][0]["hosts"]}
    wanted = {host if isinstance(host, str) else host["address"]: host
              for host in json.loads(text)["networks"][0]["hosts"]}
    cli.equal(hosts, wanted, "hosts")
    cli.equal(shown["networks"][0]["source"], "a registry", "source")


def show_takes_what_check_takes(place):
    run = place.run("targets", "show", "--json", "198.18.4.0/22", "198.18.0.9", "2001:db8::1")
    run.expect(0, err="")
    cli.equal([json.loads(line)["networks"] for line in run.out.splitlines()], [
        [{"prefix": "198.18.4.0/22"}],
        [{"prefix": "198.18.0.9/32"}], [{"prefix": "2001:db8::1/128"}]], "networks")


def unknown_targets_are_66_with_a_hint(place):
    place.put("targets/kp.txt", "198.18.0.0/24")
    looked = (f"./targets:{place.folder}/.config/blockwatch/targets:/etc/blockwatch/targets:")
    for name in ("KPP", "kpp", "k-p"):
        run = place.run("targets", "show", name).expect(66, out="")
        cli.holds(run.err.startswith(f"blockwatch: {name}: no target of this name, did you mean "
                                     f"'kp'? Looked in {looked}"), run.err)
    run = place.run("check", "tuvalu").expect(66, out="")
    cli.holds(run.err.startswith(
        "blockwatch: check: tuvalu: no target of this name here, though 'tv' is shipped: install "
        "blockwatch, start it where ./targets has the file, or set BLOCKWATCH_TARGET_PATH to "
        f"'targets' of the source. Looked in {looked}"[:330]), run.err)
    run = place.run("check", "vanuatu").expect(66, out="")
    cli.holds(run.err.startswith(
        "blockwatch: check: vanuatu: no target of this name. A target of Vanuatu is made by: "
        "blockwatch targets build --country VU --delegated FILE --output vu.json, FILE being the "
        f"delegated file of its registry. Looked in {looked}"[:330]), run.err)
    cli.equal(run.err.count("\n"), 1, "lines")
    for file in sorted(os.listdir(os.path.join(cli.ROOT, "targets"))):
        if file.endswith(".json"):
            run = place.run("check", file[:-5], BLOCKWATCH_TARGET_PATH="/none").expect(66, out="")
            cli.holds(f"'{file[:-5]}' is shipped" in run.err, run.err)
            cli.holds(run.err.endswith("Looked in /none\n"), run.err)
    place.put("conf/c.json", '{ "vantage": "v", "targets": ["zz", "tv"] }')
    run = place.run("run", "--config", "conf/c.json", "--check-config").expect(66, out="")
    cli.equal([line.count("Looked in ./targets:") for line in run.err.splitlines()], [1, 1],
              "a configuration says where it looked")
    run = place.run("targets", "show", "atlantis").expect(66, out="")
    cli.holds(run.err.startswith("blockwatch: atlantis: no target of this name, and no prefix, "
                                 f"address or file. Looked in {looked}"), run.err)
    cli.equal(run.err.count("\n"), 1, "lines")
    place.run("targets", "show", "./kp.json").expect(
        66, out="", err="blockwatch: ./kp.json: cannot open it: No such file or directory\n")


def bad_prefixes_are_65(place):
    for text, message in (
            ("198.18.0.1/24", "198.18.0.0/24"), ("198.18.0.0/33", "33")):
        run = place.run("targets", "show", text).expect(65, out="")
        cli.holds(run.err.startswith(f"blockwatch: {text}: ") and message in run.err, run.err)
        cli.equal(run.err.count("\n"), 1, "lines")


def bad_files_name_line_and_field(place):
    for name, text, status, said in (
            ("a.json", "{\n  \"schema\": oops }", 65, "a.json:2:"),
            ("b.json", HEAD + '"networks": [{"prefix": "198.18.0.0/24"},\n'
                              ' {"prefix": "198.18.0.0/25"}]}', 65,
             "b.json:3:2: networks[1]: 198.18.0.0/25 overlaps 198.18.0.0/24, which is "
             "networks[0] in line 2\n"),
            ("c.json", HEAD + '"networks": [{"prefix": "198.18.0.0/24",\n'
                              ' "hosts": ["198.18.1.1"]}]}', 65,
             "c.json:3:12: networks[0].hosts[0]: 198.18.1.1 is outside of its network "
             "198.18.0.0/24\n"),
            ("d.json", HEAD + '"methods": ["gre:53"]}', 65, "d.json:2:13: methods[0]: "),
            ("e.json", HEAD + '"netwroks": []}', 65,
             "e.json:2:1: netwroks: unknown key, did you mean 'networks'?\n"),
            ("f.json", HEAD + '"networks": []}', 65, "f.json:2:13: networks: must not be empty\n"),
            ("g.txt", "", 65, "g.txt: the list is empty: no prefix and no address in it\n"),
            ("i.txt", "198.18.0.0/24\nwww.example.com\n", 65,
             "i.txt:2: 'www.example.com' is no prefix and no address: one a line, names are not "
             "looked up\n"),
            ("j.txt", b"\xff\xfe1\0", 65, "j.txt:1: '??1' is no prefix and no address")):
        place.put(name, text)
        run = place.run("targets", "validate", name).expect(status, out="")
        cli.holds(run.err.startswith("blockwatch: " + said), f"{name}: {run.err}")
        cli.equal(run.err.count("\n"), 1, "lines")
    place.put("two.json", HEAD + '"netwroks": [],\n"networks": [{"prefix": "198.18.0.0/33"}]}')
    run = place.run("targets", "validate", "two.json", "g.txt", "e.json").expect(65, out="")
    cli.equal([line.split()[1].split(":")[0] for line in run.err.splitlines()],
              ["two.json", "g.txt", "e.json"], "the first error of each file")


def validate_goes_on_and_tells_the_first_failure(place):
    place.put("good.json", FULL)
    place.put("bad.json", "{}")
    run = place.run("targets", "validate", "none.txt", "good.json", "bad.json").expect(66)
    cli.equal(run.out, "good.json: valid, target xx: 2 networks, 258 blocks, 2 hosts\n", "output")
    cli.equal(run.err.count("\n"), 2, "lines")
    run = place.run("targets", "validate", "--json", "bad.json", "good.json").expect(65)
    bad, good = map(json.loads, run.out.splitlines())
    cli.equal(bad, {"file": "bad.json", "valid": False, "line": 1, "column": 1, "field": "schema",
                    "message": 'missing: write it, as in "schema": "blockwatch/target/1"'},
              "the bad one")
    cli.equal(good["valid"], True, "the good one")


def unreadable_files_are_66(place):
    place.put("folder/x", "")
    place.run("targets", "validate", "folder").expect(
        66, out="", err="blockwatch: folder: cannot read it: Is a directory\n")
    if os.geteuid() == 0:
        return  # root may read everything
    place.put("secret.txt", "198.18.0.0/24")
    os.chmod(os.path.join(place.folder, "secret.txt"), 0)
    place.run("targets", "validate", "secret.txt").expect(
        66, out="", err="blockwatch: secret.txt: cannot open it: Permission denied\n")


def pipes_are_files(place):
    run = place.shell('echo 198.18.0.9 | "$0" targets show --json /dev/stdin').expect(0, err="")
    cli.equal(json.loads(run.out)["networks"],
              [{"prefix": "198.18.0.0/24", "hosts": ["198.18.0.9"]}], "networks")


def the_last_of_a_million_lines(place):
    lines = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}\n" for n in range(999_999)]
    place.put("good.txt", "".join(lines))
    place.put("bad.txt", "".join(lines) + "10.0.0.1\n")
    place.run("targets", "validate", "good.txt").expect(
        0, out="good.txt: valid, target good: 3907 networks, 3907 blocks, 999999 hosts\n", err="")
    place.run("targets", "validate", "bad.txt").expect(
        0, out="bad.txt: valid, target bad: 3907 networks, 3907 blocks, 999999 hosts\n", err=(
            "blockwatch: bad.txt: 1 of its entries are listed twice or lie in another, and count "
            "once (10.0.0.1 of line 1000000 is in 10.0.0.1 of line 2)\n"))


def shipped_targets_are_valid(place):
    folder = os.path.join(cli.ROOT, "targets")
    files = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    cli.holds("kp.json" in files and "references.json" in files, files)
    run = place.run("targets", "validate", *(os.path.join(folder, name) for name in files))
    run.expect(0, err="")
    cli.equal(run.out.count(": valid, target "), len(files), "files")


cli.main([
    list_shows_each_name_once,
    the_usual_path_starts_here_and_goes_home,
    list_as_json,
    list_goes_on_after_a_broken_file,
    list_of_nothing,
    show_for_people,
    show_says_costs_and_what_block_lists_remove,
    show_says_what_the_target_was_made_of,
    show_as_json_is_a_target_file, show_has_names_sources_and_days,
    show_takes_what_check_takes,
    unknown_targets_are_66_with_a_hint,
    bad_prefixes_are_65,
    bad_files_name_line_and_field,
    validate_goes_on_and_tells_the_first_failure,
    unreadable_files_are_66,
    pipes_are_files,
    the_last_of_a_million_lines,
    shipped_targets_are_valid,
])
