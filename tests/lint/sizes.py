#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Limits: lines of a function and of a file, nesting, parameters; median and p90 of functions."""
import re
import statistics
import sys

from sources import files, is_c, main, matches, without_comments

FUNCTION_LINES, NESTING, PARAMETERS = 60, 4, 6
DICTATED = {"on_access"}  # callbacks whose parameters a library dictates
FILE_LINES = {"src": 400, "include": 400, "tests": 600}
MEDIAN_LINES, P90_LINES = 12, 30  # of the functions in src

# A head that starts in the first column, its parameters, and the body up to a brace in that column.
FUNCTION = re.compile(r"^(?P<head>[A-Za-z_][^;{}#=]*?\b(?P<name>\w+)\s*\((?P<parameters>[^{};]*)\))"
                      r"\s*\{(?P<body>.*?)^\}", re.M | re.S)
BLOCK = re.compile(r"(?P<opens>(\)[ \t\n]+|\b(else|do)\s*)\{)|[{}]")


def count_parameters(text):
    depth, commas = 0, 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        commas += letter == "," and depth == 0
    return commas + 1


def count_lines(body):
    return body.count("\n") + 1


def deepest(body):
    """How deep blocks of statements lie in each other; braces of values do not count."""
    stack, most = [], 0
    for found in BLOCK.finditer(body):
        if found.group(0) == "}":
            if stack:
                stack.pop()
            continue
        stack.append(1 if found.group("opens") else 0)
        most = max(most, sum(stack))
    return most


def check(path, text):
    if not is_c(path):
        return
    limit = FILE_LINES.get(path.split("/")[0], max(FILE_LINES.values()))
    if text.count("\n") > limit:
        yield limit + 1, f"the file is longer than {limit} lines"
    for line, found in matches(FUNCTION, without_comments(text)):
        name, body = found.group("name"), found.group("body")
        length = count_lines(body)
        parameters = count_parameters(found.group("parameters"))
        if length > FUNCTION_LINES:
            yield line, f"{name}() has {length} lines, the ceiling is {FUNCTION_LINES}"
        if deepest(body) > NESTING:
            yield line, f"{name}() nests {deepest(body)} deep, the ceiling is {NESTING}"
        if parameters > PARAMETERS and name not in DICTATED:
            yield line, f"{name}() has {parameters} parameters, the ceiling is {PARAMETERS}"


def usual(lengths):
    """Messages when the median or p90 of these lengths is above its limit."""
    if len(lengths) < 2:
        return
    median, p90 = statistics.median(lengths), statistics.quantiles(lengths, n=10)[-1]
    if median > MEDIAN_LINES:
        yield f"src: half of the functions are longer than {median} lines, not {MEDIAN_LINES}"
    if p90 > P90_LINES:
        yield f"src: one function in ten is longer than {p90} lines, not {P90_LINES}"


def total(root):
    return usual([count_lines(found.group("body")) for path, text in files(root)
                  if is_c(path) and path.startswith("src/")
                  for _, found in matches(FUNCTION, without_comments(text))])


def sample(statements, parameters="int a, int (*b)(int, int)"):
    return f"int x = 1;\n\nstatic int\nf({parameters})\n{{\n{statements}}}\n"


NESTED = ("\tif (a) {\n\t\tdo {\n\t\t\twhile (b) {\n\t\t\t\tfor (;;) {\n%s"
          "\t\t\t\t}\n\t\t\t}\n\t\t} while (0);\n\t}\n")
SAMPLES = [
    ("src/base/good.c", sample("\tx();\n" * 58) + "int g(void)\n{\n\treturn 0;\n}\n", []),
    ("src/base/good2.c", sample(NESTED % "\t\t\t\t\ts = (struct s){{1, 2}, {3}};\n"), []),
    ("src/base/good3.c", sample("", "int a, int b, int c, int d, int e, int (*f)(int, int)"), []),
    ("src/base/bad.c", sample("\tx();\n" * 59), [3]),
    ("src/base/bad2.c", sample(NESTED % "\t\t\t\t\tif (c) {\n\t\t\t\t\t}\n"), [3]),
    ("src/base/bad3.c", sample("", "int a, int b, int c, int d, int e, int f, int g"), [3]),
    ("src/base/good4.c", "int x;\n" * 400, []),
    ("src/base/bad4.c", "int x;\n" * 401, [401]),
    ("tests/unit/base/good.c", "int x;\n" * 600, []),
    ("tests/unit/base/bad.c", "int x;\n" * 601, [601]),
    ("src/base/bad5.c", "int f(void) {\n" + "\tx();\n" * 59 + "}\n", [1]),
]

if __name__ == "__main__":
    if list(usual([12, 12, 12])) or len(list(usual([13, 13, 61]))) != 2:
        sys.exit("self-test: what is usual is not checked")
    sys.exit(main(check, SAMPLES, total))
