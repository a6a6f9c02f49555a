# SPDX-License-Identifier: Apache-2.0
"""Runs a program as a unit of systemd does, as far as that goes without systemd as manager."""
import ctypes
import os
import re
import shutil
import struct
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADER = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
NO_NEW_PRIVS, SECCOMP, FILTER, AMBIENT, RAISE, NET_RAW = 38, 22, 2, 47, 2, 13
ALLOW, REFUSE = 0x7fff0000, 0x00050000 | 1  # EPERM


def can_run():
    return os.geteuid() == 0 and shutil.which("systemd-analyze") and os.path.exists(HEADER)


def settings(unit):
    """[(key, value)] of a unit in packaging."""
    with open(os.path.join(ROOT, "packaging", unit), encoding="utf-8") as file:
        return re.findall(r"^(\w+)=(.*)$", file.read(), re.M)


def calls_of(name):
    """The calls of a group such as @system-service, or the one call that is named."""
    if not name.startswith("@"):
        return {name}
    done = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True,
                          text=True, check=True)
    found = set()
    for line in done.stdout.splitlines()[1:]:
        line = line.strip()
        if line and not line.startswith("#"):
            found |= calls_of(line)
    return found


def allowed(unit):
    """The calls that the lines SystemCallFilter= of a unit allow, in their order."""
    calls = set()
    for key, value in settings(unit):
        if key != "SystemCallFilter":
            continue
        named = set().union(*map(calls_of, value.lstrip("~").split()))
        calls = calls - named if value.startswith("~") else calls | named
    # What the manager itself needs after the filter is in place.
    return calls | {"execve", "exit", "exit_group", "rt_sigreturn"}


def program_of(calls):
    """A program for seccomp: CALLS pass, all others fail with EPERM."""
    with open(HEADER, encoding="ascii") as file:
        numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", file.read()))
    wanted = sorted(int(numbers[call]) for call in calls if call in numbers)
    steps = [(0x20, 0, 0, 0)]  # the number of the call
    for number in wanted:
        steps += [(0x15, 0, 1, number), (0x06, 0, 0, ALLOW)]
    steps.append((0x06, 0, 0, REFUSE))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def enter(unit, uid):
    """For preexec_fn: becomes UID with the capabilities of the unit, and takes its filter."""
    code = program_of(allowed(unit))
    keeps = any(key == "AmbientCapabilities" and value for key, value in settings(unit))
    libc = ctypes.CDLL(None, use_errno=True)

    def act():
        text = ctypes.create_string_buffer(code)
        filters = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text))
        libc.prctl(8, 1, 0, 0, 0)  # keep capabilities over the change of user
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        kept = 1 << NET_RAW if keeps else 0
        head = struct.pack("Ii", 0x20080522, 0)
        libc.capset(head, struct.pack("IIIIII", kept, kept, kept, 0, 0, 0))
        if keeps and libc.prctl(AMBIENT, RAISE, NET_RAW, 0, 0) != 0:
            os._exit(120)
        if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or \
                libc.prctl(SECCOMP, FILTER, filters, 0, 0) != 0:
            os._exit(121)
    return act
