#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`run` as far as it goes without a network: --check-config and starts that fail."""
import datetime
import json
import os
import re

import cli

GOOD = {"vantage": "v", "targets": ["t.txt"], "allow_reserved": True}


def configure(place, **more):
    place.put("t.txt", "198.18.0.0/24\n198.18.1.0/24\n")
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in {**GOOD, **more}.items()]
    place.put("c.json", "{\n" + ",\n".join(lines) + "\n}\n")


def check(place, **more):
    configure(place, **more)
    return place.run("run", "--config", "c.json", "--check-config")


def refuse(place, status, key, text, **more):
    """--check-config finds one flaw: in the line of KEY, the last one, with this text."""
    done = check(place, **more).expect(status, out="")
    cli.equal(done.err.count("\n"), 1, "lines on standard error")
    line = len({**GOOD, **more}) + 1
    cli.holds(done.err.startswith(f"blockwatch: run: c.json:{line}:"), done.err)
    cli.holds(f": {key}" in done.err and text in done.err, done.err)


def what_holds_and_what_it_costs(place):
    done = check(place, sinks=[{"type": "file", "path": "r.jsonl"}], state_directory="state")
    done.expect(0, err="")
    cli.holds(done.out.startswith("c.json is valid. This holds:\n"), done.out)
    cli.holds("\n2 blocks: 0.0111 probes a second while all answer, up to 0.0111 while all are "
              "in question;\nthe rate is 100. A probe to each block takes 0.02 s at this rate.\n"
              in done.out, done.out)
    cli.holds(done.out.endswith("\nWithout a reference, a cut behind the gateway looks like an "
                                "outage of the whole target:\nname some in \"references\".\n"),
              done.out)
    done = check(place, references=["198.18.9.9"]).expect(0, err="")
    cli.holds("Without a reference" not in done.out, done.out)
    cli.equal(sorted(os.listdir(place.folder)), ["c.json", "t.txt"], "it creates nothing")


def too_much_is_a_warning(place):
    done = check(place, targets=[{"target": "198.18.0.0/20", "focus": True}], rate=1)
    done.expect(0)
    cli.equal(done.err, "blockwatch: run: c.json:5:9: rate: warning: 1 packets a second are too "
              "few for 16 blocks, which need 1.6, so rounds will take longer: raise \"rate\", or "
              "lengthen \"round\"\n", "the warning")


def files_of_network_sinks(place):
    """What cannot be read is a flaw, a secret that all may read is a warning."""
    sink = {"type": "http", "name": "centre", "url": "https://centre.example/v1/records",
            "token_file": "token"}
    more = {"state_directory": "state", "references": ["198.18.9.9"]}
    refuse(place, 66, "token_file", "cannot read it", **more, sinks=[sink])
    check(place, **more, ship="external", sinks=[sink]).expect(0)
    place.put("token", "secret")
    os.chmod(os.path.join(place.folder, "token"), 0o644)
    done = check(place, **more, sinks=[{**sink, "targets": ["other"]}]).expect(0)
    cli.equal(done.err.splitlines(), [
        "blockwatch: run: c.json:7:11: token_file: warning: sink 'centre': token can be read by "
        "everybody: chmod o-r",
        "blockwatch: run: c.json:7:11: targets: warning: sink 'centre': other is the name of no "
        "target that is watched"], "two warnings")
    os.chmod(os.path.join(place.folder, "token"), 0o640)
    check(place, **more, sinks=[sink]).expect(0, err="")
    place.put("empty", "\n")
    place.put("pem", "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n")
    for name in ("empty", "pem"):
        os.chmod(os.path.join(place.folder, name), 0o640)
    refuse(place, 65, "token_file", "empty: has no token", **more,
           sinks=[{**sink, "token_file": "empty"}])
    refuse(place, 65, "ca_file", "token: has no certificate: PEM is wanted", **more,
           sinks=[{**sink, "ca_file": "token"}])
    pair = {"client_certificate": "pem", "client_key": "token"}
    refuse(place, 65, "client_key", "token: has no private key", **more, sinks=[{**sink, **pair}])
    refuse(place, 65, "credentials_file", "pem: has no credentials of NATS", **more,
           sinks=[{"type": "nats", "name": "s", "url": "nats://127.0.0.1",
                   "credentials_file": "pem"}])
    refuse(place, 65, "url", "must begin with", **more, sinks=[{**sink, "url": "centre"}])


