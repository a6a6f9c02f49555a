#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""blockwatch targets build: the file it makes, what it refuses, what it says."""
import gzip
import hashlib
import ipaddress
import json
import os
import shutil
import subprocess

import cli
import mmdb

DELEGATED = """2|apnic|20260617|5|19830613|20260616|+1000
apnic|*|asn|*|1|summary
apnic|*|ipv4|*|3|summary
apnic|*|ipv6|*|1|summary
apnic|TV|asn|64496|1|20091221|allocated|A91A
apnic|TV|ipv4|198.18.0.0|1024|20091221|allocated|A91A
apnic|TV|ipv4|198.18.8.0|768|20091221|assigned|A91B
apnic|KI|ipv4|198.18.16.0|256|20091221|allocated|A91C
apnic|TV|ipv6|2001:db8::|32|20091221|allocated|A91A
"""
ROUTES = "".join(f"198.18.{n}.0\t24\t64496\n" for n in range(4))
NAMES = '198.18.0.0,198.18.3.255,64496,"Star, JV"\n'
BUILD = ("targets", "build", "--country", "TV")


def prefixes(text):
    return [network["prefix"] for network in json.loads(text)["networks"]]


def delegations_are_networks(place):
    place.put("apnic", DELEGATED)
    run = place.run(*BUILD, "--delegated", "apnic", "-o", "tv.json").expect(0, err="", out=(
        "tv.json: Tuvalu, 4 networks, 8 blocks, 0 hosts\n"
        "  no host is known yet; to find them: blockwatch survey tv.json --write tv.json\n"))
    text = place.get("tv.json")
    target = json.loads(text)
    cli.equal(prefixes(text), ["198.18.0.0/22", "198.18.8.0/23", "198.18.10.0/24",
                               "2001:db8::/32"], "networks")
    digest = hashlib.sha256(DELEGATED.encode()).hexdigest()
    cli.equal({key: target[key] for key in ("name", "title", "country", "timezone", "updated",
                                            "inputs")},
              {"name": "tv", "title": "Tuvalu", "country": "TV", "timezone": "Pacific/Funafuti",
               "updated": "2026-06-16",
               "inputs": [{"name": "apnic", "use": "delegated", "date": "2026-06-16",
                           "date_from": "header", "sha256": digest}]}, "head")
    place.run("targets", "validate", "tv.json").expect(0, err="")
    return run


def the_same_inputs_give_the_same_bytes(place):
    place.put("apnic", DELEGATED)
    place.put("routes", ROUTES)
    os.utime(place.path("routes"), (1750118400, 1750118400))
    place.run(*BUILD, "-d", "apnic", "-a", "routes", "-o", "a.json").expect(0, err="")
    os.makedirs(place.path("sub"))
    place.run(*BUILD, "-a", "./routes", "-d", "./apnic", "-o", "sub/b.json").expect(0, err="")
    cli.equal(place.get("a.json"), place.get("sub/b.json"), "bytes")
    inputs = json.loads(place.get("a.json"))["inputs"]
    cli.equal([(i["date"], i["date_from"]) for i in inputs],
              [("2026-06-16", "header"), ("2025-06-17", "modification-time")], "dates")


def announced_prefixes_are_networks_and_the_rest_is_left_out(place):
    place.put("apnic", DELEGATED)
    place.put("routes", ROUTES)
    place.put("names", NAMES)
    run = place.run(*BUILD, "-d", "apnic", "-a", "routes", "-r", "names", "--date", "20260618")
    run.expect(0, err="-: Tuvalu, 5 networks, 5 blocks, 0 hosts\n"
                      "  left out, not announced: 2 IPv4 networks of 3 blocks\n")
    target = json.loads(run.out)
    cli.equal(target["networks"][0], {"prefix": "198.18.0.0/24", "name": "Star, JV",
                                      "asn": 64496}, "network")
    cli.equal(prefixes(run.out), [f"198.18.{n}.0/24" for n in range(4)] + ["2001:db8::/32"],
              "networks")
    cli.equal(target["left_out"], {"ipv4": {"networks": 2, "addresses": 768, "blocks": 3}},
              "left_out")
    cli.equal(target["updated"], "2026-06-18", "updated")


