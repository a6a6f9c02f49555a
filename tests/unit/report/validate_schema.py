#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates what record_encode() writes against the JSON Schema that ships with the program,
and makes sure that the schema refuses what is no record.

usage: validate_schema.py SCHEMA PROGRAM     PROGRAM prints records, one a line
"""
import copy
import json
import pathlib
import re
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def declared(header, macro):
    """The names in one X-macro list of a header."""
    body = re.search(macro + r"\(X\)((?:.*\\\n)*.*\n)", header).group(1)
    return re.findall(r'X\(\w+, "([^"]+)"', body)


def broken(record):
    """(what is wrong, record) for each way in which this one could be no record."""
    for key in record:
        other = copy.deepcopy(record)
        del other[key]
        if key != "round_s": # a check has none
            yield f"without {key}", other
        for value in (None, {}, [1], -1, "", True):
            other = copy.deepcopy(record)
            other[key] = value
            if allowed(record, key, value):
                continue
            yield f"{key} = {json.dumps(value)}", other
        if isinstance(record[key], dict):
            for inner in record[key]:
                other = copy.deepcopy(record)
                del other[key][inner]
                yield f"{key} without {inner}", other
            other = copy.deepcopy(record)
            other[key]["more"] = 1
            yield f"{key}.more", other
    yield "one more member", {**record, "more": 1}
    yield "a time without microseconds", {**record, "time": "2026-11-21T12:00:10Z"}
    yield "a time elsewhere", {**record, "time": "2026-11-21T12:00:10.000000+01:00"}
    yield "seq 0", {**record, "seq": 0}
    yield "another version", {**record, "schema": "blockwatch/record/2"}
    if record["type"] == "block":
        yield "an address", {**record, "block": "198.18.0.1"}
        yield "a length beyond", {**record, "block": "198.18.0.0/33"}
        yield "upper case", {**record, "block": "2001:DB8::/48"}
        yield "belief 1.1", {**record, "belief": 1.1}
        yield "a strange condition", {**record, "conditions": ["sad"]}
        yield "a condition twice", {**record, "conditions": ["lone", "lone"]}
        yield "reasons of up", {**record, "verdict": "up", "reasons": ["no-route"]}
        yield "partial without parts", {**record, "conditions": ["partial"], "parts": []}
        yield "an address as part", {**record, "conditions": ["partial"], "parts": ["10.0.0.1"]}
        yield "parts of a whole", {**record, "conditions": ["lone"], "parts": ["10.0.0.0/25"]}
    if record.get("status") == "confirmed":
        yield "a confirmed withdrawal", {**record, "withdraws": 1}
    if record.get("status") == "withdrawn":
        yield "nothing withdrawn", {**record, "status": "confirmed"}
    if record["type"] == "vantage":
        yield "reasons of health", {**record, "healthy": True, "reasons": ["no-route"]}


def allowed(record, key, value):
    """Whether VALUE is one that KEY may have."""
    if value is None:
        return key in ("since", "rtt_ms", "interface", "availability", "title", "outage", "unusual",
                       "path", "baseline", "event", "parts", "silent_since", "until")
    if value is True and key == "reached":
        return True
    if value is True:
        return key == "healthy" and not record["reasons"]
    return value == "" and key == "title"


def check_words(schema, headers):
    """The schema lists exactly the words that the program has."""
    lists = {"verdict": schema["$defs"]["sum_verdict"],
             "condition": schema["$defs"]["conditions"]["items"],
             "reason": schema["$defs"]["reasons"]["items"]}
    failures = 0
    for name, part in lists.items():
        words = declared(headers, f"BW_{name.upper()}_LIST")
        if not words or part["enum"] != words:
            print(f"FAIL {name}: the schema has {part['enum']}, the program {words}")
            failures += 1
    if schema["$defs"]["verdict"]["enum"] != [word for word in lists["verdict"]["enum"]
                                              if word != "partly-dark"]:
        print("FAIL verdict: a block has all that sums have but partly-dark")
        failures += 1
    return failures


def main():
    schema_path, program = sys.argv[1:3]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    root = pathlib.Path(__file__).resolve().parents[3]
    header = (root / "include/blockwatch/verdict.h").read_text(encoding="utf-8")
    failures = check_words(schema, header)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    # The definition of a type says that it is one, so what is of this type needs no other.
    by_type = {part["title"]: Draft202012Validator({"$defs": schema["$defs"], **part})
               for name, part in schema["$defs"].items() if name.endswith("_record")}
    lines = subprocess.run([program], check=True, capture_output=True).stdout.decode("utf-8")
    records = [json.loads(line) for line in lines.splitlines()]
    types = {record["type"] for record in records}
    refused = 0
    for record in records:
        for error in validator.iter_errors(record):
            print(f"FAIL {record['type']}: {error.message}\n     {json.dumps(record)}")
            failures += 1
        for what, other in broken(record):
            refused += 1
            if by_type.get(str(other.get("type")), validator).is_valid(other):
                print(f"FAIL {record['type']} accepted: {what}")
                failures += 1
    if types != {"block", "target", "vantage", "event", "condition", "trace"}:
        print(f"FAIL only these types were printed: {types}")
        failures += 1
    print(f"{len(records)} records valid, {refused} broken ones tried, {failures} failures")
    sys.exit(1 if failures else 0)


main()
