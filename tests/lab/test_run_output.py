# SPDX-License-Identifier: Apache-2.0
"""Where the daemon's records go: rotated files, closed, full and slow standard output."""
import concurrent.futures
import contextlib
import fcntl
import glob
import json
import os
import select
import signal
import subprocess
import time

from country import prefix
from daemon import Daemon, check_form, run_scenarios
from lab import PATIENCE
import tap

FILE = {"type": "file", "path": "records.jsonl"}
F_SETPIPE_SZ = 1031


def start(country, blockwatch, *prefixed, sinks=None, popen=None, **config):
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])],
                    sinks=sinks or [FILE], **config).start(*prefixed, **(popen or {}))
    daemon.wait_verdict(prefix(0), "up")
    return daemon


def rotated(sheet, country, blockwatch):
    """Files by size and by age: whole lines, no record lost between them."""
    for what, limits, count in (("size", {"max_size": "64kB"}, 4), ("age", {"max_age": "1s"}, 5)):
        daemon = Daemon(country, blockwatch, what, targets=[country.target(numbers=[0, 1])],
                        sinks=[{**FILE, "keep": 1000, **limits}]).start()
        daemon.wait_verdict(prefix(0), "up")

        def enough(daemon, count=count):
            daemon.send(signal.SIGUSR1)
            return len(glob.glob(daemon.records_path + ".*")) >= count
        daemon.wait(f"files by {what}", enough)
        daemon.end()
        files = glob.glob(daemon.records_path + "*")
        for path in files:
            with open(path, "rb") as stream:
                data = stream.read()
            sheet.ok(data.endswith(b"\n") and data.startswith(b"{"), f"{what}: whole lines")
            if what == "size":
                sheet.ok(len(data) <= 64000, "size: below the limit", len(data))
        check_form(sheet, daemon, what == "age")


def kept(sheet, country, blockwatch):
    """No more old files than asked for."""
    daemon = start(country, blockwatch, sinks=[{**FILE, "keep": 2, "max_age": "1s"}])
    files = set()

    def enough(daemon):
        with contextlib.suppress(FileNotFoundError):
            files.add(os.stat(daemon.records_path).st_ino)
        return len(files) >= 3 and os.path.exists(daemon.records_path + ".2") and \
            daemon.records()[0]["seq"] > 1
    daemon.wait("files so many that the first is gone", enough)
    daemon.end()
    sheet.equal(sorted(os.path.basename(path) for path in glob.glob(daemon.records_path + "*")),
                ["records.jsonl", "records.jsonl.1", "records.jsonl.2"], "two old files")


def moved(sheet, country, blockwatch):
    """After logrotate has moved the file away, SIGHUP begins a new one."""
    daemon = start(country, blockwatch)
    os.rename(daemon.records_path, daemon.records_path + ".1")
    daemon.reload()
    daemon.wait("a new file", lambda daemon: os.path.exists(daemon.records_path))
    daemon.wait_rounds(2)
    daemon.end()
    check_form(sheet, daemon)


def moved_and_broken(sheet, country, blockwatch):
    """The same while the configuration is broken: the reload fails, but a new file is begun."""
    daemon = start(country, blockwatch)
    os.rename(daemon.records_path, daemon.records_path + ".1")
    with open(daemon.path, "a", encoding="utf-8") as stream:
        stream.write("{ half")
    sheet.equal(len(daemon.reload()), 1, "one line", "\n".join(daemon.messages()))
    daemon.wait("a new file", lambda daemon: os.path.exists(daemon.records_path))
    daemon.wait_rounds(2)
    daemon.end()
    check_form(sheet, daemon)


def watches_on(sheet, daemon, country, what):
    """It still sees an outage, and ends well."""
    rules = country.darken(0)
    daemon.wait_event("block", "dark")
    rules[0].remove()
    sheet.equal(daemon.end(), 0, f"{what}: exit 0", daemon.story())
    said = [line for line in daemon.messages() if "standard output" in line]
    sheet.equal(len(said), 1, f"{what}: one line about it", "\n".join(daemon.messages()))
    check_form(sheet, daemon)


