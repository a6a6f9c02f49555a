#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""blockwatch survey: whom it would ask, exit codes, bad input. Nothing is sent here."""
import cli

RESERVED = ["survey", "--allow-reserved", "--dry-run"]


def plan(place, *words, status=0):
    done = place.run(*RESERVED, *words).expect(status)
    return [line.split()[0] for line in done.out.splitlines()], done


def everybody_once_in_a_repeatable_order(place):
    first, _ = plan(place, "--seed", "7", "198.18.0.0/24")
    again, _ = plan(place, "--seed", "7", "198.18.0.0/24")
    other, _ = plan(place, "--seed", "8", "198.18.0.0/24")
    cli.equal(sorted(first), sorted(f"198.18.0.{n}" for n in range(256)), "the addresses")
    cli.holds(first == again and first != other and first != sorted(first), "the order")


def several_methods(place):
    done = place.run(*RESERVED, "-m", "icmp,tcp:80", "198.18.0.0/31").expect(0)
    cli.equal(sorted(done.out.split("\n")[:-1]),
              ["198.18.0.0 icmp", "198.18.0.0 tcp:80", "198.18.0.1 icmp", "198.18.0.1 tcp:80"],
              "each address by each method")


def shards_are_disjoint_and_complete(place):
    shards = [plan(place, "--seed", "7", "--shard", f"{n}/5", "198.18.0.0/22")[0]
              for n in range(1, 6)]
    cli.equal(len(set().union(*shards)), 1024, "all shards together")
    cli.equal(sum(map(len, shards)), 1024, "the sum of the shards")


def shards_that_do_not_fit(place):
    for text in ("0/3", "4/3", "3", "1/0", "a/b", "1/3x", "-1/3", "1/99999999"):
        done = place.run(*RESERVED, "--seed", "7", "--shard", text, "198.18.0.0/24").expect(64, "")
        cli.holds("--shard" in done.err and done.err.count("\n") == 1, done.err)
    done = place.run(*RESERVED, "--shard", "1/3", "198.18.0.0/24").expect(64, "")
    cli.holds("--seed" in done.err, done.err)


def overlapping_prefixes_are_asked_once(place):
    asked, done = plan(place, "198.18.0.0/24", "198.18.0.128/25", "198.18.0.0/24", "198.18.0.7")
    cli.equal(len(asked), 256, "addresses")
    cli.equal(done.err.splitlines()[0],
              "blockwatch: 385 addresses were given more than once; each is asked once", "why")


def lists(place):
    place.put("list.txt", "# hosts\n198.18.0.1\n\t198.18.0.2  # comment\r\n\n2001:db8::1\n"
                          "198.18.1.0/31")
    wanted = ["198.18.0.1", "198.18.0.2", "198.18.1.0", "198.18.1.1", "2001:db8::1"]
    cli.equal(sorted(plan(place, "list.txt")[0]), wanted, "a file")
    done = place.shell('"$0" survey --allow-reserved -n - < list.txt').expect(0)
    cli.equal(sorted(line.split()[0] for line in done.out.splitlines()), wanted, "standard input")
    place.put("xx.json", '{"schema": "blockwatch/target/1", "networks": ['
                         '{"prefix": "198.18.0.8/30", "hosts": ["198.18.0.9"]},'
                         '{"prefix": "2001:db8::/48", "hosts": ["2001:db8::7"]},'
                         '{"prefix": "198.18.9.0/30"}]}')
    cli.equal(sorted(plan(place, "./xx.json")[0]),
              ["198.18.0.10", "198.18.0.11", "198.18.0.8", "198.18.0.9",
               *(f"198.18.9.{n}" for n in range(4)), "2001:db8::7"],
              "a target: all of IPv4, in IPv6 who is listed")


