#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes text files as arrays of characters into one C source.

usage: embed.py HEADER PREFIX OUTPUT FILE...

A file "page.css" becomes PREFIX_page_css, terminated, without the comment on its top. Its hash, as
a content security policy names it, becomes PREFIX_page_css_hash if HEADER declares that, too.
"""
import base64
import hashlib
import os
import re
import sys


def content_of(path):
    with open(path, encoding="utf-8") as file:
        return re.sub(r"\A\s*(/\*.*?\*/|<!--.*?-->)\n", "", file.read(), flags=re.S)


def lines_of(values):
    for n in range(0, len(values), 20):
        yield "\t" + ", ".join(str(value) for value in values[n:n + 20]) + ","


def arrays(prefix, path, declared):
    text = content_of(path).encode()
    name = prefix + "_" + re.sub(r"\W", "_", os.path.basename(path))
    digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
    yield f"const char {name}[] = {{"
    yield from lines_of(list(text) + [0])
    yield "};"
    if f"{name}_hash[]" in declared:
        yield f'const char {name}_hash[] = "sha256-{digest}";'


def main():
    header, prefix, output, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    with open(os.path.join(source, header), encoding="utf-8") as file:
        declared = file.read()
    with open(output, "w", encoding="utf-8") as file:
        file.write(f'#include "{header}"\n\n')
        for path in files:
            file.writelines(line + "\n" for line in arrays(prefix, path, declared))


if __name__ == "__main__":
    main()
