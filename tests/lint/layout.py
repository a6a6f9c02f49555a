#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Licence line, tabs, line length, stray space, postponed work, package registries."""
import re
import sys

from sources import is_c, main

LICENCE = "SPDX-License-Identifier: Apache-2.0"
COLUMNS = 100
CODE = re.compile(r"\.(c|h|h\.in|py|sh)$|(^|/)meson(\.build|_options\.txt)$")

# Written in parts so that this file does not find itself.
LATER = re.compile(r"\b(%s)\b" % "|".join(["TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"]))
REGISTRIES = re.compile(r"\b(%s)\b" % "|".join(r"\.".join(parts) for parts in [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(org|com)"), ("crates", "io"),
    ("rubygems", "org"), ("proxy", "golang", "org"), ("repo1", "maven", "org"),
    ("deb", "debian", "org"), ("archive", "ubuntu", "com"), ("hub", "docker", "com")]), re.I)


def check_licence(path, lines):
    place = 1 if lines[0].startswith("#!") else 0
    line = lines[place] if len(lines) > place else ""
    wanted = f"/* {LICENCE} */" if is_c(path) or path.endswith(".h.in") else f"# {LICENCE}"
    if line != wanted:
        yield place + 1, f"'{wanted}' is missing here"


def check_indent(path, number, line, before):
    if is_c(path):
        if re.match(r"\t* {8,}| +\t", line):
            return "indent with tabs (eight columns)"
        if re.match(r" {2,}\S", line) and before.endswith(("{", ";", "}")):
            return "indent with tabs (eight columns)"
    elif path.endswith((".py", ".build", ".json")) and "\t" in line:
        return "a tab; this kind of file is indented with spaces"
    return None


def check(path, text):
    lines = text.split("\n")
    code = bool(CODE.search(path)) or lines[0].startswith("#!")
    if code:
        yield from check_licence(path, lines)
    if text and not text.endswith("\n"):
        yield len(lines), "the last line does not end"
    before = ""
    for number, line in enumerate(lines, 1):
        message = check_indent(path, number, line, before)
        if message:
            yield number, message
        if line != line.rstrip() and path != "LICENSE":
            yield number, "space at the end of the line"
        if code and not path.endswith(".build") and len(line.expandtabs(8)) > COLUMNS:
            yield number, f"longer than {COLUMNS} columns"
        if LATER.search(line):
            yield number, "postponed work: do it now, or open an issue"
        if REGISTRIES.search(line):
            yield number, "names the host of a package registry"
        before = line.rstrip() or before


C_LICENCE = f"/* {LICENCE} */\n"
SAMPLES = [
    ("src/base/good.c", C_LICENCE + "int f(int a,\n      int b)\n{\n\treturn g(a,\n\t\t b);\n}\n",
     []),
    ("tests/good.py", f"#!/usr/bin/env python3\n# {LICENCE}\nx = 1\n", []),
    ("README.md", "# Title\n" + "long " * 30 + "line\n", []),
    ("src/base/bad.c", "int x;\n", [1]),
    ("src/base/bad2.c", C_LICENCE + "{\n    x = 1;\n        y = 2;\n\t        z = 3;\n}\n",
     [3, 4, 5]),
    ("src/base/bad3.c", C_LICENCE + "int x; \nint y;\t\nint z;\r\n", [2, 3, 4]),
    ("src/base/bad4.c", C_LICENCE + "\t" * 12 + "long_name;\n" + "x" * 101 + "\n", [2, 3]),
    ("src/base/bad5.c", C_LICENCE + "int x; /* TO" "DO: later */\nint y; // FIX" "ME\n", [2, 3]),
    ("src/base/bad6.c", C_LICENCE + "int x;", [2]),
    ("tests/bad.py", f"# {LICENCE}\nif x:\n\ty = 1\n", [3]),
    ("tests/bad-script", "#!/bin/sh\necho hello\n", [2]),
    ("packaging/bad.md", "see https://py" "pi.org/project/x and https://www.npm" "js.com/\n", [1]),
]

if __name__ == "__main__":
    sys.exit(main(check, SAMPLES))