def gzip_and_standard_input(place):
    with open(place.path("apnic.gz"), "wb") as file:
        file.write(gzip.compress(DELEGATED.encode(), mtime=0))
    dump = "TABLE_DUMP2|1781654400|B|192.0.2.1|65000|198.18.0.0/22|65000 64497 64496|IGP\n"
    run = place.run(*BUILD, "-d", "apnic.gz", "-a", "-", stdin=dump).expect(0)
    cli.equal(json.loads(run.out)["networks"][0],
              {"prefix": "198.18.0.0/22", "asn": 64496, "upstreams": [64497]}, "network")
    place.run(*BUILD, "-d", "-", stdin=DELEGATED.split("\n", 1)[1]).expect(
        64, out="", err="blockwatch: targets build: standard input: it has no date: give --date\n")
    place.run(*BUILD, "-d", "-", "-a", "-", stdin="").expect(
        64, out="", err="blockwatch: targets build: only one input can be standard input\n")


def prefixes_and_exclusions(place):
    place.put("apnic", DELEGATED)
    place.put("out", "198.18.0.0/23 asked to be left alone\n")
    run = place.run(*BUILD, "-d", "apnic", "--exclude", "out", "--prefix", "198.18.64.0/24",
                    "--prefix", "198.18.1.0/24").expect(0)
    cli.equal(prefixes(run.out), ["198.18.2.0/23", "198.18.8.0/23", "198.18.10.0/24",
                                  "198.18.64.0/24", "2001:db8::/32"], "networks")


def a_second_opinion_is_listed_and_never_merged(place):
    place.put("apnic", DELEGATED)
    place.put("places", "198.18.2.0,198.18.3.255,TV\n198.19.0.0,198.19.0.255,TV\n")
    run = place.run(*BUILD, "-d", "apnic", "--second", "places").expect(
        0, err="-: Tuvalu, 4 networks, 8 blocks, 0 hosts\n"
               "  second opinion, IPv4 addresses: 512 in both, 1280 only in the first, "
               "256 only in the second\n")
    cli.equal(json.loads(run.out)["second"], {
        "both": ["198.18.2.0/23"],
        "only_first": ["198.18.0.0/23", "198.18.8.0/23", "198.18.10.0/24", "2001:db8::/32"],
        "only_second": ["198.19.0.0/24"]}, "second")


def put_databases(place):
    if os.environ.get("BLOCKWATCH_MMDB") != "1":
        raise cli.Skip("built without libmaxminddb")
    place.put("apnic", DELEGATED)
    place.put("asn.mmdb", mmdb.make("GeoLite2-ASN", mmdb.SYSTEMS, size=28))
    place.put("country.mmdb", mmdb.make("GeoLite2-Country", mmdb.COUNTRIES, aliases=True))
    place.put("domain.mmdb", mmdb.make("GeoIP2-Domain", mmdb.DOMAINS))


def a_database_labels_networks_and_changes_none(place):
    put_databases(place)
    run = place.run(*BUILD, "-d", "apnic", "--mmdb", "asn.mmdb").expect(0)
    target = json.loads(run.out)
    cli.equal(prefixes(run.out), ["198.18.0.0/22", "198.18.8.0/23", "198.18.10.0/24",
                                  "2001:db8::/32"], "networks")
    cli.equal([(n.get("asn"), n.get("name")) for n in target["networks"]],
              [(64496, "Star JV"), (None, None), (None, None), (64497, "Six")], "labels")
    cli.equal([(i["name"], i["use"], i["date"], i["date_from"]) for i in target["inputs"]][1],
              ("asn.mmdb", "mmdb", "2026-06-17", "header"), "input")
    place.put("names", "198.18.0.0,198.18.1.255,64500,Table\n198.18.2.0,198.18.3.255,64496\n")
    run = place.run(*BUILD, "-d", "apnic", "-r", "names", "--mmdb", "asn.mmdb",
                    "--date", "2026-06-18").expect(0)
    cli.equal([(n["prefix"], n["asn"], n["name"]) for n in json.loads(run.out)["networks"][:2]],
              [("198.18.0.0/23", 64500, "Table"), ("198.18.2.0/23", 64496, "Star JV")], "cut")


