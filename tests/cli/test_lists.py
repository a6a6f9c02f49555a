#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One reader of plain lists: each list as survey, target and block list."""
import cli

THREE = ["198.18.0.9", "198.18.0.10", "198.18.0.12"]
FOUR = ["198.18.0.9", "198.18.0.10", "198.18.0.11", "198.18.0.12"]
LISTS = {"bom": THREE, "cr": THREE, "semicolon": THREE, "range": FOUR,
         "nested": ["198.18.0.8", "198.18.0.9", "198.18.0.10", "198.18.0.11"]}
WHOLE = [f"198.18.0.{n}" for n in range(256)]
MERGED = "listed twice or lie in another, and count once"


TEXTS = {
    "bom": b"\xef\xbb\xbf198.18.0.9\n198.18.0.10\n198.18.0.12\n",
    "cr": b"198.18.0.9\r198.18.0.10\r198.18.0.12\r",
    "semicolon": b"; DROP list, 3 entries\n198.18.0.9 ; SBL000001\n198.18.0.10 ; SBL000002\n"
                 b"198.18.0.12 ; SBL000003\n",
    "range": b"198.18.0.9-198.18.0.12\n",
    "nested": b"198.18.0.8/30\n198.18.0.9\n198.18.0.10/31\n198.18.0.8/30\n",
    "words": b"# address, number of lists\n198.18.0.9\t3\n198.18.0.10 asked not to be probed\n"
             b"198.18.0.12   mail of 2026-01-02\n",
}


def file_of(place, name):
    return place.put(name + ".txt", TEXTS[name])


def in_order(addresses):
    return sorted(addresses, key=lambda text: int(text.rsplit(".", 1)[1]))


def asked(run):
    return in_order(line.split()[0] for line in run.out.splitlines())


def asked_hosts(run):
    return in_order(line.split()[0] for line in run.out.splitlines() if "gateway" not in line)


def a_survey_asks_each_address(place):
    for name, wanted in LISTS.items():
        run = place.run("survey", "-n", "--allow-reserved", file_of(place, name)).expect(0)
        cli.equal(asked(run), wanted, name)
        run = place.shell(f'"$0" survey -n --allow-reserved - < {file_of(place, name)}').expect(0)
        cli.equal(asked(run), wanted, name + " on standard input")


def a_target_has_each_address(place):
    for name, wanted in LISTS.items():
        run = place.run("check", "-n", "--allow-reserved", file_of(place, name)).expect(0)
        probed = wanted[1:3] if name == "nested" else wanted  # neither .8 nor .11 of the /30
        cli.equal(asked_hosts(run), probed, name)
        run = place.run("targets", "validate", file_of(place, name)).expect(0)
        hosts = "0 hosts" if name == "nested" else f"{len(wanted)} hosts"
        cli.holds(f"1 network, 1 block, {hosts}" in run.out, f"{name}: {run.out}")
        cli.equal(run.err.count(MERGED), int(name == "nested"), f"{name}: {run.err}")


def a_block_list_blocks_each_address(place):
    for name, wanted in {**LISTS, "words": THREE}.items():
        run = place.run("survey", "-n", "--allow-reserved", "-b", file_of(place, name),
                        "198.18.0.0/24")
        run.expect(0)
        cli.equal(asked(run), [a for a in WHOLE if a not in wanted], name)
        cli.equal(run.err.count(MERGED), int(name == "nested"), f"{name}: {run.err}")


def words_are_an_error_elsewhere(place):
    for words in (["survey", "-n"], ["targets", "validate"], ["check", "-n"]):
        run = place.run(*words, file_of(place, "words")).expect(65, out="")
        cli.holds("words.txt:2: " in run.err and run.err.count("\n") == 1, run.err)


def a_target_merges_with_one_warning(place):
    run = place.run("check", "-n", "--allow-reserved", file_of(place, "nested")).expect(0)
    cli.equal(run.err.count(MERGED), 1, run.err)
    run = place.run("survey", "-n", "--allow-reserved", file_of(place, "nested")).expect(0)
    cli.equal(run.err.count("more than once"), 1, run.err)


def opt_outs_cover_ipv6_forms(place):
    place.put("out.txt", "198.18.0.9\n")
    forms = ["::ffff:198.18.0.9", "64:ff9b::c612:9", "2002:c612:9::1"]
    for form in forms:
        run = place.run("survey", "-n", "--allow-reserved", "-b", "out.txt", form).expect(65, "")
        cli.holds("on the block list" in run.err, run.err)
    run = place.run("survey", "-n", "--allow-reserved", "-b", "out.txt", "64:ff9b::c612:8/126")
    run.expect(0)
    cli.equal(sorted(line.split()[0] for line in run.out.splitlines()),
              ["64:ff9b::c612:8", "64:ff9b::c612:a", "64:ff9b::c612:b"], "the others")


def large_networks_are_sampled(place):
    place.put("country.txt", "128.0.0.0/7\n2001:d80::/29\n")
    run = place.run("targets", "validate", "country.txt").expect(0)
    cli.equal(run.out, "country.txt: valid, target country: 2 networks, 65537 blocks, 0 hosts\n",
              "the sum")
    cli.equal(run.err, "blockwatch: country.txt: 128.0.0.0/7 has too many blocks: a sample of "
                       "65536 of its 131072 blocks of /24 is watched, spread evenly over it\n",
              "the note")


if __name__ == "__main__":
    cli.main([a_survey_asks_each_address, a_target_has_each_address,
              a_block_list_blocks_each_address, words_are_an_error_elsewhere,
              a_target_merges_with_one_warning, opt_outs_cover_ipv6_forms,
              large_networks_are_sampled])