def a_stale_target_is_a_warning(place):
    target = {"schema": "blockwatch/target/1", "name": "old", "updated": "2020-01-01",
              "networks": [{"prefix": "198.18.0.0/24"}]}
    place.put("old.json", json.dumps(target))
    age = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.date(2020, 1, 1)).days
    done = check(place, targets=["./old.json"]).expect(0)
    cli.holds(re.fullmatch(
        rf"blockwatch: ./old\.json was updated ({age}|{age + 1}) days ago \(2020-01-01\), more "
        r"than 90: networks and hosts move; build it anew, or ask who answers "
        r"\('blockwatch survey old --write FILE'\)\n", done.err), done.err)
    check(place, targets=["./old.json"], stale_after="3650d").expect(0, err="")


def a_file_that_is_not_there(place):
    refuse(place, 66, "blocklist: ", "gone.txt", blocklist="gone.txt")
    refuse(place, 66, "references: ", "gone.txt", references=["./gone.txt"])
    refuse(place, 66, "references: ", "no target of this name", references=["nobody"])


def a_target_that_is_not_there(place):
    done = check(place, targets=["./gone.json", "nobody", "t.txt", {"target": "gone.txt"}])
    done.expect(66, out="")
    lines = done.err.splitlines()
    cli.equal([line.split(": ")[3] for line in lines],
              ["targets[0]", "targets[1]", "targets[3]"], "all that is missing")
    cli.holds(all(line.startswith("blockwatch: run: c.json:3:") for line in lines), done.err)


def a_target_with_a_mistake_has_both_places(place):
    place.put("bad.json", '{\n"schema": "blockwatch/target/1",\n"nmae": "x"\n}')
    done = check(place, targets=["bad.json"]).expect(65, out="")
    cli.holds("c.json:3:" in done.err and "bad.json:3:" in done.err, done.err)


def two_targets_of_one_name(place):
    place.put("a/xx.txt", "198.18.4.0/24\n")
    place.put("b/xx.txt", "198.18.5.0/24\n")
    done = check(place, targets=["a/xx.txt", "b/xx.txt"]).expect(65, out="")
    cli.holds("c.json:3:" in done.err and "targets[1]: b/xx.txt: the name 'xx' is that of another "
              "target, a/xx.txt" in done.err, done.err)


def a_user_who_is_not_there(place):
    refuse(place, 65, "user: ", "there is no user 'nobody-at-all'", user="nobody-at-all")


def a_state_directory_that_cannot_be(place):
    refuse(place, 65, "state_directory: ", "Not a directory", state_directory="t.txt")
    refuse(place, 66, "state_directory: ", "folder around it", state_directory="deep/er/state")


def a_sink_without_its_folder(place):
    refuse(place, 66, "sinks[0].path: ", "No such file or directory",
           sinks=[{"type": "file", "path": "gone/r.jsonl"}])
    refuse(place, 65, "sinks[0].path: ", "regular file", sinks=[{"type": "file", "path": "."}])


def one_file_in_two_sinks(place):
    refuse(place, 65, "sinks[1].path: ", "is the file of the sink in line 5, too",
           sinks=[{"type": "file", "path": "r.jsonl"}, {"type": "file", "path": "././r.jsonl"}])


def all_flaws_are_said(place):
    done = check(place, targets=["./gone"], blocklist="./gone", references=["./gone"],
                 user="nobody-at-all", state_directory="t.txt",
                 sinks=[{"type": "file", "path": "gone/r.jsonl"}])
    done.expect(65, out="")
    cli.equal(done.err.count("\n"), 6, "lines")