def a_database_is_a_second_opinion(place):
    put_databases(place)
    run = place.run(*BUILD, "-d", "apnic", "--second", "country.mmdb").expect(0)
    cli.equal(json.loads(run.out)["second"], {
        "both": ["198.18.0.0/22", "198.18.8.0/23", "2001:db8::/32"],
        "only_first": ["198.18.10.0/24"], "only_second": []}, "second")
    if not shutil.which("mmdblookup"):
        return
    for address in ("198.18.3.255", "198.18.9.0", "198.18.10.1", "2001:db8:1::1"):
        seen = subprocess.run(["mmdblookup", "--file", place.path("country.mmdb"), "--ip",
                               address, "country", "iso_code"], capture_output=True, check=False)
        cli.equal(b'"TV"' in seen.stdout, address != "198.18.10.1", f"mmdblookup of {address}")


TOR = "/usr/share/tor/geoip"


def the_table_of_tor_is_a_second_opinion(place):
    """A real table of another maker. Python adds up what it says, as second witness."""
    if not os.path.exists(TOR):
        raise cli.Skip("no table of Tor (Debian package tor-geoipdb)")
    with open(TOR, encoding="ascii") as table:
        rows = [line.split(",") for line in table if not line.startswith("#")]
    there = sum(int(end) - int(start) + 1 for start, end, code in rows if code == "TV\n")
    with open(os.path.join(cli.ROOT, "targets", "tv.json"), encoding="utf-8") as file:
        networks = [ipaddress.ip_network(network["prefix"])
                    for network in json.load(file)["networks"] if "." in network["prefix"]]
    mine = sum(network.num_addresses for network in networks)
    place.put("apnic", "".join(f"apnic|TV|ipv4|{network.network_address}|{network.num_addresses}|"
                               "20091221|allocated\n" for network in networks))
    run = place.run(*BUILD, "-d", "apnic", "--second", TOR, "--date", "2026-06-18").expect(0)
    both, first, second = (sum(ipaddress.ip_network(prefix).num_addresses for prefix in
                               json.loads(run.out)["second"][key] if "." in prefix)
                           for key in ("both", "only_first", "only_second"))
    cli.equal((both + first, both + second), (mine, there), "addresses")
    cli.holds(f"second opinion, IPv4 addresses: {both} in both, {first} only in the first, "
              f"{second} only in the second" in run.err, run.err)


def a_database_of_another_type_is_65(place):
    put_databases(place)
    build, say = (*BUILD, "-d", "apnic"), "blockwatch: targets build: "
    of_another_type = "domain.mmdb: this mmdb is of another type (GeoIP2-Domain): it has no "
    for arguments, message in [
            (("--mmdb", "domain.mmdb"), of_another_type + "AS; take one such as GeoLite2-ASN"),
            (("--second", "domain.mmdb"),
             of_another_type + "country; take one such as GeoLite2-Country"),
            (("--mmdb", "country.mmdb"), "country.mmdb: this mmdb is of another type "
             "(GeoLite2-Country): it has no AS; take one such as GeoLite2-ASN"),
            (("--mmdb", "apnic"), "apnic: this is no mmdb, or its end is missing; a packed one "
             "must be unpacked"),
            (("--ranges", "asn.mmdb"), "asn.mmdb: this is an mmdb and no text: give it as --mmdb "
             "(labels) or --second")]:
        place.run(*build, *arguments).expect(65, out="", err=f"{say}{message}\n")
    place.run(*build, "--mmdb", "missing").expect(66, out="")
    place.run(*build, "--mmdb", "-").expect(64, out="")


