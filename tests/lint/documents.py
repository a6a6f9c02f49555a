#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What README.md, ARCHITECTURE.md and CONTRIBUTING.md name exists.

Checked are words in backticks, and in code blocks the commands of this project:

  `folder/file`       a file or folder below the root or below src, with or without its extension;
                      `*` and words in capitals (NAME) stand for anything. The first part decides:
                      blockwatch/record/1 or /etc/blockwatch are no paths of this tree.
  `file.c`            a source file of that name somewhere (.c .h .py .build .md)
  `function()`        defined in src or include; in "`file` (`function()`)" and "`function()` in
                      `file`" it is defined in that file, or in a file of that folder
  `struct x`          likewise a struct, union or enum of that name
  `#include "x"`      a header that can be included from the root of src or include
  --option            an option of blockwatch or of a script here, in commands of this project
  blockwatch COMMAND  a command of blockwatch
  --suite NAME        a folder of tests with a meson.build, or a suite that one of these names
  [text](target)      a file, and a heading in it; nothing is asked of the network
"""
import functools
import os
import re
import sys

from sources import check_samples, check_tree, is_c, matches, without_comments
from sizes import FUNCTION

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
SKIPPED = re.compile(r"^(\.git|\.cache|__pycache__)$")
BUILDS = re.compile(r"^build")  # of meson; only at the top
TOP = ("src", "include", "tests", "packaging", "targets", ".ci")

FENCED = re.compile(r"^```.*?^```", re.M | re.S)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"\.?[\w-]+(/[\w.*-]+)*/?")
SOURCE = re.compile(r"[\w-]+\.(c|h|py|build|md)")
CALL = re.compile(r"([a-z]\w*)\(\)")
TAG = re.compile(r"(struct|union|enum) (\w\w+)( \*)?")
INCLUDE = re.compile(r"#include [\"<]([\w/.-]+)[\">]")
OPTION = re.compile(r"(?<![\w-])--([a-z][\w-]*)")
SUITE = re.compile(r"--suite[ =](\w+)")
COMMAND = re.compile(r'struct command \w+ = \{\s*(?:\.name = )?"(\w+)"')
MACRO = re.compile(r"^#define (\w+)\(", re.M)
TAGGED = re.compile(r"^(struct|union|enum) (\w+)\s*\{", re.M)


class Tree:
    """The names of all files, and the texts of those that can be read."""

    def __init__(self, texts):
        self.texts = texts
        self.files = set(texts)
        self.folders = {name[:place.start()] for name in self.files
                        for place in re.finditer("/", name)}
        self.floors = {name.split("/")[1] for name in self.folders if name.startswith("src/")}
        self.rooms = {os.path.basename(name) for name in self.folders
                      if name.startswith(("src/", "tests/"))}
        self.code = "\n".join(text for name, text in texts.items()
                              if re.match(r"(src|packaging|tests)/", name)
                              and not name.endswith((".md", ".json")) and "/lint/" not in name)
        self.commands = set(COMMAND.findall(self.code))
        self.suites = self.find_suites()
        self.functions, self.tags = {}, set()
        for name, text in texts.items():
            if is_c(name) and name.startswith(("src/", "include/")):
                self._read(name, text)

    def find_suites(self):
        lists = {name: text for name, text in self.texts.items()
                 if re.match(r"tests/.*meson\.build$", name)}
        named = re.findall(r"suite: '(\w+)'", "\n".join(lists.values()))
        return {name.split("/")[1] for name in lists if name.count("/") == 2} | set(named)

    def _read(self, name, text):
        self.tags |= {found.groups() for found in TAGGED.finditer(text)}
        bare = without_comments(text)
        for pattern, group in ((FUNCTION, "name"), (MACRO, 1)):
            for found in pattern.finditer(bare):
                self.functions.setdefault(found.group(group), set()).add(name)

    def is_path(self, words):
        """Whether WORDS are meant as a path of this tree."""
        if not PATH.fullmatch(words) or "/" not in words:
            return False
        first = words.split("/")[0]
        return first in TOP or first in self.floors or first in self.rooms

    def find(self, path):
        """The files and folders that a document can mean with PATH."""
        parts = [re.sub(r"\\\*|(?<![A-Za-z])[A-Z]{2,}(?![A-Za-z])", "[^/]*", re.escape(part))
                 for part in path.rstrip("/").split("/")]
        first = path.split("/")[0]
        above = "(src/)?" if first in TOP or first in self.floors else "(.*/)?"
        ending = "" if path.endswith("/") else r"(\.[\w.]+)?"
        wanted = re.compile(above + "/".join(parts) + ending)
        names = self.folders if path.endswith("/") else self.files | self.folders
        return [name for name in names if wanted.fullmatch(name)]

    def has_option(self, name):
        """In a table of options, or as it is written in a script or a text."""
        return re.search(rf'\{{"{name}",|(?<![\w-])--{name}(?![\w-])', self.code)


def blank(found):
    return re.sub(r"[^\n]", " ", found.group(0))


def check_path(tree, path):
    if not tree.find(path):
        yield f"there is no {path}"


def check_command(tree, words):
    """A command of this project: the script, the command of blockwatch, its options."""
    first, *rest = words.split()
    if tree.is_path(first):
        yield from check_path(tree, first)
    elif first == "blockwatch":
        if rest and re.fullmatch("[a-z]+", rest[0]) and rest[0] not in tree.commands:
            yield f"there is no command {rest[0]}"
    elif not (first.startswith("--") or first in tree.commands):
        return
    for name in OPTION.findall(words.split(" #")[0]):
        if not tree.has_option(name):
            yield f"there is no option --{name}"


def check_word(tree, words):
    """What stands in backticks, looked at by itself."""
    call, tag, include = CALL.fullmatch(words), TAG.fullmatch(words), INCLUDE.fullmatch(words)
    if call and call.group(1) not in tree.functions:
        yield f"there is no function {words}"
    elif tag and tag.groups()[:2] not in tree.tags:
        yield f"there is no {words}"
    elif include and not {f"src/{include.group(1)}", f"include/{include.group(1)}"} & tree.files:
        yield f"there is no header {include.group(1)}"
    elif tree.is_path(words):
        yield from check_path(tree, words)
    elif SOURCE.fullmatch(words):
        if not any(os.path.basename(name) == words for name in tree.files):
            yield f"there is no file {words}"
    elif not (call or tag or include):
        yield from check_command(tree, words)


def check_place(tree, path, call):
    """The function CALL is defined in PATH, or in a file of that folder."""
    homes = tree.functions.get(CALL.fullmatch(call).group(1), ())
    meant = tree.find(path)
    if meant and homes and not any(home == name or home.startswith(name + "/")
                                   for home in homes for name in meant):
        yield f"{call} is not in {path}, but in {', '.join(sorted(homes))}"


def check_spans(tree, text):
    """(offset, message) for all that stands in backticks."""
    spans = list(SPAN.finditer(text))
    place = None  # the path to which a function in parentheses belongs
    for n, span in enumerate(spans):
        words = " ".join(span.group(1).split())
        for message in check_word(tree, words):
            yield span.start(), message
        before = text[spans[n - 1].end():span.start()] if n else ""
        if CALL.fullmatch(words):
            if not re.fullmatch(r"\s*\(|,\s+(and\s+)?|\s+and\s+", before):
                place = None
            after = text[span.end():spans[n + 1].start()] if n + 1 < len(spans) else ""
            if re.fullmatch(r"\s+in\s+", after) and tree.is_path(spans[n + 1].group(1)):
                place = spans[n + 1].group(1)
            for message in check_place(tree, place, words) if place else ():
                yield span.start(), message
        else:
            place = words if tree.is_path(words) else None


def slug(heading):
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def check_links(tree, path, text):
    for line, found in matches(LINK, text):
        target, _, anchor = found.group(1).partition("#")
        if re.match(r"[a-z]+:", found.group(1)):
            continue
        name = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
        if name not in tree.files | tree.folders:
            yield line, f"the link leads nowhere: {found.group(1)}"
        elif anchor and anchor not in map(slug, re.findall(r"^#+ (.*)$", tree.texts.get(name, ""),
                                                           re.M)):
            yield line, f"{name} has no heading #{anchor}"


def check_blocks(tree, text):
    """(offset, message) for the commands in code blocks."""
    for block in FENCED.finditer(text):
        for found in re.finditer(r"^(?:\$ )?((?:blockwatch|tests/|packaging/)\S*.*)$",
                                 block.group(0), re.M):
            for message in check_command(tree, found.group(1)):
                yield block.start() + found.start(), message


def check(tree, path, text):
    if path not in DOCUMENTS:
        return
    prose = FENCED.sub(blank, text)
    for offset, message in [*check_spans(tree, prose), *check_blocks(tree, text)]:
        yield text.count("\n", 0, offset) + 1, message
    for line, found in matches(SUITE, text):
        if found.group(1) not in tree.suites:
            yield line, f"there is no suite {found.group(1)}"
    yield from check_links(tree, path, prose)


def tree_of(root):
    """All files below ROOT; those that are no text are there without one."""
    texts = {}
    for where, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not SKIPPED.match(name)
                      and not (where == root and BUILDS.match(name))]
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                content = file.read()
            texts[os.path.relpath(path, root)] = \
                "" if b"\0" in content else content.decode("utf-8", errors="replace")
    return Tree(texts)


SAMPLE_TREE = {
    "README.md": "# Title\n\n## Try it: now\n",
    ".clang-format": "",
    "include/blockwatch/err.h": "struct bw_err {\n\tint line;\n};\n",
    "src/app/main.c": 'const struct command check_command = {"check", run};\n{"rate", 0},\n',
    "src/wire/reply.c": "int reply_decode(int a)\n{\n\treturn a;\n}\n",
    "src/wire/reply.h": "static inline int reply_is_odd(int a)\n{\n\treturn a & 1;\n}\n",
    "src/vantage/watch/rounds.c": "/* gone() {} */\nstatic void begin(void)\n{\n}\n",
    "tests/run": "--no-install) install=no ;;\n",
    "tests/unit/meson.build": "test('long', exe, suite: 'night')\n",
    "tests/unit/wire/test_reply.c": "",
    "tests/sim/scenarios/one.json": "{}",
}
SAMPLES = [
    ("README.md", "`wire/reply`, `wire/reply.c`, `src/wire/reply.h`, `src/`, `scenarios/`,\n"
     "`watch/rounds`, `vantage/watch`, `tests/unit/FLOOR/test_NAME.c`, `wire/rep*`\n"
     "`blockwatch/record/1`, `/etc/blockwatch/x`, `./targets`, `198.18.0.0/24`, `I/N`\n"
     "`reply.c`, `watch.json`, `.c`, `and/or`\n", []),
    ("README.md", "`wire/gone`\n`src/wire/reply.x`\n`src/reply.c`\n`tests/unit/FLOOR/test_NAME.h`\n"
     "`reply/`\n`vantage/rounds`\n`gone.py`\n", [1, 2, 3, 4, 6, 7]),
    ("ARCHITECTURE.md", "`reply_decode()`, `reply_is_odd()`, `struct bw_err *`, `struct x`\n"
     "`wire/reply` (`reply_decode()`, `reply_is_odd()`), `begin()` in `vantage/watch`\n"
     "`vantage/watch` and also (`reply_decode()`)\n", []),
    ("ARCHITECTURE.md", "`gone()`\n`struct gone`\n`wire/reply` (`begin()`)\n`reply_decode()` in\n"
     "`vantage/watch`\n`wire/reply` (`reply_decode()`, `begin()`)\n", [1, 2, 3, 4, 6]),
    ("CONTRIBUTING.md", "`#include \"wire/reply.h\"`\n`#include \"blockwatch/err.h\"`\n"
     "`#include \"wire/gone.h\"`\n", [3]),
    ("CONTRIBUTING.md", "`--rate`, `check --rate N`, `blockwatch check`, `blockwatch CMD --rate`\n"
     "`tests/run --no-install`, `tests/run unit`, `meson test --other`, `-Dother=true`\n"
     "```\nblockwatch check --rate 3 # --other\n$ tests/run --no-install\nmeson test --suite unit\n"
     "meson test --suite night\n```\n", []),
    ("CONTRIBUTING.md", "`--other`\n`check --other N`\n`blockwatch gone`\n`tests/run\n--other`\n"
     "`tests/gone --rate`\n```\nblockwatch check --rate 3 --other\n$ blockwatch gone\n"
     "meson test --suite gone\n```\n", [1, 2, 3, 4, 6, 8, 9, 10]),
    ("README.md", "[a](tests/run) [b](#try-it-now) [c](https://example.org/x) [d](src)\n", []),
    ("README.md", "[a](tests/gone)\n[b](#gone)\n[c](README.md#gone)\n", [1, 2, 3]),
    ("CHANGELOG.md", "`src/gone.c`\n", []),
]


def main():
    if sys.argv[1:] == ["--self-test"]:
        return check_samples(functools.partial(check, Tree(SAMPLE_TREE)), SAMPLES)
    if len(sys.argv) == 2 and os.path.isdir(sys.argv[1]):
        return check_tree(functools.partial(check, tree_of(sys.argv[1])), sys.argv[1])
    print(f"usage: {sys.argv[0]} --self-test | FOLDER", file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main())
