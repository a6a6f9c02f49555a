#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""blockwatch simulate as a user meets it: outputs, exit codes, bad scenarios."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import cli  # noqa: E402 (the path comes first)

HEAD = '{"schema": "blockwatch/scenario/1", "name": "small", "title": "A small one",\n'
LAND = ('"duration": "4h", "targets": [{"name": "land", "networks": '
        '[{"prefix": "198.18.0.0/24", "count": 2}], "hosts": [{"count": 8}]}],\n'
        '"vantage": {"round": "20s", "probes_per_hour": 300}')
FAULT = ',\n"faults": [{"subject": "land", "at": "2h", "for": "30m"}]'
SMALL = HEAD + LAND + FAULT + "}"
WANTED = HEAD + LAND + FAULT + ',\n"expect": [{"to": "dark", "never": true}]}'


def run(place, text, *options):
    return place.run("simulate", *options, place.put("small.json", text))


def says_the_events_in_words(place):
    done = run(place, SMALL).expect(0, err="")
    lines = done.out.splitlines()
    cli.equal(lines[0], "small: A small one", "first line")
    cli.equal(lines[1], "4 h from 2026-01-01 00:00:00 UTC on, seed 1", "second line")
    cli.holds(any("land is dark, at 2026-01-01 0" in line for line in lines), done.out)
    cli.holds(any(re.search("land is (up again|partly-dark) after 30 min", line)
                  for line in lines), done.out)


def says_when_the_vantage_was_blind(place):
    cut = LAND[:-1] + (', "second_uplink": ["198.18.1.0/24"], "references": 1},\n"vantage_faults": '
                       '[{"kind": "uplink-cut", "uplink": 2, "at": "2h", "for": "30m"}]')
    lines = run(place, HEAD + cut + "}").expect(0, err="").out.splitlines()[3:]
    cli.equal(len(lines), 2, "lines")
    cli.holds(re.fullmatch("2026-01-01 02:00:.. +the vantage, by sim1 and IPv4, cannot tell: "
                           "vantage-offline", lines[0]), lines)
    cli.holds(re.fullmatch("2026-01-01 02:30:.. +the vantage, by sim1 and IPv4, can tell again "
                           "after (29 min .*|30 min)", lines[1]), lines)


def json_lines_are_those_of_run(place):
    done = run(place, SMALL, "--json").expect(0, err="")
    records = [json.loads(line) for line in done.out.splitlines()]
    cli.equal([r["seq"] for r in records], list(range(1, len(records) + 1)), "seq")
    cli.equal({r["schema"] for r in records}, {"blockwatch/record/1"}, "schema")
    cli.equal({r["boot"] for r in records}, {"sim-1"}, "boot")
    cli.equal({r["type"] for r in records}, {"block", "event", "target", "vantage"}, "types")
    cli.holds(all("2026-01-01T00:00" <= r["time"] <= "2026-01-01T04:00:00.000000Z"
                  for r in records), "times of the scenario")


def the_same_to_the_byte(place):
    first = run(place, SMALL, "--json", "--score").expect(0)
    again = run(place, SMALL, "--json", "--score").expect(0, out=first.out)
    other = run(place, SMALL, "--json", "--score", "--seed", "2")
    cli.holds(again.out != other.out, "another seed is another world")


def a_score_in_text_and_json(place):
    text = run(place, SMALL, "--score").expect(0).out
    cli.holds("blocks (2)\n  outages                2: 2 seen, 0 missed" in text, text)
    line = run(place, SMALL, "--json", "--score").out.splitlines()[-1]
    score = json.loads(line)
    cli.equal(score["schema"], "blockwatch/score/1", "schema")
    cli.equal((score["blocks"]["outages"], score["blocks"]["missed"]), (2, 0), "outages")
    cli.equal(score["targets"]["seen"], 1, "of the target")


def trinocular_for_comparison(place):
    done = run(place, SMALL, "--json", "--score", "--reference", "trinocular").expect(0)
    records = [json.loads(line) for line in done.out.splitlines()]
    cli.equal(records[-1]["inference"], "trinocular", "inference")
    cli.equal({r["type"] for r in records[:-1]}, {"event"}, "its records")
    run(place, SMALL, "--reference", "chocolatine").expect(64)


def what_was_expected_and_did_not_come(place):
    done = run(place, WANTED).expect(1)
    cli.holds("small.json:5: expect[0]: never event to dark: came " in done.out, done.out)
    done = run(place, WANTED, "--json").expect(1)
    cli.holds("expect[0]" in done.err and "expect[0]" not in done.out, done.err)
    run(place, WANTED, "--until", "1h").expect(0)


def bad_scenarios(place):
    def error(text, status, message):
        done = run(place, text).expect(status, out="")
        cli.equal(done.err, f"blockwatch: simulate: small.json:{message}\n", "message")
    error(HEAD + "}", 65, "2:1: not valid JSON: string or '}' expected near '}'; "
          "take away the comma before it")
    error(SMALL.replace("30m", "-1h"), 65,
          "4:51: faults[0].for: duration '-1h' is negative")
    error(SMALL.replace('"at"', '"until": "1h", "at"').replace(', "for": "30m"', ""), 65,
          "4:41: faults[0].until: an interval that ends at or before its start")
    error(SMALL.replace('"count": 8', '"count": 300'), 65,
          "2:72: targets[0].networks[0].prefix: 300 hosts in 198.18.0.0/24, which has room for "
          "253")
    error(SMALL.replace('"subject": "land"', '"subject": "sea"'), 65,
          "4:24: faults[0].subject: no target, network or block is called 'sea'; or say \"all\"")
    place.run("simulate", "nowhere.json").expect(
        66, out="", err="blockwatch: simulate: nowhere.json: cannot open it: "
        "No such file or directory\n")
    place.run("simulate").expect(64)


def closed_output(place):
    place.put("small.json", SMALL)
    done = place.shell('"$0" simulate --json small.json >&-')
    cli.equal(done.status, 69, "exit status")
    cli.holds("cannot write to standard output" in done.err, done.err)


if __name__ == "__main__":
    cli.main([says_the_events_in_words, says_when_the_vantage_was_blind,
              json_lines_are_those_of_run, the_same_to_the_byte,
              a_score_in_text_and_json, trinocular_for_comparison,
              what_was_expected_and_did_not_come, bad_scenarios, closed_output])