def without_libmaxminddb_it_says_so(place):
    if os.environ.get("BLOCKWATCH_MMDB") != "0":
        raise cli.Skip("built with libmaxminddb")
    place.put("apnic", DELEGATED)
    place.put("asn.mmdb", mmdb.make("GeoLite2-ASN", mmdb.SYSTEMS))
    for option in ("--mmdb", "--second"):
        place.run(*BUILD, "-d", "apnic", option, "asn.mmdb").expect(69, out="", err=(
            "blockwatch: targets build: asn.mmdb: this blockwatch was built without libmaxminddb "
            "and reads no mmdb: build it with -Dmmdb=enabled, or give a table of ranges "
            "(--ranges)\n"))


def hit_lists_give_hosts(place):
    place.put("apnic", DELEGATED)
    place.put("plain", "198.18.0.1\n203.0.113.1\n")
    place.put("alive", "198.18.0.2 is alive\n198.18.0.3 is unreachable\n")
    place.run(*BUILD, "-d", "apnic", "--hitlist", "plain", "--hitlist", "alive", "--date",
              "2026-06-18", "-o", "tv.json").expect(0, err="", out=(
                  "tv.json: Tuvalu, 4 networks, 8 blocks, 2 hosts\n"))
    cli.equal(json.loads(place.get("tv.json"))["networks"][0]["hosts"],
              ["198.18.0.1", {"address": "198.18.0.2", "seen": "2026-06-18"}], "hosts")
    place.put("bad", "198.18.0.1\nns1.example\n")
    place.run(*BUILD, "-d", "apnic", "--hitlist", "bad").expect(65, out="", err=(
        "blockwatch: targets build: bad:2: 'ns1.example' is no address of a host\n"))


def large_countries_are_sampled(place):
    place.put("apnic", "apnic|IR|ipv4|10.0.0.0|1048576|20091221|allocated\n"
                       "apnic|IR|ipv4|198.18.0.0|1024|20091221|allocated\n")
    place.put("routes", "10.0.0.0/13 64496\n10.8.0.0/13 64496\n198.18.0.0/22 64497\n")
    place.put("hosts", "10.0.77.1\n10.0.77.2\n10.1.2.3\n198.18.1.1\n")
    build = ("targets", "build", "-c", "IR", "-d", "apnic", "-a", "routes", "--hitlist", "hosts",
             "--date", "2026-06-18")
    place.run(*build, "--max-blocks", "1000").expect(65, out="", err=(
        "blockwatch: targets build: 4100 blocks are more than 1000: watch a part of them "
        "(--sample), or allow it (--max-blocks)\n"))
    run = place.run(*build, "--max-blocks", "1000", "--sample", "16").expect(0)
    first, second, third = json.loads(run.out)["networks"]
    cli.equal([len(first["blocks"]), len(second["blocks"]), "blocks" in third], [8, 8, False],
              "sizes")
    cli.holds("10.0.77.0/24" in first["blocks"] and "10.1.2.0/24" in first["blocks"], first)
    cli.equal(first["hosts"], ["10.0.77.1", "10.0.77.2", "10.1.2.3"], "hosts")
    cli.equal(place.run(*build, "--sample", "16").expect(0).out, run.out, "the same seed")
    other = place.run(*build, "--sample", "16", "--seed", "2").expect(0).out
    cli.holds(other != run.out, "another seed")
    place.put("ir.json", other)
    place.run("targets", "validate", "ir.json").expect(
        0, err="", out="ir.json: valid, target ir: 3 networks, 20 blocks, 4 hosts\n")


def thirty_percent_less_is_too_much(place):
    def build(count):
        place.put("ten", "".join(f"apnic|TV|ipv4|198.18.{i}.0|256|20091221|allocated\n"
                                 for i in range(count)))
        return place.run(*BUILD, "-d", "ten", "-o", "ten.json")

    build(10).expect(0)
    before = place.get("ten.json")
    build(7).expect(65, out="", err=(
        "blockwatch: targets build: ten.json: not replaced: the new file has 1792 IPv4 addresses "
        "and the old one 2560; --force replaces it\n"))
    cli.equal(place.get("ten.json"), before, "the file")
    build(8).expect(0)