BOTH = [{"type": "stdout"}, FILE]


def closed(sheet, country, blockwatch):
    """Standard output was closed before the start: the file has everything."""
    daemon = start(country, blockwatch, "sh", "-c", 'exec "$@" >&-', "sh", sinks=BOTH)
    watches_on(sheet, daemon, country, "closed")


def broken_pipe(sheet, country, blockwatch):
    """The reader of standard output has ended."""
    daemon = start(country, blockwatch, sinks=BOTH, popen={"stdout": subprocess.PIPE})
    daemon.process.stdout.close()
    watches_on(sheet, daemon, country, "broken pipe")


def slow_pipe(sheet, country, blockwatch):
    """Nobody reads standard output for a while: the daemon goes on, and no event is lost."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
    daemon = start(country, blockwatch, sinks=BOTH, popen={"stdout": writer})
    os.close(writer)

    def prompted(text):
        def said(daemon):
            daemon.send(signal.SIGUSR1)
            return any(text in line for line in daemon.messages())
        return said
    daemon.wait("message about the reader", prompted("nobody reads standard output"))
    rules = country.darken(0)
    daemon.wait_event("network", "dark")
    with os.fdopen(reader, "rb") as stream, concurrent.futures.ThreadPoolExecutor(1) as pool:
        reading = pool.submit(stream.read)
        try:
            daemon.wait("message of relief", prompted("is read again"))
            rules[0].remove()
            daemon.wait_event("network", "up")
        finally:
            daemon.end()
        lines = reading.result(PATIENCE).splitlines(keepends=True)
    sheet.ok(all(line.endswith(b"\n") and line.startswith(b"{") for line in lines),
             "whole lines only", lines[-1:])
    seqs = [record["seq"] for record in map(json.loads, lines)]
    sheet.equal(seqs, sorted(set(seqs)), "in order")
    sheet.ok({event["seq"] for event in daemon.events()} <= set(seqs), "all events came", seqs[-9:])
    sheet.ok(len(seqs) < len(daemon.records()), "and others were lost")
    sheet.equal(len([line for line in daemon.messages() if "standard output" in line]), 2,
                "two lines about it", "\n".join(daemon.messages()))
    check_form(sheet, daemon)


def resumed(sheet, country, blockwatch):
    """A reader that was slow reads again: what waits comes by itself, not with later records.

    There are no later records: before the reader begins, the daemon is told to write events alone,
    and there is no further one.
    """
    reader, writer = os.pipe()
    fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
    daemon = start(country, blockwatch, sinks=BOTH, popen={"stdout": writer})
    os.close(writer)
    country.darken(0)
    daemon.wait_event("network", "dark")
    for _ in range(60):  # some 80 kB in front of the next event
        daemon.send(signal.SIGUSR1)
        time.sleep(0.02)
    country.darken(1)
    last = daemon.wait_event("target", "dark")["seq"]
    daemon.configure(records=["event"])
    daemon.reload()
    got = b""
    with os.fdopen(reader, "rb", buffering=0) as stream:
        while f'"seq":{last},'.encode() not in got and select.select([stream], [], [], PATIENCE)[0]:
            got += stream.read(65536)
        sheet.ok(len(got) > 60000, "much was waiting", len(got))
        sheet.ok(f'"seq":{last},'.encode() in got, "the event comes", f"{len(got)} bytes")
        daemon.end()
    check_form(sheet, daemon)


def nobody_reads(sheet, country, blockwatch):
    """The same without a file: it must still end."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
    daemon = Daemon(country, blockwatch, targets=[country.target()],
                    sinks=[{"type": "stdout"}]).start(stdout=writer)
    os.close(writer)
    time.sleep(6)
    sheet.equal(daemon.end(), 0, "exit 0", daemon.story())
    os.close(reader)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, rotated, kept, moved, moved_and_broken, closed, broken_pipe,
                  slow_pipe, resumed, nobody_reads)


if __name__ == "__main__":
    tap.main(main)
