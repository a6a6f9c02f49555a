#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the compiled floors hold and want: no state outside of structs, no calls upward or outward.

usage: symbols.py FLOOR LIBRARY [FLOOR LIBRARY]...     looks at the static libraries
       symbols.py --self-test COMPILER...              looks at a bad floor made on the spot

The sources can hide things from a search (macros, headers, tables that only look constant); the
symbol tables cannot. Tables that the loader fills and then seals (.data.rel.ro) are constant.
"""
import os
import re
import subprocess
import sys
import tempfile

from sources import LEVEL, may_use

SYMBOL = re.compile(r"^[0-9a-f]+ (?P<flags>.{7}) (?P<section>\S+)\s+[0-9a-f]+\s+"
                    r"(?:\.hidden |\.internal |\.protected )?(?P<name>\S+)$")
WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\.lbss|\.ldata|\*COM\*)")
SEALED = re.compile(r"^\.data\.rel\.ro")
INSTRUMENTS = re.compile(r"^(__(odr_asan|u?b?a?san_|sanitizer_|sancov|unnamed_|start_|stop_)|\.L)")

BANNED = re.compile(r"^(st[rp]cpy|strcat|v?sprintf|gets|ato[if]|atoll?|strtok|s?rand(om)?|u?sleep|"
                    r"nanosleep|clock_nanosleep|__(st[rp]cpy|strcat|v?sprintf|gets)_chk)$")
# What only sys may ask the machine for.
OUTWARD = re.compile(r"^(time|clock_gettime|gettimeofday|timerfd_\w+|socket|connect|bind|accept4?|"
                     r"send|sendto|sendm?msg|recv|recvfrom|recvm?msg|select|poll|ppoll|epoll_\w+|"
                     r"pthread_create|fork|vfork|exec[lv]\w*|system|popen|signal|sigaction)$")
# Files and descriptors belong to sys and app. Two floors may read files by their names.
FILES = re.compile(
    r"^(open(at)?|creat|close|dup[23]?|pipe2?|fcntl|ioctl|p?readv?|p?writev?|lseek|f?truncate|"
    r"fsync|fdatasync|syncfs|flock|lockf|rename(at2?)?|remove|unlink(at)?|mkdir(at)?|rmdir|"
    r"(sym)?link(at)?|f?chmod|f?chown|l?stat|fstat(at)?|statx|access|opendir|readdir|closedir|"
    r"mkstemp|mkdtemp|tmpfile|fopen|fdopen|freopen|fileno|mmap|munmap|poll|getcwd|realpath)(64)?$")
READERS = {
    "conf": {"fopen", "fstat", "fileno"},
    "target": {"open", "read", "pread", "close", "fstat", "stat", "access", "opendir",
               "readdir", "closedir"},
}
# Floors below sys return errors; they neither print nor end the program.
SPEECH = re.compile(r"^(stdout|stderr|printf|vprintf|puts|putchar|perror|syslog|_?exit)$")
ROOMS = [(re.compile(r"^libnet_"), {"wire"}), (re.compile(r"^uv_"), {"sys"}),
         (re.compile(r"^pcap_"), {"sys"}),
         (re.compile(r"^(curl_|ZSTD_|nats_?[A-Z]|js_)"), {"sys"}),
         (re.compile(r"^(json_|jansson_)"), {"json"}),
         (re.compile(r"^MMDB_"), {"target"}),
         (re.compile(r"^(MHD_|sqlite3_)"), {"sys"})]


class Floor:
    def __init__(self, name, library):
        self.name = name
        self.state, self.defined, self.wanted = set(), set(), set()
        listing = subprocess.run(["objdump", "-t", library], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        for line in listing.split("\n"):
            found = SYMBOL.match(line)
            if found and "d" not in found["flags"] and not INSTRUMENTS.match(found["name"]):
                self.add(found["name"], found["section"], found["flags"][0])

    def add(self, name, section, binding):
        if section == "*UND*":
            self.wanted.add(name)
            return
        if WRITABLE.match(section) and not SEALED.match(section):
            self.state.add(f"{name} in {section}")
        if binding != "l":
            self.defined.add(name)


def check_wanted(floor, name, owner):
    if owner:
        return None if may_use(floor, owner) else f"{floor} may not look into {owner}"
    if BANNED.match(name):
        return "banned"
    if floor != "sys" and OUTWARD.match(name):
        return "only sys speaks with the machine; below, time and packets are arguments"
    if floor not in ("sys", "app") and FILES.match(name) and \
            name.removesuffix("64") not in READERS.get(floor, ()):
        return "files and descriptors belong to sys; below, bytes are arguments"
    if LEVEL[floor] < LEVEL["app"] and floor != "sys" and SPEECH.match(name):
        return "only sys and app print or end the program; below, errors are returned"
    for room, floors in ROOMS:
        if room.match(name) and floor not in floors:
            return f"belongs into {', '.join(sorted(floors))} only"
    return None


def check(floors):
    owners = {name: floor.name for floor in floors for name in floor.defined}
    for floor in floors:
        for symbol in sorted(floor.state):
            yield f"{floor.name}: {symbol}: state outside of a struct"
        for name in sorted(floor.wanted):
            message = check_wanted(floor.name, name, owners.get(name))
            if message:
                yield f"{floor.name}: {name}: {message}"


SAMPLE_BASE = """
int base_constant(void);
static const char *const names[] = {"a", "b"};
int base_constant(void) { return names[1][0]; }
"""
SAMPLE_WIRE = """
#include <stdio.h>
#include <time.h>
static int counter;
static const char *pointers[] = {"a", "b"};
static const char *const names[] = {"a", "b"};
int exported = 1;
_Thread_local int threaded;
int engine_new(void); int base_constant(void); int uv_run(void);
int open(const char *, int, ...); int rename(const char *, const char *); int fsync(int);
int flock(int, int);
int libnet_init(void); int json_load(void); int rand(void); int sleep(int); int wire_bad(int n);
int wire_bad(int n)
{
    static int calls;
    pointers[n] = names[n];
    puts(pointers[0]);
    return counter++ + calls++ + exported++ + threaded++ + engine_new() + base_constant() +
        uv_run() + open("", 0) + rename("", "") + fsync(n) + flock(n, n) + !fopen("", "w") +
        libnet_init() + json_load() + rand() + sleep(n) + (int)time(NULL);
}
"""
SAMPLE_PROBE = "int engine_new(void); int engine_new(void) { return 1; }\n"
SAMPLE_FINDINGS = {"counter", "pointers", "exported", "threaded", "calls", "engine_new", "uv_run",
                   "json_load", "rand", "sleep", "time", "puts", "open", "rename", "fsync",
                   "flock", "fopen"}


def self_test(compiler):
    with tempfile.TemporaryDirectory() as folder:
        floors = []
        for name, text in [("base", SAMPLE_BASE), ("wire", SAMPLE_WIRE), ("probe", SAMPLE_PROBE)]:
            source, library = (os.path.join(folder, name + end) for end in (".c", ".o"))
            with open(source, "w", encoding="utf-8") as file:
                file.write(text)
            subprocess.run([*compiler, "-O2", "-fPIC", "-c", source, "-o", library], check=True)
            floors.append(Floor(name, library))
        findings = list(check(floors))
    # "wire: NAME..." of each finding; a compiler may add a number to a local name, or the function.
    found = {re.sub(r"^\w+\.(?=calls)|\.\d+$", "", line.split(": ")[1].split(" ")[0])
             for line in findings}
    if found == SAMPLE_FINDINGS and all(line.startswith("wire: ") for line in findings):
        return 0
    print("\n".join(findings))
    print("self-test: expected", sorted(SAMPLE_FINDINGS), "got", sorted(found))
    return 1


def main():
    arguments = sys.argv[1:]
    if len(arguments) > 1 and arguments[0] == "--self-test":
        return self_test(arguments[1:])
    if not arguments or len(arguments) % 2:
        print(__doc__, file=sys.stderr)
        return 64
    floors = [Floor(*pair) for pair in zip(arguments[::2], arguments[1::2])]
    findings = list(check(floors))
    print("\n".join(findings))
    if not any(floor.defined for floor in floors):
        print("no symbols at all: nothing was checked")
        return 1
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