def ases_without_a_country(place):
    place.put("routes", ROUTES + "198.18.9.0/24 64500\n")
    run = place.run("targets", "build", "--asn", "AS64500", "-a", "routes", "-o", "my-as.json")
    run.expect(0)
    target = json.loads(place.get("my-as.json"))
    cli.equal((target["name"], prefixes(place.get("my-as.json"))), ("my-as", ["198.18.9.0/24"]),
              "target")


def nothing_half_written_and_nothing_smaller(place):
    place.put("apnic", DELEGATED)
    place.put("less", "apnic|TV|ipv4|198.18.0.0|256|20091221|allocated\n")
    place.put("none", "apnic|KI|ipv4|198.18.0.0|256|20091221|allocated\n")
    place.run(*BUILD, "-d", "apnic", "-o", "tv.json").expect(0)
    before = place.get("tv.json")
    place.run(*BUILD, "-d", "less", "-o", "tv.json").expect(65, out="", err=(
        "blockwatch: targets build: tv.json: not replaced: the new file has 256 IPv4 addresses "
        "and the old one 1792; --force replaces it\n"))
    place.run(*BUILD, "-d", "none", "-o", "tv.json", "--force").expect(65, out="", err=(
        "blockwatch: targets build: no network of Tuvalu (TV) is in the inputs\n"))
    cli.equal(place.get("tv.json"), before, "the file")
    place.run(*BUILD, "-d", "less", "-o", "tv.json", "--force").expect(0)
    cli.equal(prefixes(place.get("tv.json")), ["198.18.0.0/24"], "networks")
    place.put("notes.txt", "my notes\n")
    place.run(*BUILD, "-d", "less", "-o", "notes.txt").expect(65)
    cli.equal(sorted(os.listdir(place.folder)),
              ["apnic", "less", "none", "notes.txt", "tv.json"], "files")


BAD = [
    ("cut", DELEGATED.rsplit("\n", 3)[0] + "\n", "cut: cut short: 2 records of ipv4 and not the 3 "
     "of its summary line; download it again"),
    ("cut2", DELEGATED.split("|256|")[0],
     "cut2:8: the record has 4 fields and not 7: was it cut short?"),
    ("header", DELEGATED.split("\n", 1)[0] + "\n",
     "header: cut short: 0 records and not the 5 of its version line; download it again"),
    ("page", "<!DOCTYPE html>\n<html>not found</html>\n",
     "page:1: this is an HTML or XML page and not a list: the download went wrong"),
    ("label", NAMES, "label:1: this is no line of a delegated file: it has the form "
     "'REGISTRY|CC|TYPE|START|VALUE|DATE|STATUS'"),
    ("count", "apnic|TV|ipv4|255.255.0.0|65537|20091221|allocated\n", "count:1: '65537' is no "
     "count of addresses from there to 255.255.255.255 at most"),
    ("empty", "", "empty: no delegation in it"),
]


def bad_files_are_65_with_file_and_line(place):
    for name, text, message in BAD:
        place.put(name, text)
        place.run(*BUILD, "-d", name, "-o", "tv.json").expect(
            65, out="", err=f"blockwatch: targets build: {message}\n")
    cli.holds(not os.path.exists(place.path("tv.json")), "nothing was written")
    place.run(*BUILD, "-d", "missing").expect(66)


GOOD = {
    "delegated": DELEGATED,
    "ranges": "198.18.0.0,198.18.3.255,TV\n198.18.4.0,198.18.4.255,KI\n",
    "iptoasn": "198.18.0.0\t198.18.3.255\t64496\tTV\tSTAR\n",
    "ases": "198.18.0.0,198.18.3.255,64496,STAR\n",
    "announced": ROUTES,
    "dump": "TABLE_DUMP2|1781654400|B|192.0.2.1|65000|198.18.0.0/22|65000 64496|IGP\n",
    "isi": "#fsdb -F t hex_ip history score\nc6120001\t1ffff\t99\n",
    "zmap": "saddr,success\n198.18.0.1,1\n",
    "fping": "198.18.0.1 is alive\n",
    "json": '{"saddr": "198.18.0.1", "success": 1}\n',
}
# What each option reads of these.
READS = {"--delegated": {"delegated"}, "--ranges": {"ranges", "iptoasn", "ases"},
         "--second": {"ranges", "iptoasn"}, "--announced": {"announced", "dump"},
         "--hitlist": {"isi", "zmap", "fping", "json"}}
