#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No file includes a floor above its own, and each library is used on its own floor only."""
import re
import sys

from sources import LEVEL, floor_of, is_c, main, matches, may_use, without_comments

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.M)

# header -> floors that may include it
ROOMS = [
    (re.compile(r"libnet(\.h|/)"), {"wire"}),
    (re.compile(r"uv(\.h|/)"), {"sys"}),
    (re.compile(r"pcap(\.h|/|-)"), {"sys"}),
    (re.compile(r"jansson\.h"), {"json"}),
    (re.compile(r"(curl/|zstd\.h|nats/|nats\.h)"), {"sys"}),
    (re.compile(r"maxminddb\.h"), {"target"}),
    (re.compile(r"(microhttpd|sqlite3)\.h"), {"sys"}),
]


def check_own(path, floor, name):
    """A private header, included with quotes."""
    if path.startswith("include/"):
        return "a public header includes <blockwatch/...> and standard headers only"
    parts = name.split("/")
    if path.startswith("src/") and name != "version.h" and \
            (len(parts) < 2 or parts[0] not in LEVEL or ".." in parts):
        return f'"{name}": private headers are included as "floor/name.h"'
    if floor and parts[0] in LEVEL and not may_use(floor, parts[0]):
        return f'"{name}": {floor} may not look into {parts[0]}'
    return None


def check_foreign(path, floor, name):
    """A public header of ours or one of another library, included with angle brackets."""
    if path.startswith("tests/"):
        return None
    for header, floors in ROOMS:
        if header.match(name) and floor not in floors:
            return f"<{name}> belongs into {', '.join(sorted(floors))} only"
    if name.split("/")[0] in LEVEL and not name.startswith("sys/"):
        return f'<{name}>: private headers are included as "{name}"'
    return None


def check(path, text):
    if not is_c(path):
        return
    floor = floor_of(path)
    if path.startswith("src/") and not floor:
        yield 1, "not on any floor"
    for line, found in matches(INCLUDE, without_comments(text, keep_literals=True)):
        look = check_own if found.group(1) == '"' else check_foreign
        message = look(path, floor, found.group(2))
        if message:
            yield line, message


SAMPLES = [
    ("src/infer/good.c", '#include <blockwatch/addr.h>\n#include "base/rng.h"\n'
     '#include "infer/block.h"\n#include <stdio.h>\n/*\n#include "app/main.h"\n*/\n', []),
    ("src/sys/good.c", '#include <uv.h>\n#include <pcap/pcap.h>\n#include <sys/stat.h>\n'
     '#include "vantage/vantage.h"\n', []),
    ("src/wire/good.c", "#include <libnet.h>\n", []),
    ("src/json/good.c", "#include <jansson.h>\n", []),
    ("src/app/good.c", '#include "version.h"\n#include "sys/loop.h"\n', []),
    ("src/wire/bad.c", '#include "base/cursor.h"\n#include "probe/engine.h"\n', [2]),
    ("src/target/bad.c", ' # include "report/record.h"\n', [1]),
    ("src/sim/bad.c", '#include "sys/loop.h"\n', [1]),
    ("src/base/bad.c", '#include "rng.h"\n#include "../base/rng.h"\n#include <base/rng.h>\n'
     '#include "base/../wire/icmp.h"\n', [1, 2, 3, 4]),
    ("src/probe/bad.c", "#include <libnet.h>\n#include <uv.h>\n#include <pcap.h>\n"
     "#include <jansson.h>\n", [1, 2, 3, 4]),
    ("src/sys/bad.c", "#include <libnet.h>\n", [1]),
    ("src/app/bad.c", "#include <jansson.h>\n", [1]),
    ("src/ship/bad.c", "#include <curl/curl.h>\n#include <zstd.h>\n#include <nats/nats.h>\n",
     [1, 2, 3]),
    ("src/conf/bad.c", "#include <jansson.h>\n", [1]),
    ("src/json/bad.c", '#include "wire/icmp.h"\n', [1]),
    ("src/cellar/bad.c", "int x;\n", [1]),
    ("include/blockwatch/bad.h", '#include "base/rng.h"\n', [1]),
    ("tests/unit/base/test_bad.c", '#include "base/rng.h"\n#include "wire/icmp.h"\n', [2]),
]

if __name__ == "__main__":
    sys.exit(main(check, SAMPLES))
