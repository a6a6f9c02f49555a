#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`targets build` over inputs as large as the Internet: time and memory.

usage: targets.py BLOCKWATCH    prints a line a case; judges nothing
Files of five registries (500,000 records), a table of a million announced prefixes, a hit list of
ten million lines, and a target of 100,000 blocks with a million hosts (JSON, and a plain list) are
made in a temporary folder.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

REGISTRIES = ("afrinic", "apnic", "arin", "lacnic", "ripencc")
COUNTRIES = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "KMRSTV"]
RECORDS, PREFIXES, HOSTS, BLOCKS = 500_000, 1_000_000, 10_000_000, 100_000


def dotted(number):
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def write_delegated(folder):
    for part, registry in enumerate(REGISTRIES):
        count = RECORDS // len(REGISTRIES)
        with open(os.path.join(folder, registry), "w", encoding="ascii") as file:
            file.write(f"2|{registry}|20260617|{count}|19830613|20260616|+0000\n")
            for i in range(count):
                at = (16 << 24) + (part * count + i) * 7168
                code = COUNTRIES[i * 7919 % len(COUNTRIES)]
                file.write(f"{registry}|{code}|ipv4|{dotted(at)}|{(i % 7 + 1) * 1024}|20010101|"
                           "allocated|A\n")


def write_announced(folder):
    with open(os.path.join(folder, "routes"), "w", encoding="ascii") as file:
        for i in range(PREFIXES):
            file.write(f"{dotted((16 << 24) + i * 3584 // 256 * 256)}\t24\t{i % 70000 + 1}\n")


def write_hosts(folder):
    with open(os.path.join(folder, "hosts"), "w", encoding="ascii") as file:
        for i in range(HOSTS):
            file.write(dotted((16 << 24) + i * 353) + "\n")


def write_target(folder):
    """100,000 blocks with ten hosts each, in networks of four blocks."""
    networks = []
    for i in range(BLOCKS // 4):
        at = (16 << 24) + i * 1024
        hosts = [{"address": dotted(at + block * 256 + host * 23 + 1), "availability": 0.9,
                  "seen": "2026-06-17"} for block in range(4) for host in range(10)]
        networks.append({"prefix": f"{dotted(at)}/22", "asn": i % 70000 + 1, "hosts": hosts})
    with open(os.path.join(folder, "large.json"), "w", encoding="ascii") as file:
        json.dump({"schema": "blockwatch/target/1", "name": "large", "networks": networks}, file)
    with open(os.path.join(folder, "large.txt"), "w", encoding="ascii") as file:
        for network in networks:
            file.writelines(host["address"] + "\n" for host in network["hosts"])


def in_a_child(function, folder):
    """The size of this process is the least that the kernel says of those that it starts."""
    child = os.fork()
    if child == 0:
        function(folder)
        os._exit(0)
    os.waitpid(child, 0)


def measure(name, arguments):
    before = time.monotonic()
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    print(f"{name:42} {time.monotonic() - before:6.2f} s, {usage.ru_utime + usage.ru_stime:6.2f} s "
          f"of a processor, {usage.ru_maxrss / 1024:5.0f} MB  exit {process.returncode}",
          flush=True)


def main():
    blockwatch = os.path.abspath(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        for write in (write_delegated, write_announced, write_hosts, write_target):
            in_a_child(write, folder)
        os.chdir(folder)
        build = [blockwatch, "targets", "build", "-c", "TV", "-o", "-"]
        delegated = [word for registry in REGISTRIES for word in ("-d", registry)]
        measure("five registries", [*build, *delegated])
        measure("and a million announced prefixes", [*build, *delegated, "-a", "routes"])
        measure("and a hit list of ten million lines",
                [*build, *delegated, "-a", "routes", "--hitlist", "hosts"])
        for name in ("large.json", "large.txt"):
            measure(f"load of {name}, a million hosts", [blockwatch, "targets", "validate", name])
        measure("check --dry-run of large.json",
                [blockwatch, "check", "--dry-run", "./large.json"])


if __name__ == "__main__":
    main()
