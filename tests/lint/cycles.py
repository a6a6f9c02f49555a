#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No cycle of files: neither by includes nor by calls; and each .c file has a header of its own.

usage: cycles.py ROOT FLOOR LIBRARY [FLOOR LIBRARY]...   looks at the tree and its static libraries
       cycles.py --self-test COMPILER...                 looks at a bad tree made on the spot

Two files form a cycle when each needs a function or a table of the other, directly or through
further files. Such files are one module in pieces: none can be read, tested or replaced alone. The
includes do not show all of it, since many files can share one header; the symbol tables do.
"""
import os
import re
import subprocess
import sys
import tempfile

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
SYMBOL = re.compile(r"^(?:.*\[)?(?P<member>[^\[\]]+?)\]?: (?P<name>\S+) (?P<kind>\w)(?: |$)")
DEFINED = "TDBRVWGSC"  # kinds of global symbols that an object defines, as nm names them
INSTRUMENTS = re.compile(r"^(__(odr_asan|asan_|ubsan_|sanitizer_|sancov|start_|stop_)|\.L)")

# Files that may form a cycle, and why.
CYCLES = [
    ("conf/keys/", "the reader of a group of keys and the reader of one value call each other: "
                   "groups nest"),
]

# Files without a header of their own, and where they are declared.
NO_HEADER = [
    (r"app/(collect/)?main\.c$", "defines main() alone"),
    (r"wire/method/method_\w+\.c$", "a method: method_ops.h declares one constant for each"),
    (r"sys/sink/\w+_sink\.c$", "a sink: sink_kinds.h declares one constructor for each"),
]


def is_excepted(path):
    return any(re.match(pattern, path) for pattern, _ in NO_HEADER)


def may_cycle(files):
    return any(all(path.startswith(start) for path in files) for start, _ in CYCLES)


def components(graph):
    """The strongly connected components of {node: nodes} with more than one node (Tarjan 1972)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            place = stack.index(node)
            if len(stack) - place > 1:
                found.append(sorted(stack[place:]))
            del stack[place:]

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def sources(root):
    """{path below src: text} of the C files and headers."""
    texts = {}
    for where, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            if name.endswith((".c", ".h")):
                path = os.path.join(where, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    texts[os.path.relpath(path, os.path.join(root, "src"))] = file.read()
    return texts


def includes(texts):
    return {path: {name for name in INCLUDE.findall(text) if name in texts}
            for path, text in texts.items()}


def read_symbols(libraries, texts):
    """({symbol: file that defines it}, {file: symbols it wants}) of (floor, files for nm) pairs."""
    owners, wanted = {}, {}
    for floor, files in libraries:
        members = {path[len(floor) + 1:].replace("/", "_") + ".o": path
                   for path in texts if path.startswith(floor + "/") and path.endswith(".c")}
        listing = subprocess.run(["nm", "-A", "-P", "-g", *files], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        for found in filter(None, map(SYMBOL.match, listing.split("\n"))):
            path = members.get(os.path.basename(found["member"]))
            if not path or INSTRUMENTS.match(found["name"]):
                continue
            if found["kind"] == "U":
                wanted.setdefault(path, set()).add(found["name"])
            elif found["kind"] in DEFINED:
                owners[found["name"]] = path
    return owners, wanted


def calls(owners, wanted):
    """{file: {other file: a symbol that it wants of it}}"""
    graph = {}
    for path, names in wanted.items():
        for name in sorted(names):
            if name in owners and owners[name] != path:
                graph.setdefault(path, {}).setdefault(owners[name], name)
    return graph


def describe(files, graph):
    """The calls that hold a component together, one a line."""
    for path in files:
        for other in sorted(set(graph[path]) & set(files)):
            yield f"    {path} needs {other} ({graph[path][other]})"


def check(root, libraries):
    texts = sources(root)
    for files in components(includes(texts)):
        yield f"cycle of includes: {' '.join(files)}"
    owners, wanted = read_symbols(libraries, texts)
    if not owners:
        yield "no symbols at all: no call was checked"
    graph = calls(owners, wanted)
    cycles = components(graph)
    for files in cycles:
        if not may_cycle(files):
            yield "\n".join([f"cycle of calls: {' '.join(files)}", *describe(files, graph)])
    for start, _ in CYCLES:
        if not any(files[0].startswith(start) for files in cycles):
            yield f"no cycle: {start} has none any more, take it out of CYCLES"
    public = os.path.join(root, "include", "blockwatch")
    for path in sorted(texts):
        header = path[:-1] + "h"
        if path.endswith(".c") and header not in texts and not is_excepted(path) and \
                not os.path.exists(os.path.join(public, os.path.basename(header))):
            yield f"no header: {path}: {os.path.basename(header)} declares what it offers"


SAMPLE = {
    "base/good.h": "int good(void);\n",
    "base/good.c": '#include "base/good.h"\nint good(void) { return 1; }\n',
    "base/hidden.c": "int hidden(void);\nint hidden(void) { return 1; }\n",
    "base/ring_a.h": '#include "base/ring_b.h"\nint ring_a(int n);\n',
    "base/ring_b.h": '#include "base/ring_a.h"\nint ring_b(int n);\n',
    "base/ring_a.c": "int ring_a(int n);\nint ring_b(int n);\nint good(void);\n"
                     "int ring_a(int n) { return n ? ring_b(n) : good(); }\n",
    "base/ring_b.c": "int ring_b(int n);\nextern const int ring_table[];\n"
                     "int ring_b(int n) { return ring_table[n]; }\n",
    "base/ring_c.h": "extern const int ring_table[];\n",
    "base/ring_c.c": "int ring_a(int n);\nint use(void);\nextern const int ring_table[2];\n"
                     "const int ring_table[2] = {1, 2};\nint use(void) { return ring_a(0); }\n",
    "conf/keys/one.h": "int one(int n);\n",
    "conf/keys/two.h": "int two(int n);\n",
    "conf/keys/one.c": '#include "conf/keys/one.h"\n#include "conf/keys/two.h"\n'
                       "int one(int n) { return n ? two(n - 1) : 0; }\n",
    "conf/keys/two.c": '#include "conf/keys/one.h"\n#include "conf/keys/two.h"\n'
                       "int two(int n) { return n ? one(n - 1) : 0; }\n",
    "app/main.c": "int main(void) { return 0; }\n",
}
SAMPLE_FINDINGS = [
    "cycle of includes: base/ring_a.h base/ring_b.h",
    "cycle of calls: base/ring_a.c base/ring_b.c base/ring_c.c",
    "no header: base/hidden.c: hidden.h declares what it offers",
]


def self_test(compiler):
    with tempfile.TemporaryDirectory() as root:
        objects = {}
        for path, text in SAMPLE.items():
            file_name = os.path.join(root, "src", path)
            os.makedirs(os.path.dirname(file_name), exist_ok=True)
            with open(file_name, "w", encoding="utf-8") as file:
                file.write(text)
        for path in (path for path in SAMPLE if path.endswith(".c")):
            floor, _, rest = path.partition("/")
            target = os.path.join(root, rest.replace("/", "_") + ".o")
            subprocess.run([*compiler, "-O1", "-I", os.path.join(root, "src"), "-c",
                            os.path.join(root, "src", path), "-o", target], check=True)
            objects.setdefault(floor, []).append(target)
        found = [finding.split("\n")[0] for finding in check(root, list(objects.items()))]
    if found == SAMPLE_FINDINGS:
        return 0
    print("self-test: expected", SAMPLE_FINDINGS, "got", found, sep="\n")
    return 1


def main():
    arguments = sys.argv[1:]
    if len(arguments) > 1 and arguments[0] == "--self-test":
        return self_test(arguments[1:])
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        print(__doc__, file=sys.stderr)
        return 64
    pairs = zip(arguments[1::2], arguments[2::2])
    findings = list(check(arguments[0], [(floor, [library]) for floor, library in pairs]))
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