def too_many_addresses(place):
    place.put("land.txt", "198.18.0.0/31\n2001:d80::/29\n2001:d88::/32\n")
    run = place.run(*RESERVED, "land.txt").expect(0)
    cli.equal(sorted(line.split()[0] for line in run.out.splitlines()),
              ["198.18.0.0", "198.18.0.1"], "of a list the others are asked")
    cli.holds("2001:d80::/29 (and 1 more) has too many addresses" in run.err, run.err)
    run = place.run(*RESERVED, "2001:d80::/29").expect(65, "")
    cli.holds("has too many addresses to ask each of them; give a list" in run.err, run.err)


def bad_lists(place):
    place.put("bad.txt", "198.18.0.1\n198.18.0.300\n")
    done = place.run(*RESERVED, "bad.txt").expect(65, "")
    cli.holds(done.err.startswith("blockwatch: survey: bad.txt:2: "), done.err)
    place.put("long.txt", "1" * 600 + "\n")
    done = place.run(*RESERVED, "long.txt").expect(65, "")
    cli.holds("long.txt:1" in done.err, done.err)
    place.put("empty.txt", "# nobody\n")
    done = place.run(*RESERVED, "empty.txt").expect(65, "")
    cli.holds("nobody to ask" in done.err, done.err)
    place.shell("head -c 100 /dev/zero > zero.txt").expect(0)
    done = place.run(*RESERVED, "zero.txt").expect(65, "")
    cli.holds("zero.txt:1: " in done.err, done.err)
    place.run(*RESERVED, "missing.txt").expect(66, "")
    done = place.run(*RESERVED, "198.18.0.1/24").expect(65, "")
    cli.holds("198.18.0.0/24" in done.err, done.err)
    done = place.run(*RESERVED, "2001:db8::/64").expect(65, "")
    cli.holds("too many" in done.err, done.err)


def everything_needs_a_word(place):
    for words in (["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"]):
        done = place.run(*RESERVED, *words).expect(64, "")
        cli.holds("--allow-everything" in done.err, done.err)


def permission(place):
    place.put("blocked.txt", "198.18.0.0/25\n")
    asked, done = plan(place, "-b", "blocked.txt", "198.18.0.0/24")
    cli.equal(sorted(asked), sorted(f"198.18.0.{n}" for n in range(128, 256)), "the others")
    cli.holds("128 addresses on the block list" in done.err, done.err)
    done = place.run("survey", "-n", "198.18.0.0/24", "10.0.0.1").expect(65, "")
    cli.holds("257 special-purpose addresses" in done.err and done.err.count("\n") == 1, done.err)
    place.run(*RESERVED, "-b", "missing.txt", "198.18.0.0/24").expect(66, "")


def rates(place):
    for text in ("1000", "50k", "1.5M", "100Mbit", "1Gbps", "max", "20kpps"):
        place.run(*RESERVED, "--rate", text, "198.18.0.1").expect(0)
    for text in ("fast", "-1", "10x", "0.01", "1G", "", "1e99", "12kk", "0", "0k"):
        done = place.run(*RESERVED, "--rate", text, "198.18.0.1").expect(64, "")
        cli.holds("--rate" in done.err, done.err)


def outputs_that_do_not_fit(place):
    done = place.run(*RESERVED, "--csv", "saddr,colour", "198.18.0.1").expect(64, "")
    cli.holds("'colour'" in done.err and "timestamp_str" in done.err, done.err)
    place.run(*RESERVED, "--csv", "saddr", "--json", "198.18.0.1").expect(64, "")
    place.run("survey").expect(64, "")


def help_says_it_all(place):
    text = place.run("survey", "--help").expect(0, err="").out
    for word in ("--shard", "--passes", "--rate", "--resume", "--cooldown", "--max-runtime",
                 "--retries", "--write", "--csv", "--json", "--blocklist", "--allow-everything"):
        cli.holds(word in text, word)
    cli.holds(max(map(len, text.splitlines())) <= 80, "at most 80 columns")


if __name__ == "__main__":
    cli.main([everybody_once_in_a_repeatable_order, several_methods,
              shards_are_disjoint_and_complete, shards_that_do_not_fit,
              overlapping_prefixes_are_asked_once, lists, too_many_addresses, bad_lists,
              everything_needs_a_word, permission, rates, outputs_that_do_not_fit,
              help_says_it_all])
