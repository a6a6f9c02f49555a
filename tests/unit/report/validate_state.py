#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates the lines of a state against the JSON Schema that ships with the program, and makes
sure that the schema refuses what is none.

usage: validate_state.py SCHEMA PROGRAM     PROGRAM prints a state
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


def broken(line, required):
    """(what is wrong, line) for each way in which this one could be no line of state."""
    for key, value in line.items():
        if key in required:
            yield f"without {key}", {k: v for k, v in line.items() if k != key}
        for wrong in (None, {}, [], -1, "", False, 1e30):
            if key == "log_odds" and wrong == -1:
                continue
            yield f"{key} = {json.dumps(wrong)}", {**line, key: wrong}
        if isinstance(value, dict):
            other = copy.deepcopy(line)
            other[key]["more"] = 1
            yield f"{key}.more", other
        if isinstance(value, list):
            yield f"{key} with one twice", {**line, key: value + value[:1]}
    yield "one more member", {**line, "more": 1}
    if "outage" in line:
        yield "an outage of what is up", {**line, "verdict": "up"}
        yield "never seen and dark", {**line, "never_seen": True}
        yield "dark without outages", {**line, "history": {"dark_ns": 5}}
    if "penalty" in line:
        yield "a penalty of no time", {k: v for k, v in line.items() if k != "penalty_at_ns"}
    if "schema" in line:
        yield "another version", {**line, "schema": "blockwatch/state/6"}


def main():
    schema_path, program = sys.argv[1:3]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    parts = schema["$defs"]
    root = pathlib.Path(__file__).resolve().parents[3]
    header = (root / "include/blockwatch/verdict.h").read_text(encoding="utf-8")
    failures = tried = 0
    for macro, part in (("BW_VERDICT_LIST", parts["sum_verdict"]),
                        ("BW_CONDITION_LIST", parts["block"]["properties"]["conditions"]["items"])):
        if not part["enum"] or part["enum"] != declared(header, macro):
            print(f"FAIL {macro}: the schema has {part['enum']}")
            failures += 1
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    text = subprocess.run([program], check=True, capture_output=True).stdout.decode("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    seen = set()
    for line in lines:
        kind = line.get("type", "head")
        seen |= {kind} | {f"{kind}.{key}" for key in line}
        for error in validator.iter_errors(line):
            print(f"FAIL {kind}: {error.message}\n     {json.dumps(line)}")
            failures += 1
        for what, other in broken(line, parts[kind]["required"]):
            tried += 1
            if validator.is_valid(other):
                print(f"FAIL {kind} accepted: {what}")
                failures += 1
    for kind in ("head", "block", "network", "target", "path", "end"):
        missing = {f"{kind}.{key}" for key in parts[kind]["properties"]} - seen
        if missing - {"target.outage", "target.returns"}:
            print(f"FAIL never printed: {sorted(missing)}")
            failures += 1
    print(f"{len(lines)} lines valid, {tried} broken ones tried, {failures} failures")
    sys.exit(1 if failures else 0)


main()