def all_slips_in_the_form_are_said(place):
    """A wrong key or value does not hide the next one, nor what is not there."""
    place.put("t.txt", "198.18.0.0/24\n")
    place.put("u", "198.18.1.0/24\n")
    place.put("more.json", '{ "rate": "fast", "nothing": 1 }\n')
    place.put("c.json", """{
"vantage": 5,
"targets": ["t.txt", { "target": "./gone" }, { "focuss": true, "target": "./u" }, { "round": "x" }],
"raund": "10s",
"round": "1ms",
"sinks": [{ "type": "file" }, { "type": "fle", "path": "r" }, { "type": "http" }],
"flapping": { "enter": "high", "leev": 1 },
"include": ["more.json", "none.json"],
"user": "nobody-at-all"
}
""")
    done = place.run("run", "--config", "c.json", "--check-config").expect(65, out="")
    lines = [line.split(": ")[2:] for line in done.err.splitlines()]
    places = [(line[0].rsplit(":", 1)[0] if line[0].count(":") == 2 else line[0], line[1])
              for line in lines]
    cli.equal(places, [
        ("c.json:2", "vantage"), ("c.json:3", "targets[2].focuss"),
        ("c.json:3", "targets[3].round"), ("c.json:3", "targets[3].target"),
        ("c.json:4", "raund"), ("c.json:5", "round"), ("c.json:6", "sinks[0].path"),
        ("c.json:6", "sinks[1].type"), ("c.json:6", "sinks[2].name"),
        ("c.json:6", "sinks[2].url"),
        ("c.json:7", "flapping.enter"), ("c.json:7", "flapping.leev"),
        ("more.json:1", "rate"), ("more.json:1", "nothing"), ("c.json:8", "include[1]"),
        ("c.json:9", "user"), ("c.json:3", "targets[1]")], done.err)
    cli.holds("did you mean 'focus'?" in done.err and "did you mean 'round'?" in done.err, done.err)
    place.put("c.json", '{ "vantage": 5,\n "targets": [}')
    done = place.run("run", "--config", "c.json", "--check-config").expect(65, out="")
    cli.holds(done.err.startswith("blockwatch: run: c.json:2:"), done.err)
    place.run("run", "--config", "gone.json", "--check-config").expect(66, out="")


def what_may_not_be_probed_is_a_warning(place):
    place.put("t.txt", "198.18.0.0/24\n")
    place.put("c.json", '{ "vantage": "v", "targets": ["t.txt"] }')
    done = place.run("run", "--config", "c.json", "--check-config").expect(0)
    cli.equal(done.err, "blockwatch: 198.18.0.0/24 will not be probed: benchmarking (RFC 2544), "
              "set \"allow_reserved\": true to allow it\n"
              "blockwatch: run: c.json:1:31: targets[0]: warning: nothing is watched: no block of "
              "any target may be probed\n", "the warnings")
    place.put("t.txt", "2400:3500::/32\n")
    done = place.run("run", "--config", "c.json", "--check-config").expect(0)
    cli.equal(done.err, "blockwatch: run: c.json:1:31: targets[0]: warning: nothing is watched: "
              "no host of any target is known: list some in its file\n",
              "a network that nobody probes by itself")
    place.put("t.txt", "198.18.0.0/24\n198.51.100.0/24\n192.88.98.0/24\n")
    done = place.run("run", "--config", "c.json", "--check-config").expect(0)
    cli.equal("nothing is watched" in done.err, False, "something is watched")


def a_start_says_the_first_with_its_place(place):
    configure(place, targets=["t.txt", "./gone.json"])
    done = place.run("run", "--config", "c.json")
    cli.equal(done.status, 66, "exit status")
    cli.holds(done.err.startswith("blockwatch: run: c.json:3:") and
              "targets[1]: ./gone.json: " in done.err, done.err)


if __name__ == "__main__":
    cli.main([what_holds_and_what_it_costs, too_much_is_a_warning,
              files_of_network_sinks, a_stale_target_is_a_warning, a_file_that_is_not_there,
              a_target_that_is_not_there, a_target_with_a_mistake_has_both_places,
              two_targets_of_one_name, a_user_who_is_not_there,
              a_state_directory_that_cannot_be, a_sink_without_its_folder,
              one_file_in_two_sinks, all_flaws_are_said, all_slips_in_the_form_are_said,
              what_may_not_be_probed_is_a_warning,
              a_start_says_the_first_with_its_place])