SPOILT = {
    "page": b"\n <!DOCTYPE html>\n<html>404</html>\n",
    "empty": b"",
    "blank": b"\n\n  \n",
    "comment": b"# nothing here yet\n",
    "binary": bytes(range(256)),
    "utf16": "198.18.0.1\n".encode("utf-16"),
    "zip": b"PK\x03\x04\x14\x00",
    "xz": b"\xfd7zXZ\x00",
    "gz": gzip.compress(DELEGATED.encode(), mtime=0)[:-9],
    "target": b'{"schema": "blockwatch/target/1", "name": "x", "networks": []}\n',
    "endless": b"x" * (1 << 20) + b"x\n",
}


def every_input_refuses_what_is_not_its_own(place):
    """One line with the file, 65, and nothing is written, whatever is given for whatever."""
    place.put("apnic", DELEGATED)
    for name, text in {**GOOD, **SPOILT}.items():
        place.put(name, text)
    for option, reads in READS.items():
        base = (*BUILD, "--date", "2026-06-18", "-o", "tv.json")
        if option != "--delegated":
            base = (*base, "-d", "apnic")
        for name in {**GOOD, **SPOILT}:
            run = place.run(*base, option, name)
            what = f"{option} {name}: {run.status} {run.err}"
            if name in reads:
                cli.holds(run.status == 0, what)
                os.remove(place.path("tv.json"))
                continue
            cli.holds(run.status == 65 and run.err.count("\n") == 1 and
                      run.err.startswith(f"blockwatch: targets build: {name}:") and
                      not os.path.exists(place.path("tv.json")), what)


def every_input_takes_crlf_and_a_byte_order_mark(place):
    place.put("apnic", DELEGATED)
    for option, reads in READS.items():
        base = (*BUILD, "--date", "2026-06-18", *(() if option == "--delegated" else
                                                  ("-d", "apnic")), option)
        for name in reads:
            place.put(name, GOOD[name])
            plain = json.loads(place.run(*base, name).expect(0).out)
            for spoil in (lambda text: text.replace("\n", "\r\n"),
                          lambda text: "\ufeff" + text.replace("\n", "\r"),
                          lambda text: text.rstrip("\n")):
                place.put(name, spoil(GOOD[name]))
                again = json.loads(place.run(*base, name).expect(0).out)
                for target in (plain, again):
                    target.pop("inputs", None)
                cli.equal(again, plain, f"{option} {name}")


def crlf_and_bom_are_no_errors(place):
    place.put("apnic", "\ufeff" + DELEGATED.replace("\n", "\r\n"))
    run = place.run(*BUILD, "-d", "apnic").expect(0)
    cli.equal(len(prefixes(run.out)), 4, "networks")


def wrong_usage_is_64(place):
    say = "blockwatch: targets build: "
    for arguments, message in [
            (("-c", "UK", "-d", "x"), "--country: 'UK' is no country code (ISO 3166-1), did you "
             "mean GB (United Kingdom)?"),
            (("-c", "Tuvulu", "-d", "x"), "--country: 'Tuvulu' is no country code (ISO 3166-1), "
             "did you mean TV (Tuvalu)?"),
            (("-c", "XX", "-d", "x"), "--country: 'XX' is no country code: two letters of ISO "
             "3166-1, such as TV"),
            (("-c", "TV"), "nothing says which networks TV has: give --delegated or --ranges"),
            ((), "say whose networks: --country, --asn or --prefix"),
            (("--asn", "1"), "--asn needs a table with ASes: --announced or --ranges"),
            (("--asn", "0", "-a", "x"), "--asn: '0' is no AS number: 1 to 4294967295"),
            (("-p", "198.18.0.1/24"), None),
            (("-c", "TV", "-d", "x", "--date", "june"), "--date: 'june' is no date: write it like "
             "2026-06-17")]:
        place.run("targets", "build", *arguments).expect(
            64, out="", **({"err": f"{say}{message}\n"} if message else {}))


