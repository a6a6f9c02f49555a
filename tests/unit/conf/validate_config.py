#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the JSON Schema of the configuration against the program: the shipped example is valid for
both, and whatever the schema refuses, the program refuses too.

usage: validate_config.py SCHEMA EXAMPLE COLLECTOR_SCHEMA COLLECTOR_EXAMPLE PROGRAM
       PROGRAM is print_config
"""
import copy
import json
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

FULL = {
    "vantage": "v1",
    "targets": ["kp", {"target": "198.18.0.0/24", "round": "10s", "focus": True,
                       "methods": ["icmp", "tcp:443"], "confirm": "2s",
                       "limits": {"probes_per_block_hour": 100}}],
    "round": "60s", "focus_round": "10s", "confirm": "5s", "timeout": "3s", "rate": 100,
    "methods": "icmp,tcp:53", "limits": {"probes_per_block_hour": 20},
    "stale_after": "30d", "false_dark_per_year": 1,
    "flapping": {"enter": 3, "leave": 1, "half_life": "1h"},
    "references": ["references", "198.18.0.1"],
    "sinks": [{"type": "stdout"}, {"type": "file", "path": "r.jsonl", "max_size": "10MB",
                                   "max_age": "1h", "keep": 3}],
    "records": ["event", "block"], "state_directory": "state", "blocklist": ["a", "b"],
    "allow_reserved": True, "contact": "noc@example.net", "interface": "eth0",
    "source": ["198.18.0.2", "2001:db8::2"], "user": "nobody",
}
NETWORK = {
    "vantage": "v1", "targets": ["kp"], "state_directory": "state",
    "sinks": [{"type": "http", "name": "centre", "url": "https://centre.example/v1/records",
               "types": ["event", "probe"], "targets": ["kp"], "framing": "ndjson",
               "compression": "zstd", "token_file": "token", "headers": {"X-A": "b"},
               "proxy": "http://proxy.example:3128",
               "ca_file": "ca.pem", "client_certificate": "c.pem", "client_key": "c.key"},
              {"type": "nats", "name": "stream", "url": "tls://stream.example:4222",
               "stream": "BLOCKWATCH", "subject": "blockwatch.{vantage}.{target}.{type}",
               "credentials_file": None}],
    "spool": {"size": "1G", "age": "7d"}, "ship": "external",
}
VALUES = [None, True, 0, -1, 1, 1.5, 1e9, "", "x", "10s", "0s", "a\nb", "x" * 5000, [], [1], ["x"],
          ["x", "x"], {}, {"x": 1}]
# What only the program can know: ranges with units, prefixes, keys that go together.
PROGRAM_ONLY = [("round", "0s"), ("round", "2d"), ("confirm", "1us"), ("targets", ["1.2.3.4/24"]),
                ("flapping", {"enter": 2, "leave": 2}), ("methods", "tcp:70000"),
                ("sinks", [{"type": "stdout"}, {"type": "stdout"}]),
                ("sinks", [{"type": "http", "name": "a", "url": "centre.example"}]),
                ("sinks", [{"type": "nats", "name": "a", "url": "http://centre.example"}]),
                ("spool", {"size": "16"}), ("spool", {"age": "1s"})]


COLLECTOR = {
    "listen": "127.0.0.1:8080", "tls": {"certificate": "c.pem", "key": "c.key"},
    "store": "sqlite:c.db", "read_token_file": "read.token", "user": "nobody",
    "vantages": [{"name": "fra1", "token_file": "fra1.token", "asn": 64496},
                 {"name": "sgp1", "token_file": "sgp1.token"}],
    "retention": {"records": "7d", "intervals": "forever"}, "stale_after": 3, "quorum": 2,
}


def places(value, path=()):
    """The path of each value inside of this one."""
    pairs = value.items() if isinstance(value, dict) else \
        enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield path + (key,)
        yield from places(inner, path + (key,))


def changed(whole, path, change):
    """WHOLE, with the value at this place changed by change(container, key)."""
    other = copy.deepcopy(whole)
    inner = other
    for key in path[:-1]:
        inner = inner[key]
    change(inner, path[-1])
    return other


def variants(whole):
    """WHOLE with a value replaced or left out, or with one key more, at every place."""
    yield whole
    yield {**whole, "more": 1}
    for path in places(whole):
        yield changed(whole, path, lambda inner, key: inner.pop(key))
        for value in VALUES:
            def replace(inner, key, value=value):
                inner[key] = value
            yield changed(whole, path, replace)

            def extend(inner, key):
                if isinstance(inner[key], dict):
                    inner[key]["more"] = 1
            yield changed(whole, path, extend)


def ask(program, documents, check="check"):
    text = "".join(json.dumps(document) + "\n" for document in documents)
    lines = subprocess.run([program, check], input=text, check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    assert len(lines) == len(documents), (len(lines), len(documents))
    return lines


def check_variants(validator, program, wholes, check):
    documents = [variant for whole in wholes for variant in variants(whole)]
    failures = refused = 0
    for document, answer in zip(documents, ask(program, documents, check)):
        valid = validator.is_valid(document)
        refused += not valid
        if answer == "ok" and not valid:
            error = next(validator.iter_errors(document))
            print(f"FAIL the schema refuses what the program takes: {error.message[:200]}")
            failures += 1
    print(f"{len(documents)} configurations, {refused} of them refused by the schema")
    return failures + (refused == 0 or not all(validator.is_valid(whole) for whole in wholes))


def check_program_only(validator, program):
    documents = [{**FULL, key: value} for key, value in PROGRAM_ONLY]
    failures = 0
    for document, (key, value), answer in zip(documents, PROGRAM_ONLY, ask(program, documents)):
        if answer == "ok" or not validator.is_valid(document):
            print(f"FAIL {key} = {value}: {answer}")
            failures += 1
    return failures


def check_example(validator, program, example, check):
    with open(example, "rb") as file:
        plain = subprocess.run([program, "strip"], stdin=file, check=True,
                               stdout=subprocess.PIPE).stdout
    document = json.loads(plain)
    failures = 0
    for error in validator.iter_errors(document):
        print(f"FAIL {example}: {error.message}")
        failures += 1
    answer, = ask(program, [document], check)
    if answer != "ok":
        print(f"FAIL {example}: {answer}")
        failures += 1
    return failures


def read_schema(path):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_collector(path, example, program):
    validator = read_schema(path)
    with open(path, encoding="utf-8") as file:
        shipped = file.read()
    printed = subprocess.run([program, "collector-schema"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    if shipped != printed:
        print(f"FAIL {path} is not what print_config collector-schema prints")
    return (shipped != printed) + \
        check_variants(validator, program, [COLLECTOR], "collector-check") + \
        check_example(validator, program, example, "collector-check")


def main():
    schema_path, example, collector_schema, collector_example, program = sys.argv[1:6]
    validator = read_schema(schema_path)
    failures = check_variants(validator, program, [FULL, NETWORK], "check") + \
        check_program_only(validator, program) + \
        check_example(validator, program, example, "check") + \
        check_collector(collector_schema, collector_example, program)
    if not validator.is_valid({"include": "conf.d/*.json"}) or validator.is_valid({"round": "5s"}):
        print("FAIL what is required may stand in an included file, and only there")
        failures += 1
    print(f"{failures} failures")
    sys.exit(1 if failures else 0)


main()
