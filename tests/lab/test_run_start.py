# SPDX-License-Identifier: Apache-2.0
"""Starts of the daemon that meet an obstacle: another daemon, nothing to write to."""
import os
import signal
import socket
import subprocess
import time

from country import GATEWAY, INTERFACE, VANTAGE, prefix
from daemon import Daemon, check_form, run_scenarios
from lab import PATIENCE
import tap


def second(sheet, country, blockwatch):
    """Two daemons on one state directory: the second ends, the first watches and saves on."""
    path = country.target(numbers=[0])
    first = Daemon(country, blockwatch, state_directory="../state", targets=[path]).start()
    first.wait_verdict(prefix(0), "up")
    other = Daemon(country, blockwatch, "other", state_directory="../state", targets=[path])
    for _ in range(2):
        other.start()
        sheet.equal(other.process.wait(), 69, "the second: exit 69")
    said = other.messages()
    sheet.equal(len(said), 2, "one line each time", "\n".join(said))
    sheet.ok("another process keeps its state" in said[0], "it says why", said[0])
    first.reload()
    other.start()
    sheet.equal(other.process.wait(), 69, "after a reload of the first: 69 again")
    sheet.equal(first.end(), 0, "the first: exit 0", first.story())
    other.start()
    other.wait_verdict(prefix(0), "up")
    sheet.equal(other.end(), 0, "then the other may", other.story())
    check_form(sheet, first)
    check_form(sheet, other)


def nowhere_to_write(sheet, country, blockwatch):
    """Standard output is closed, or its reader is gone, and there is no other sink: exit 69."""
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0])],
                    sinks=[{"type": "stdout"}])
    daemon.start("sh", "-c", 'exec "$@" >&-', "sh")
    sheet.equal(daemon.process.wait(PATIENCE), 69, "closed: exit 69", daemon.messages())
    daemon.start(stdout=subprocess.PIPE)
    daemon.process.stdout.close()
    sheet.equal(daemon.process.wait(PATIENCE), 69, "no reader: exit 69", daemon.messages())
    sheet.ok("nothing left to write records to" in daemon.messages()[-1], "it says why",
             daemon.messages())


def unread(sheet, country, blockwatch):
    """A terminal that nobody reads, as standard output and error, with a record of each probe:
    the daemon watches on and ends within two seconds of SIGTERM."""
    master, terminal = os.openpty()
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])],
                    records=["block", "event", "target", "vantage", "probe"],
                    sinks=[{"type": "stdout"}, {"type": "file", "path": "records.jsonl"}])
    daemon.start(stdout=terminal, stderr=terminal)
    os.close(terminal)
    daemon.wait_verdict(prefix(0), "up")
    for _ in range(200):
        daemon.send(signal.SIGUSR1)
        daemon.send(signal.SIGHUP)
        time.sleep(0.01)
    country.darken(0)
    daemon.wait_event("block", "dark")
    begin = time.monotonic()
    sheet.equal(daemon.end(), 0, "exit 0")
    sheet.ok(time.monotonic() - begin < 2, "within two seconds", time.monotonic() - begin)
    os.close(master)


def journal(sheet, country, blockwatch):
    """Standard error is the journal: lines with levels, what is watched, and each event of a
    network or country."""
    ours, theirs = socket.socketpair()
    status = os.fstat(theirs.fileno())
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0])])
    daemon.start(stderr=theirs,
                 env={**os.environ, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
    theirs.close()
    daemon.wait_verdict(prefix(0), "up")
    country.darken(0)
    daemon.wait_event("target", "dark")
    daemon.end()
    with ours.makefile(encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    sheet.equal(lines[0], "<6>watching lab: 1 networks, 1 blocks", "what is watched", lines)
    for subject in (f"lab {prefix(0)}", "lab"):
        sheet.ok([line for line in lines if line.startswith(f"<4>{subject}: dark, was up, since ")],
                 f"the event of {subject}", "\n".join(lines))
    sheet.ok(all(line[0] == "<" and line[2] == ">" for line in lines), "levels everywhere", lines)


def early(sheet, country, blockwatch):
    """At boot neither interface nor source address is there yet: it is waited for."""
    country.vantage.ip(f"address delete {VANTAGE}/24 dev {INTERFACE}",
                       f"link set {INTERFACE} down", f"link set {INTERFACE} name later0")
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0])],
                    interface=INTERFACE, source=VANTAGE).start()
    blind = daemon.wait("unhealthy vantage", lambda daemon: [
        record for record in daemon.records("vantage") if not record["healthy"]])[0]
    sheet.equal(blind["seq"], 1, "unhealthy from the first record on", daemon.story())
    daemon.wait_message("waiting for the way out")
    country.vantage.ip(f"link set later0 name {INTERFACE}", f"link set {INTERFACE} up",
                       f"address add {VANTAGE}/24 dev {INTERFACE}",
                       f"route add default via {GATEWAY}")
    daemon.wait_verdict(prefix(0), "up")
    daemon.wait("healthy vantage", lambda daemon: daemon.vantage()["healthy"])
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, second, nowhere_to_write, unread, journal, early)


if __name__ == "__main__":
    tap.main(main)