def diff_says_what_came_went_and_changed(place):
    head = '{"schema": "blockwatch/target/1", "name": "xx", "updated": "2026-06-%s", "networks": ['
    place.put("a.json", head % "17" + """{"prefix": "198.18.0.0/24", "name": "N", "asn": 64496,
        "hosts": ["198.18.0.1", {"address": "198.18.0.2", "name": "ns"}]},
        {"prefix": "198.18.1.0/24"}]}""")
    place.put("b.json", head % "18" + """{"prefix": "198.18.0.0/24", "name": "N", "asn": 64497,
        "hosts": [{"address": "198.18.0.2", "seen": "2026-06-18", "availability": 0.5},
                  "198.18.0.3"]}, {"prefix": "198.18.2.0/24", "name": "M", "asn": 64498}]}""")
    place.run("targets", "diff", "a.json", "a.json").expect(0, out="", err="")
    place.run("targets", "diff", "a.json", "b.json").expect(1, err="", out="""\
~ updated: 2026-06-17 -> 2026-06-18
~ 198.18.0.0/24 asn: 64496 -> 64497
- 198.18.0.1 host
~ 198.18.0.2 availability: 0.7 -> 0.5
~ 198.18.0.2 seen: (none) -> 2026-06-18
~ 198.18.0.2 name: ns -> (none)
+ 198.18.0.3 host
- 198.18.1.0/24 network
+ 198.18.2.0/24 network M AS64498
""")
    run = place.run("targets", "diff", "--json", "b.json", "a.json").expect(1, err="")
    cli.equal([json.loads(line) for line in run.out.splitlines()][1:5], [
        {"change": "changed", "subject": "198.18.0.0/24", "what": "asn", "from": 64497,
         "to": 64496},
        {"change": "added", "subject": "198.18.0.1", "what": "host"},
        {"change": "changed", "subject": "198.18.0.2", "what": "availability", "from": 0.5,
         "to": 0.7},
        {"change": "changed", "subject": "198.18.0.2", "what": "seen", "from": "2026-06-18",
         "to": None}], "as JSON")
    place.put("c.json", place.get("a.json").replace('"asn": 64496,', ""))
    place.run("targets", "diff", "c.json", "a.json").expect(
        1, out="~ 198.18.0.0/24 asn: (none) -> 64496\n")
    os.remove(place.path("c.json"))
    place.run("targets", "diff", "a.json").expect(64, out="")
    place.run("targets", "diff", "a.json", "c.json").expect(66, out="")


def help_names_all_inputs(place):
    run = place.run("targets", "build", "--help").expect(0, err="")
    for name in ("--country", "--delegated", "--ranges", "--announced", "--second", "--asn",
                 "--prefix", "--exclude", "--date", "--force"):
        cli.holds(name in run.out, f"{name} is missing")
    cli.holds(all(len(line) <= 80 for line in run.out.splitlines()), "80 columns")


cli.main([
    delegations_are_networks,
    the_same_inputs_give_the_same_bytes,
    announced_prefixes_are_networks_and_the_rest_is_left_out,
    gzip_and_standard_input,
    prefixes_and_exclusions,
    a_second_opinion_is_listed_and_never_merged,
    a_database_labels_networks_and_changes_none,
    a_database_is_a_second_opinion,
    the_table_of_tor_is_a_second_opinion,
    a_database_of_another_type_is_65,
    without_libmaxminddb_it_says_so,
    hit_lists_give_hosts,
    large_countries_are_sampled,
    thirty_percent_less_is_too_much,
    ases_without_a_country,
    nothing_half_written_and_nothing_smaller,
    bad_files_are_65_with_file_and_line,
    every_input_refuses_what_is_not_its_own,
    every_input_takes_crlf_and_a_byte_order_mark,
    crlf_and_bom_are_no_errors,
    wrong_usage_is_64,
    diff_says_what_came_went_and_changed,
    help_names_all_inputs,
])
