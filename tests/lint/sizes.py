#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ceilings of sizes: lines of a function and of a file, nesting, parameters."""
import re
import sys

from sources import is_c, main, matches, without_comments

FUNCTION_LINES, FILE_LINES, NESTING, PARAMETERS = 60, 600, 4, 6

# A head that starts in the first column, its parameters, the body up to a brace in the first one.
FUNCTION = re.compile(r"^(?P<head>[A-Za-z_][^;{}#=]*?\b(?P<name>\w+)\s*\((?P<parameters>[^{};]*)\))"
                      r"\s*\{(?P<body>.*?)^\}", re.M | re.S)
BLOCK = re.compile(r"(?P<opens>(\)[ \t\n]+|\b(else|do)\s*)\{)|[{}]")


def count_parameters(text):
    depth, commas = 0, 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        commas += letter == "," and depth == 0
    return commas + 1


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
    if text.count("\n") > FILE_LINES:
        yield FILE_LINES + 1, f"the file is longer than {FILE_LINES} lines"
    for line, found in matches(FUNCTION, without_comments(text)):
        name, body = found.group("name"), found.group("body")
        length = body.count("\n") + 1
        parameters = count_parameters(found.group("parameters"))
        if length > FUNCTION_LINES:
            yield line, f"{name}() has {length} lines, the ceiling is {FUNCTION_LINES}"
        if deepest(body) > NESTING:
            yield line, f"{name}() nests {deepest(body)} deep, the ceiling is {NESTING}"
        if parameters > PARAMETERS:
            yield line, f"{name}() has {parameters} parameters, the ceiling is {PARAMETERS}"


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
    ("src/base/bad4.c", "int x;\n" * 601, [601]),
    ("src/base/bad5.c", "int f(void) {\n" + "\tx();\n" * 59 + "}\n", [1]),
]

if __name__ == "__main__":
    sys.exit(main(check, SAMPLES))
