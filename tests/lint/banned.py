#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No unsafe call, no sleep, and neither clocks nor files below the floor that owns them."""
import re
import sys

from sources import floor_of, is_c, main, matches, without_comments

UNSAFE = {
    "strcpy": "snprintf or memcpy with a known length",
    "stpcpy": "snprintf or memcpy with a known length",
    "strcat": "snprintf with a known length",
    "sprintf": "snprintf",
    "vsprintf": "vsnprintf",
    "gets": "fgets or getline",
    "atoi": "strtol with all of its checks",
    "atol": "strtol with all of its checks",
    "atoll": "strtoll with all of its checks",
    "atof": "strtod with all of its checks",
    "strtok": "strtok_r or strchr",
    "alloca": "the heap, or an array of fixed size",
    "rand": "base/rng.h",
    "srand": "base/rng.h",
    "random": "base/rng.h",
}
SLEEPS = {"sleep", "usleep", "nanosleep", "clock_nanosleep"}
CLOCKS = {"time", "clock_gettime", "gettimeofday"}

# Members with these names, called through a pointer, are allowed.
CALL = re.compile(r"(?<![\w.])(?<!->)(%s)\s*\(" % "|".join(sorted([*UNSAFE, *SLEEPS, *CLOCKS])))

# Files are written by sys and app; the floors below may read them.
WRITES = re.compile(r'(?<![\w.])(?<!->)fopen\s*\([^;]*?,\s*"(?!r[be]*")')


def check(path, text):
    if not is_c(path):
        return
    if path.startswith("src/") and floor_of(path) not in ("sys", "app"):
        for line, _ in matches(WRITES, without_comments(text, keep_literals=True)):
            yield line, "fopen() for writing: files are written by sys and app"
    for line, found in matches(CALL, without_comments(text)):
        name = found.group(1)
        if name in UNSAFE:
            yield line, f"{name}() is banned; use {UNSAFE[name]}"
        elif name in SLEEPS:
            yield line, f"{name}(): nothing sleeps here; wait in the loop, or move virtual time"
        elif path.startswith(("src/", "include/")) and floor_of(path) != "sys":
            yield line, f"{name}() outside sys: time is an argument"


SAMPLES = [
    ("src/base/good.c", "snprintf(a, n, b);\nx->time(y);\nx.rand(y);\nbrand(1);\nrandom_u32();\n"
     '/* strcpy(a, b) */\nputs("sleep(1)");\n', []),
    ("src/sys/good.c", "clock_gettime(CLOCK_MONOTONIC, &ts);\ntime (NULL);\n", []),
    ("src/app/bad.c", "strcpy(a, b);\nx = atoi (s);\nif (rand() & 1)\n\tsleep(1);\n", [1, 2, 3, 4]),
    ("src/sys/bad.c", "usleep(10);\nsprintf(a, b);\nstrcat(a, b);\np = alloca(n);\n", [1, 2, 3, 4]),
    ("src/infer/bad.c", "now = time(NULL);\nclock_gettime(c, &ts);\n", [1, 2]),
    ("src/app/bad2.c", "gets(line);\nstrtok(line, sep);\ngettimeofday(&tv, NULL);\n", [1, 2, 3]),
    ("src/conf/good.c", 'f = fopen(path, "re");\nx = memopen(p, "w");\n', []),
    ("src/sys/good2.c", 'f = fopen(path, "we");\n', []),
    ("src/conf/bad.c", 'f = fopen(path,\n\t"w");\nf = fopen(a(b), "r+");\nfopen(p, "ab");\n',
     [1, 3, 4]),
    ("tests/unit/base/test_bad.c", "nanosleep(&ts, NULL);\n", [1]),
]

if __name__ == "__main__":
    sys.exit(main(check, SAMPLES))
