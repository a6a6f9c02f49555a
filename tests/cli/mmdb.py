#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes small databases in the format of MaxMind (mmdb) for tests.

usage: mmdb.py FOLDER      writes the databases of the unit test there
"""
import ipaddress
import os
import sys

MARK = b"\xab\xcd\xefMaxMind.com"
EPOCH = 1781654400  # 2026-06-17


def head(kind, size):
    """The control bytes of a value: its type and its size."""
    first = b"" if kind < 8 else bytes([kind - 7])
    top = kind << 5 if kind < 8 else 0
    if size < 29:
        return bytes([top | size]) + first
    return bytes([top | 29]) + first + bytes([size - 29])


def encode(value):
    if isinstance(value, str):
        return head(2, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return head(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    if isinstance(value, list):
        return head(11, len(value)) + b"".join(map(encode, value))
    kind, number = value if isinstance(value, tuple) else (6, value)
    size = (number.bit_length() + 7) // 8
    return head(kind, size) + number.to_bytes(size, "big")


def bits_of(prefix, version):
    network = ipaddress.ip_network(prefix)
    bits = format(int(network.network_address), f"0{network.max_prefixlen}b")[:network.prefixlen]
    return "0" * 96 + bits if version == 6 and network.version == 4 else bits


def insert(root, bits, leaf):
    node = root
    for bit in bits[:-1]:
        node = node.setdefault(bit, {})
    node[bits[-1]] = leaf


def node_at(root, bits):
    for bit in bits:
        root = root[bit]
    return root


def number_nodes(root):
    """All nodes, the root first, each once."""
    nodes, seen = [root], {id(root): 0}
    for node in nodes:
        for bit in "01":
            child = node.get(bit)
            if isinstance(child, dict) and id(child) not in seen:
                seen[id(child)] = len(nodes)
                nodes.append(child)
    return nodes, seen


def pack(left, right, size):
    if size == 28:
        middle = (left >> 24) << 4 | right >> 24
        return ((left & 0xffffff).to_bytes(3, "big") + bytes([middle]) +
                (right & 0xffffff).to_bytes(3, "big"))
    return left.to_bytes(size // 8, "big") + right.to_bytes(size // 8, "big")


def make(kind, entries, version=6, size=24, aliases=False):
    """The bytes of a database. ENTRIES: from prefix to a value, no prefix within another."""
    root, data, places = {}, b"", {}
    for prefix, value in entries.items():
        code = encode(value)
        if code not in places:
            places[code] = len(data)
            data += code
        insert(root, bits_of(prefix, version), places[code])
    if aliases:
        start = node_at(root, "0" * 96)
        insert(root, "0" * 80 + "1" * 16, start)                      # ::ffff:0:0/96
        insert(root, format(0x2002, "016b"), start)                   # 2002::/16
    nodes, numbers = number_nodes(root)
    tree = b""
    for node in nodes:
        records = [len(nodes) if child is None
                   else numbers[id(child)] if isinstance(child, dict)
                   else len(nodes) + 16 + child
                   for child in (node.get("0"), node.get("1"))]
        tree += pack(*records, size)
    facts = {"node_count": len(nodes), "record_size": (5, size), "ip_version": (5, version),
             "database_type": kind, "languages": ["en"], "binary_format_major_version": (5, 2),
             "binary_format_minor_version": (5, 0), "build_epoch": (9, EPOCH),
             "description": {"en": "made for a test"}}
    return tree + bytes(16) + data + MARK + encode(facts)


def country(code):
    return {"continent": {"code": "AS"}, "country": {"iso_code": code, "geoname_id": 1}}


def system(number, name):
    return {"autonomous_system_number": number, "autonomous_system_organization": name}


COUNTRIES = {"198.18.0.0/22": country("TV"), "198.18.4.0/24": country("KI"),
             "198.18.8.0/23": country("TV"), "203.0.113.0/24": {"continent": {"code": "OC"}},
             "2001:db8::/32": country("TV")}
SYSTEMS = {"198.18.0.0/22": system(64496, "Star JV"), "198.18.8.0/24": system(64496, "Star JV"),
           "198.18.9.0/24": system(4200000000, "Other"), "2001:db8::/32": system(64497, "Six")}
LITE = {"198.18.0.0/22": {"country_code": "TV", "country": "Tuvalu", "asn": "AS64496",
                          "as_name": "Star JV", "as_domain": "star.example"}}
DOMAINS = {"198.18.0.0/22": {"domain": "star.example"}}


def main():
    files = {"country.mmdb": make("GeoLite2-Country", COUNTRIES, aliases=True),
             "country-v4.mmdb": make("DBIP-Country-Lite", {
                 prefix: value for prefix, value in COUNTRIES.items() if "." in prefix},
                 version=4, size=28),
             "asn.mmdb": make("GeoLite2-ASN", SYSTEMS, size=32),
             "lite.mmdb": make("ipinfo ipinfo_lite.mmdb", LITE, size=28),
             "domain.mmdb": make("GeoIP2-Domain", DOMAINS),
             "empty.mmdb": make("GeoLite2-Country", {"198.18.0.0/22": {}})}
    files["cut.mmdb"] = files["country.mmdb"][:-40]
    files["torn.mmdb"] = files["country.mmdb"][600:]
    for name, content in files.items():
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main()
