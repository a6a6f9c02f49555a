# SPDX-License-Identifier: Apache-2.0
"""Shared by lints that read sources: the list of files, C without its comments, a main.

A lint has check(path, text), which returns (line, message) for each finding, and SAMPLES, a list of
(path, text, lines) which says where check() must find something. Its test runs it over the tree,
its self-test over the samples: a lint that cannot fail would be worse than none.
"""
import os
import re
import sys

FOLDERS = ["src", "include", "tests", "packaging", "targets", ".ci"]
SKIPPED = re.compile(r"(^|/)(corpus|__pycache__|\.git|\.cache)(/|$)")

LEVELS = [["base"], ["wire", "json"], ["probe", "ship"], ["infer"], ["target", "conf", "report"],
          ["vantage", "collect"], ["sys", "sim"], ["app"]]
LEVEL = {floor: n for n, floors in enumerate(LEVELS) for floor in floors}

COMMENT_OR_LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def may_use(floor, other):
    """A floor may use itself and what lies on a lower level, but not its neighbours."""
    return floor == other or LEVEL[other] < LEVEL[floor]


def floor_of(path):
    """The floor that a file belongs to, also as its unit test; None for everything else."""
    found = re.match(r"(?:src|tests/unit)/(\w+)/", path)
    return found.group(1) if found and found.group(1) in LEVEL else None


def is_c(path):
    return path.endswith((".c", ".h"))


def without_comments(text, keep_literals=False):
    """C with comments (and what literals say) as blanks, each character in its old place."""
    def blank(found):
        token = found.group(0)
        if token[0] == "/" or not keep_literals:
            return re.sub(r"[^\n]", " ", token)
        return token
    return COMMENT_OR_LITERAL.sub(blank, text)


def matches(pattern, text):
    """(line, match) of each place where the compiled pattern is found."""
    return [(text.count("\n", 0, found.start()) + 1, found) for found in pattern.finditer(text)]


def files(root):
    """(path, text) of each text file of the project, binary ones left out."""
    names = [name for name in sorted(os.listdir(root)) if os.path.isfile(os.path.join(root, name))]
    for folder in FOLDERS:
        for where, _, found in os.walk(os.path.join(root, folder)):
            names += [os.path.relpath(os.path.join(where, name), root) for name in sorted(found)]
    for name in names:
        if SKIPPED.search(name):
            continue
        with open(os.path.join(root, name), "rb") as file:
            content = file.read()
        if b"\0" not in content:
            yield name, content.decode("utf-8", errors="replace")


def check_tree(check, root, total=None):
    """TOTAL(root) returns messages about the tree as a whole."""
    seen = found = 0
    for path, text in files(root):
        seen += 1
        for line, message in check(path, text):
            print(f"{path}:{line}: {message}")
            found += 1
    for message in total(root) if total else ():
        print(message)
        found += 1
    if seen == 0:
        print(f"{root}: no files found, so nothing was checked")
    return 1 if found or seen == 0 else 0


def check_samples(check, samples):
    wrong = 0
    for path, text, lines in samples:
        got = sorted({line for line, _ in check(path, text)})
        if got != lines:
            print(f"self-test: {path}: findings expected in lines {lines}, got {got}\n{text}")
            wrong += 1
    return 1 if wrong or not any(lines for _, _, lines in samples) else 0


def main(check, samples, total=None):
    if sys.argv[1:] == ["--self-test"]:
        return check_samples(check, samples)
    if len(sys.argv) == 2 and os.path.isdir(sys.argv[1]):
        return check_tree(check, sys.argv[1], total)
    print(f"usage: {sys.argv[0]} --self-test | FOLDER", file=sys.stderr)
    return 64
