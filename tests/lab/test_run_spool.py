# SPDX-License-Identifier: Apache-2.0
"""Records for a network sink: the spool, the child that ships it, and what becomes of both."""
import json
import os
import signal
import time

from country import prefix
from daemon import Daemon, check_form, run_scenarios
from lab import PATIENCE
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = {"type": "file", "path": "records.jsonl"}
HTTP = {"type": "http", "name": "centre", "url": "http://127.0.0.1:8080/v1/records"}


def make(country, blockwatch, **config):
    daemon = Daemon(country, blockwatch, targets=[country.target(numbers=[0, 1])],
                    **{"sinks": [FILE, HTTP], "state_directory": "state", **config})
    os.chmod(country.lab.folder, 0o755)
    return daemon


def receive(country, daemon):
    """Starts a receiver; returns it and the path of what it has got."""
    path = os.path.join(daemon.folder, "received")
    process = country.vantage.start("/usr/bin/python3", os.path.join(HERE, "receiver.py"), "8080",
                                    path)
    return process, path


def keys(text):
    """Where records stand: (boot, seq), in their order."""
    records = [json.loads(line) for line in text.splitlines()]
    return [(record["boot"], record["seq"]) for record in records]


def received(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    return keys(text[:text.rfind("\n") + 1])


def spooled(daemon):
    folder = os.path.join(daemon.folder, "state", "spool")
    found = []
    names = [name for name in os.listdir(folder) if name.endswith(".jsonl")]
    for name in sorted(names, key=lambda name: int(name.split("-")[1].split(".")[0])):
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            found += keys(stream.read())
    return found


def child_of(daemon):
    """The process `ship`, or None."""
    path = f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children"
    with open(path, encoding="ascii") as stream:
        found = stream.read().split()
    return int(found[0]) if found else None


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        return dict(line.rstrip("\n").split(":\t", 1) for line in stream if ":\t" in line)


def all_arrived(daemon, path):
    """Waits until all that is in the spool now has arrived, and returns it."""
    wanted = set(spooled(daemon))
    daemon.wait("records at the receiver", lambda daemon: wanted <= set(received(path)))
    return wanted


def delivered(sheet, country, blockwatch):
    """All arrives, once, from a child that has no privilege; the end comes in time."""
    daemon = make(country, blockwatch)
    receiver, path = receive(country, daemon)
    daemon.start()
    daemon.wait_verdict(prefix(0), "up")
    daemon.wait("a delivery", lambda daemon: received(path))
    child = child_of(daemon)
    status = status_of(child)
    sheet.equal(status["CapEff"] + status["CapPrm"] + status["CapAmb"], "0" * 48,
                "ship has no capability")
    sheet.ok(status["Uid"].split()[0] != "0", "ship is not root", status["Uid"])
    daemon.wait("a success", lambda daemon: daemon.vantage()["sinks"][0]["last_success"])
    began = time.monotonic()
    sheet.equal(daemon.end(), 0, "exit 0", daemon.story())
    sheet.ok(time.monotonic() - began < 2.5, "within two seconds", time.monotonic() - began)
    sheet.ok(not os.path.exists(f"/proc/{child}"), "the child is gone, too")
    got = received(path)
    sheet.equal(len(got), len(set(got)), "nothing arrives twice")
    sheet.equal(sorted(set(keys("".join(daemon.lines()))) - set(spooled(daemon))), [],
                "what the file has, the spool has")
    check_form(sheet, daemon)
    receiver.kill()
    receiver.wait(PATIENCE)


def killed(sheet, country, blockwatch):
    """kill -9 of run, several times, and of ship: no record is missing, none arrives twice."""
    daemon = make(country, blockwatch)
    receiver, path = receive(country, daemon)
    for number in range(4):
        daemon.start()
        before = len(received(path))
        daemon.wait("deliveries", lambda daemon, before=before: len(received(path)) > before + 5)
        if number == 1:
            os.kill(child_of(daemon), signal.SIGKILL)
            daemon.wait_message("ship was ended by signal 9")
            before = len(received(path))
            daemon.wait("deliveries", lambda daemon, before=before:
                        len(received(path)) > before + 5)
        if number < 3:
            daemon.process.kill()
            daemon.process.wait(PATIENCE)
    told = set(keys("".join(line for line in daemon.lines() if line.endswith("\n"))))
    wanted = all_arrived(daemon, path)
    daemon.end()
    sheet.equal(sorted(told - wanted)[:5], [], "what the file has, the spool has")
    sheet.equal(sorted(wanted - set(received(path)))[:5], [], "all has arrived")
    boots = {}
    for boot, seq in spooled(daemon):
        boots.setdefault(boot, []).append(seq)
    sheet.equal(len(boots), 4, "four boots are in the spool")
    for boot, seqs in boots.items():
        sheet.equal(seqs, list(range(1, len(seqs) + 1)), "seq from 1 without gaps", boot)
    receiver.kill()
    receiver.wait(PATIENCE)


def receiver_away(sheet, country, blockwatch):
    """Without a receiver the vantage goes on and says so; when it comes, all arrives."""
    daemon = make(country, blockwatch)
    daemon.start()
    daemon.wait_verdict(prefix(0), "up")
    daemon.wait("a failure", lambda daemon: daemon.vantage().get("sinks", [{}])[0]
                .get("failures", {}).get("connect", 0) > 0)
    daemon.wait("a backlog",
                lambda daemon: daemon.vantage()["sinks"][0]["backlog"]["records"] > 3)
    receiver, path = receive(country, daemon)
    all_arrived(daemon, path)
    daemon.end()
    sheet.equal(len(received(path)), len(set(received(path))), "nothing arrives twice")
    check_form(sheet, daemon)
    receiver.kill()
    receiver.wait(PATIENCE)


def token_of_root(sheet, country, blockwatch):
    """A token that only root can read reaches ship, although run and ship are nobody."""
    daemon = make(country, blockwatch, user="nobody", sinks=[FILE, {**HTTP, "token_file": "token"}])
    with open(os.path.join(daemon.folder, "token"), "w", encoding="ascii") as stream:
        stream.write("sesame\n")
    os.chmod(os.path.join(daemon.folder, "token"), 0o600)
    receiver, path = receive(country, daemon)
    daemon.start()
    daemon.wait("a delivery", lambda daemon: received(path))
    with open(path + ".token", encoding="ascii") as stream:
        sheet.equal(stream.read(), "Bearer sesame", "the token")
    os.kill(child_of(daemon), signal.SIGKILL)
    before = len(received(path))
    daemon.wait("deliveries of another child", lambda daemon: len(received(path)) > before + 5)
    daemon.end()
    receiver.kill()
    receiver.wait(PATIENCE)


def reloaded(sheet, country, blockwatch):
    """A reload brings another address of the receiver, and adds and removes a network sink."""
    daemon = make(country, blockwatch, sinks=[FILE, {**HTTP, "url": "http://127.0.0.1:8081/"}])
    receiver, path = receive(country, daemon)
    daemon.start()
    daemon.wait_verdict(prefix(0), "up")
    daemon.configure(sinks=[FILE, HTTP])
    sheet.ok("run: reloaded" in "".join(daemon.reload()), "it reloads", daemon.story())
    all_arrived(daemon, path)
    daemon.configure(sinks=[FILE])
    daemon.reload()
    daemon.wait("the end of ship", lambda daemon: child_of(daemon) is None)
    daemon.configure(sinks=[FILE, HTTP])
    daemon.reload()
    before = len(received(path))
    daemon.wait("deliveries", lambda daemon: len(received(path)) > before + 5)
    daemon.end()
    check_form(sheet, daemon)
    receiver.kill()
    receiver.wait(PATIENCE)


def no_disk(sheet, country, blockwatch):
    """A spool that cannot be made stops nothing, is said once, and comes back."""
    daemon = make(country, blockwatch, ship="external")
    os.makedirs(os.path.join(daemon.folder, "state"))
    blocker = os.path.join(daemon.folder, "state", "spool")
    with open(blocker, "w", encoding="ascii"):
        pass
    daemon.start()
    daemon.wait_verdict(prefix(0), "up")
    daemon.wait("a vantage record that says why",
                lambda daemon: daemon.vantage().get("spool", {}).get("error"))
    daemon.wait("dropped records",
                lambda daemon: daemon.vantage()["spool"]["dropped"]["block"] > 0)
    os.unlink(blocker)
    daemon.wait("the spool", lambda daemon: daemon.vantage()["spool"]["error"] is None)
    daemon.wait_rounds(2)
    sheet.equal(child_of(daemon), None, "no child where ship is external")
    daemon.end()
    sheet.equal(len([line for line in daemon.messages() if "the spool cannot be written" in line]),
                1, "one line")
    sheet.ok(spooled(daemon), "records are in the spool")
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, delivered, killed, receiver_away, token_of_root, reloaded,
                  no_disk)


if __name__ == "__main__":
    tap.main(main)
