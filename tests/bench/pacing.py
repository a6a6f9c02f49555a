#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What network sinks cost the pacing of `run`: how far from each other its probes leave.

usage: pacing.py BLOCKWATCH [--seconds N] [--turns N]

The daemon has more to probe than its rate allows. A capture in another network namespace takes the
kernel's time of each probe. Each turn measures: a file as only sink; a network sink beside it whose
receiver takes the connection and never answers, with a record of each probe; one that takes all.
Needs root.
"""
import argparse
import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
from lab import SKIPPED, Lab, LabUnavailable  # noqa: E402

VANTAGE, PEER, INTERFACE = "10.0.0.2", "10.0.0.1", "up0"
RATE, WARM = 200, 5
SO_TIMESTAMPNS = 35
TICK = os.sysconf("SC_CLK_TCK")


def capture(seconds):
    """Prints the kernel's time of each echo request that arrives here, in nanoseconds."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800)) as packets:
        packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        packets.settimeout(0.5)
        until, times = time.monotonic() + seconds, []
        while time.monotonic() < until:
            try:
                frame, ancillary, _flags, peer = packets.recvmsg(64, 128)
            except TimeoutError:
                continue
            if peer[2] != socket.PACKET_OUTGOING and frame[23] == 1 and frame[34] == 8:
                second, nano = struct.unpack("qq", ancillary[0][2][:16])
                times.append(second * 10**9 + nano)
    print("\n".join(map(str, times)))


def hang():
    """Takes connections and never reads from them."""
    with socket.create_server(("127.0.0.1", 8080)) as server:
        kept = []
        while True:
            kept.append(server.accept())


def config(lab, sinks):
    target = {"schema": "blockwatch/target/1", "name": "large",
              "networks": [{"prefix": f"10.{64 + n}.0.0/16", "block_length": 27}
                           for n in range(8)]}
    return lab.file("run.json", json.dumps(
        {"vantage": "bench", "allow_reserved": True, "rate": RATE, "round": "60s",
         "targets": [lab.file("large.json", json.dumps(target))], "state_directory": "state",
         "sinks": [{"type": "file", "path": "records.jsonl"}] + sinks}))


def cpu_of(pid):
    """Seconds of processor time of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid):
    """Resident memory in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        status = dict(line.split(":", 1) for line in stream)
    return int(status["VmRSS"].split()[0]) * 1024 / 1e6


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as stream:
        return [int(child) for child in stream.read().split()]


def measure(program, seconds, receiver):
    """The times of probes, and what `run` and its child took of processor and memory."""
    with Lab() as lab:
        os.makedirs(os.path.join(lab.folder, "state"))
        os.chmod(lab.folder, 0o755)
        vantage, peer = lab.node("vantage"), lab.node("peer")
        lab.link(vantage, INTERFACE, peer, "down0", (f"{VANTAGE}/24",), (f"{PEER}/24",))
        vantage.ip(f"route add default via {PEER}")
        peer.answer_for("10.64.0.0/10")
        sink = {"type": "http", "name": "centre", "url": "http://127.0.0.1:8080/",
                "types": ["probe", "block", "event", "target", "vantage"]}
        if receiver:
            vantage.start(sys.executable, *receiver)
        path = config(lab, [sink] if receiver else [])
        process = vantage.start(program, "run", "--config", path, stderr=subprocess.DEVNULL)
        time.sleep(WARM)
        before = cpu_of(process.pid)
        packets = peer.start(sys.executable, os.path.abspath(__file__), "--capture", str(seconds))
        out, _none = packets.communicate(timeout=seconds + 30)
        times = [int(line) for line in out.split()]
        cpu = (cpu_of(process.pid) - before) / seconds
        child = [memory_of(pid) for pid in children_of(process.pid)]
        memory = memory_of(process.pid)
        process.terminate()
        process.wait(20)
    return times, cpu, memory, child


def describe(name, times, cpu, memory, child):
    gaps = [(after - before) / 1e6 for before, after in zip(times, times[1:])]
    errors = sorted(abs(gap - 1e3 / RATE) for gap in gaps)
    share = [errors[int(len(errors) * part)] for part in (.5, .9, .99, .999)]
    rate = (len(times) - 1) / ((times[-1] - times[0]) / 1e9)
    print(f"{name}: {rate:.1f} probes a second; gap {statistics.mean(gaps):.3f} ms, off by "
          f"{share[0]:.3f} (median), {share[1]:.3f} (90 %), {share[2]:.3f} (99 %), "
          f"{share[3]:.3f} ms (99.9 %); run: {100 * cpu:.2f} % of a core, {memory:.1f} MB; "
          f"ship: {child[0] if child else 0:.1f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program", nargs="?")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--capture", type=int)
    parser.add_argument("--hang", action="store_true")
    options = parser.parse_args()
    if options.capture:
        return capture(options.capture)
    if options.hang:
        return hang()
    receivers = {"no network sink": None, "a hung receiver": [os.path.abspath(__file__), "--hang"],
                 "a receiver that takes all":
                     [os.path.join(os.path.dirname(HERE), "lab", "receiver.py"), "8080",
                      "/dev/null"]}
    try:
        for _turn in range(options.turns):
            for name, receiver in receivers.items():
                describe(name, *measure(os.path.abspath(options.program), options.seconds,
                                        receiver))
    except LabUnavailable as error:
        print(f"pacing: {error}", file=sys.stderr)
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
