#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of target files: shipped targets hold to it, and it agrees with the program."""
import copy
import json
import os

import cli

try:
    import jsonschema
except ImportError:
    jsonschema = None

GOOD = {
    "schema": "blockwatch/target/1", "name": "xx", "title": "T", "country": "XX", "source": "s",
    "updated": "2026-11-21", "methods": ["icmp", "tcp:53"], "references": ["203.0.113.1", "kp"],
    "timezone": "America/Argentina/Buenos_Aires",
    "inputs": [{"name": "apnic", "use": "delegated", "date": "2026-06-17", "date_from": "header",
                "sha256": "0123456789abcdef" * 4}],
    "left_out": {"ipv4": {"networks": 1, "addresses": 64, "blocks": 1}, "ipv6": {"blocks": 2}},
    "second": {"both": ["198.18.4.0/24"], "only_first": [], "only_second": ["2001:db8::/33"]},
    "networks": [
        {"prefix": "198.18.4.0/24", "name": "n", "asn": 4294967295, "upstreams": [1, 2],
         "block_length": 28, "source": "s", "blocks": ["198.18.4.0/28"], "hosts": [
             "198.18.4.1", {"address": "198.18.4.2", "availability": 1, "methods": ["icmp"],
                            "name": "ns", "source": "s"}]},
        {"prefix": "2001:db8::/40"}, {"prefix": "198.18.9.9"}],
}

# Where a good file is changed, and into what; NOTHING removes the member.
NOTHING = object()
GOOD_CHANGES = [
    (["name"], NOTHING), (["methods"], NOTHING), (["references"], "2001:db8::1"),
    (["updated"], "2026-11-21T10:00:00.5Z"), (["networks", 0, "hosts"], NOTHING),
    (["networks", 0, "hosts", 1, "availability"], 0.001), (["networks", 0, "upstreams"], []),
]
BAD_CHANGES = [
    (["schema"], NOTHING), (["schema"], "blockwatch/target/2"), (["networks"], NOTHING),
    (["networks"], []), (["colour"], 1), (["name"], "North Korea"), (["name"], ""),
    (["name"], "-x"), (["name"], "x" * 65), (["title"], ""), (["title"], "a\nb"),
    (["title"], "x" * 201), (["title"], 5), (["country"], "prk"), (["updated"], "21.11.2026"),
    (["methods"], []), (["methods"], "icmp"), (["methods"], ["gre:53"]), (["methods"], ["tcp:0"]),
    (["methods"], ["icmp", "icmp"]), (["methods"], [f"tcp:{n}" for n in range(1, 10)]),
    (["references"], []), (["references"], ["a b"]), (["references"], {}),
    (["references"], ["kp", "kp"]), (["networks", 1, "prefix"], NOTHING),
    (["networks", 1, "prefix"], "example.com"), (["networks", 1, "methods"], ["icmp"]),
    (["networks", 0, "asn"], 0), (["networks", 0, "asn"], 4294967296),
    (["networks", 0, "asn"], "64496"), (["networks", 0, "upstreams"], [0]),
    (["networks", 0, "upstreams"], [5, 5]), (["networks", 0, "block_length"], 129),
    (["networks", 0, "hosts"], []), (["networks", 0, "hosts", 0], 5),
    (["networks", 0, "hosts", 0], "ns1"), (["networks", 0, "hosts", 1, "address"], NOTHING),
    (["networks", 0, "hosts", 1, "availability"], 0),
    (["networks", 0, "hosts", 1, "availability"], 1.1),
    (["networks", 0, "blocks"], []),
    (["networks", 0, "blocks"], ["198.18.4.0/28", "198.18.4.0/28"]),
    (["networks", 0, "blocks"], "198.18.4.0/28"),
    (["timezone"], ""), (["timezone"], "../../etc"), (["timezone"], "Pacific Funafuti"),
    (["inputs"], {}), (["inputs", 0, "name"], NOTHING), (["inputs", 0, "date"], "June"),
    (["inputs", 0, "date_from"], "guess"), (["inputs", 0, "sha256"], "abc"),
    (["inputs", 0, "size"], 5), (["left_out", "ipv4", "blocks"], -1), (["left_out", "ipv5"], {}),
    (["second", "both"], ["example"]), (["second", "both"], "198.18.4.0/24"),
    (["second", "neither"], []),
    (["networks", 0, "hosts", 1, "avail"], 1), (["networks", 0, "hosts", 1, "methods"], []),
]


def validator():
    if not jsonschema or not hasattr(jsonschema, "Draft202012Validator"):
        raise cli.Skip("no jsonschema 4 (python3-jsonschema)")
    path = os.path.join(cli.ROOT, "src", "target", "target.schema.json")
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def changed(path, value):
    document = copy.deepcopy(GOOD)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is NOTHING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def shipped_targets_hold_to_the_schema(_):
    schema = validator()
    folder = os.path.join(cli.ROOT, "targets")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                schema.validate(json.load(file))


def good_files_please_both(place):
    schema = validator()
    for path, value in [(["name"], "xx")] + GOOD_CHANGES:
        document = changed(path, value)
        schema.validate(document)
        place.put("f.json", json.dumps(document))
        place.run("targets", "validate", "f.json").expect(0, err="")


def bad_files_please_neither(place):
    schema = validator()
    for path, value in BAD_CHANGES:
        document = changed(path, value)
        cli.holds(not schema.is_valid(document), f"the schema has nothing against {path}")
        place.put("f.json", json.dumps(document))
        place.run("targets", "validate", "f.json").expect(65, out="")


def what_is_written_holds_to_the_schema(place):
    schema = validator()
    place.put("f.json", json.dumps(GOOD))
    place.put("list.txt", "198.18.0.0/24\n198.18.1.7\n")
    for target in ("f.json", "list.txt", "198.18.4.0/22", "2001:db8::1"):
        schema.validate(json.loads(place.run("targets", "show", "--json", target).out))


cli.main([
    shipped_targets_hold_to_the_schema,
    good_files_please_both,
    bad_files_please_neither,
    what_is_written_holds_to_the_schema,
])
