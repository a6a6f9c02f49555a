#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `ship` is, and whether it loses anything.

usage: ship.py BLOCKWATCH [--records N] [--kills N] [gzip|zstd|none|nats|stream|killed]...

gzip, zstd, none: records a second of one core into a receiver on loopback. nats: into JetStream.
stream: out of it, into the database of a collector.
killed: the receiver is killed again and again; how many records are lost, how many come twice.
"""
import argparse
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests", "ship"), os.path.join(ROOT, "tests", "cli")]

import spool as spools  # noqa: E402

KEY = re.compile(rb"Idempotency-Key: \S+-(\d+)\r", re.I)
LENGTH = re.compile(rb"Content-Length: (\d+)\r", re.I)
SEQ = re.compile(rb'"seq":(\d+)')


def serve(port, path):
    """Takes requests on one connection after the other; appends the numbers that came to PATH."""
    server = socket.create_server(("127.0.0.1", port), reuse_port=False)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    children = []
    while True:
        connection, _peer = server.accept()
        child = os.fork()
        if child == 0:
            answer(connection, path)
            os._exit(0)
        connection.close()
        children.append(child)


def answer(connection, path):
    file = connection.makefile("rb", 1 << 20)
    while True:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = file.readline()
            if not line:
                return
            head += line
        body = file.read(int(LENGTH.search(head)[1]))
        if path:
            if b"gzip" in head:
                body = zlib.decompress(body, 31)
            with open(path, "ab") as out:
                out.write(b"".join(seq + b"\n" for seq in SEQ.findall(body)))
                out.flush()
                os.fsync(out.fileno())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def start_receiver(port, path=None):
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        serve(port, path)
    os.setpgid(child, child)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return child
        except OSError:
            time.sleep(0.01)
    sys.exit("the receiver does not start")


def end_receiver(child):
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fill(spool, records):
    """Blocks of the usual 400 bytes, an event in a hundred, 200,000 records a segment."""
    spool.fill(records, each=200000)


def fill_as_run(program, state, records):
    """The same by the writer of `run`, with the index of each segment. False: it is not built."""
    bench = os.path.join(os.path.dirname(program), "..", "..", "tests", "bench", "spool_bench")
    if not os.path.exists(bench):
        return False
    subprocess.run([bench, state, str(records), str(1 << 40)], check=True,
                   stdout=subprocess.DEVNULL)
    os.chmod(state + "/spool", 0o755)
    return True


def prepare(folder, records, sink, program=None):
    os.chmod(folder, 0o755)
    os.makedirs(folder + "/state")
    spool = None
    if not program or not fill_as_run(program, folder + "/state", records):
        spool = spools.Spool(folder + "/state")
        fill(spool, records)
    with open(folder + "/t.txt", "w", encoding="utf-8") as file:
        file.write("198.18.0.0/24\n")
    with open(folder + "/c.json", "w", encoding="utf-8") as file:
        json.dump({"vantage": "v1", "targets": ["t.txt"], "allow_reserved": True,
                   "state_directory": "state", "sinks": [{"name": "bench", **sink}]}, file)
    return spool


def ship(program, folder):
    """Returns the seconds of wall clock and of processor that it takes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen([program, "ship", "--config", folder + "/c.json", "--until-empty"],
                          stderr=subprocess.PIPE, encoding="utf-8") as process:
        for line in process.stderr:
            print(line, end="", file=sys.stderr)
            if "all is acknowledged" in line:  # JetStream: it would wait until that is stored
                process.terminate()
    if process.returncode != 0:
        raise SystemExit(f"ship: exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.monotonic() - begun,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def tell(name, records, wall, processor):
    print(f"{name}: {records} records in {wall:.2f} s, {processor:.2f} s of processor: "
          f"{records / processor:,.0f} records a second of one core, {records / wall:,.0f} by the "
          "clock", flush=True)


def throughput(program, records, compression):
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        prepare(folder, records, {"type": "http", "url": f"http://127.0.0.1:{port}/",
                                  "compression": compression}, program)
        child = start_receiver(port)
        try:
            tell(compression, records, *ship(program, folder))
        finally:
            end_receiver(child)


def into_nats(program, records):
    import nats
    with tempfile.TemporaryDirectory() as folder, nats.Server(folder + "/nats") as server:
        prepare(folder, records, {"type": "nats", "url": server.url()})
        tell("nats", records, *ship(program, folder))
        client = nats.Client(server.port)
        print(f"nats: {client.count()} messages in the stream", flush=True)


def through_stream(program, records):
    """What a collector makes of a stream that is full: from its start until all is in SQLite."""
    import cli
    import collector
    import nats
    with tempfile.TemporaryDirectory() as folder, nats.Server(folder + "/nats") as server:
        spool = prepare(folder, 0, {"type": "nats", "url": server.url()})
        collector.fill(spool, records)
        ship(program, folder)
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with collector.Collector(cli.Place(program, folder), server.url()) as taker:
            taker.wait_for(records, 600)
            wall = time.monotonic() - begun
            taker.end()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        tell("stream", records, wall,
             after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def count(path, records):
    seen, twice = bytearray(records + 1), 0
    with open(path, "rb") as file:
        for line in file:
            if line.strip():
                twice += seen[int(line)]
                seen[int(line)] = 1
    return records - sum(seen), twice


def killed(program, records, kills):
    with tempfile.TemporaryDirectory() as folder:
        port, path = free_port(), folder + "/came"
        open(path, "wb").close()
        spool = prepare(folder, records, {"type": "http", "url": f"http://127.0.0.1:{port}/"})
        child = start_receiver(port, path)
        process = subprocess.Popen([program, "ship", "--config", folder + "/c.json",
                                    "--until-empty"], stderr=subprocess.DEVNULL)
        size = records * 7
        for kill in range(kills):
            enough = size * (kill + 1) // (kills + 1)
            while process.poll() is None and os.path.getsize(path) < enough:
                time.sleep(0.01)
            end_receiver(child)
            time.sleep(0.5)
            child = start_receiver(port, path)
        process.wait()
        end_receiver(child)
        lost, twice = count(path, records)
        print(f"killed: {records} records, the receiver killed {kills} times: {lost} lost, {twice} "
              "came twice on the wire (each known by vantage, boot and seq: 0 twice in a store), "
              f"{len(spool.refused())} batches set aside", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--records", type=int, default=1000000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("what", nargs="*", default=["gzip", "zstd", "none", "nats", "killed"])
    options = parser.parse_intermixed_args()
    program = os.path.abspath(options.program)
    for what in options.what:
        if what == "nats":
            into_nats(program, options.records)
        elif what == "stream":
            through_stream(program, options.records)
        elif what == "killed":
            killed(program, options.records, options.kills)
        else:
            throughput(program, options.records, what)


if __name__ == "__main__":
    main()
