# SPDX-License-Identifier: Apache-2.0
"""A check knows what answered before: to itself, or to the daemon whose state it may read."""
import os
import signal
import stat
import time

from check import Check, expect
from country import Country, prefix
from daemon import Daemon
from lab import PATIENCE, LabError
import tap

PLAIN = (prefix(0), prefix(1))
BOTH = {prefix(0): "up", prefix(1): "up"}
DARK = {prefix(0): "dark", prefix(1): "dark"}
UNKNOWN = {prefix(0): "unknown", prefix(1): "unknown"}


def folder_of(country):
    return os.path.join(country.lab.folder, "state", "blockwatch")


def file_of(country):
    return os.path.join(folder_of(country), "state.jsonl")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def check(country, blockwatch, *words):
    return Check(country.vantage, blockwatch, *words, *PLAIN, state=True).finish()


def test_own(test, country, blockwatch):
    expect(test, check(country, blockwatch, "--no-state"), 0, BOTH, "without a memory")
    test.ok(not os.path.exists(folder_of(country)), "--no-state keeps nothing")
    expect(test, check(country, blockwatch), 0, BOTH, "the first check")
    test.equal((mode(folder_of(country)), mode(file_of(country))), (0o700, 0o600),
               "the memory is for its owner alone")
    kept = read(file_of(country))
    silence = country.darken()
    expect(test, check(country, blockwatch, "--no-state"), 3, UNKNOWN, "silent, nothing known")
    dark = check(country, blockwatch)
    expect(test, dark, 2, DARK, "silent, and known to have answered")
    test.equal(dark.stderr, "", "no message about the memory")
    test.equal(read(file_of(country)), kept, "a silent check learns nothing")
    for rules in silence:
        rules.remove()


def test_broken(test, country, blockwatch):
    with open(file_of(country), "w", encoding="utf-8") as stream:
        stream.write("{\"broken\"")
    broken = check(country, blockwatch)
    expect(test, broken, 0, BOTH, "with a damaged memory")
    test.equal(broken.stderr.count("\n"), 1, "one warning of it", broken.stderr)
    again = check(country, blockwatch)
    test.equal((again.code, again.stderr), (0, ""), "and a new memory after it")
    os.chmod(folder_of(country), 0o777)
    planted = check(country, blockwatch)
    expect(test, planted, 0, BOTH, "with a folder that others may write to")
    test.ok("not ours alone" in planted.stderr, "which is not used", planted.stderr)
    os.chmod(folder_of(country), 0o700)
    secret = country.lab.file("secret", "secret")
    os.unlink(file_of(country))
    os.symlink(secret, file_of(country))
    check(country, blockwatch)
    test.equal(read(secret), b"secret", "a planted link is not written through")
    test.ok(not os.path.islink(file_of(country)), "but replaced")


def test_daemon(test, country, blockwatch):
    path = country.target("known", [0, 1], seen=False)
    daemon = Daemon(country, blockwatch, targets=[path], state_directory="state").start()
    state = os.path.join(daemon.folder, "state")
    for block in PLAIN:
        daemon.wait_verdict(block, "up")
    silence = country.darken()
    daemon.wait_event("target", "dark")
    before = read_folder(state)
    expect(test, check(country, blockwatch, "--state", state), 2, DARK,
           "with the state of a daemon that runs")
    test.equal(read_folder(state), before, "no file of it comes or goes")
    test.equal(daemon.end(), 0, "and the daemon goes on", daemon.story())
    missing = check(country, blockwatch, "--state", country.lab.folder)
    test.equal((missing.code, missing.stderr.count("\n")), (66, 1), "no state there: 66",
               missing.stderr)
    both = check(country, blockwatch, "--state", state, "--no-state")
    test.equal(both.code, 64, "--state and --no-state", both.stderr)
    return silence


def wait_line(path, line):
    deadline = time.monotonic() + PATIENCE
    while line not in read(path).decode():
        if time.monotonic() > deadline:
            raise LabError(f"no line '{line}' in {path}: {read(path).decode()}")
        time.sleep(0.05)


def test_wait(test, country, blockwatch, silence):
    """A silent plain list is unknown for ever, unless it answers."""
    words = ("--wait", "--no-state", "-v", *PLAIN)
    checks, paths = [], [os.path.join(country.lab.folder, name) for name in ("stopped", "waiting")]
    for path in paths:
        with open(path, "w", encoding="utf-8") as messages:
            checks.append(Check(country.vantage, blockwatch, *words, state=True, stderr=messages))
    for path in paths:
        wait_line(path, "198.18.0.0/24 is unknown")
    stopped, waiting = checks
    stopped.process.send_signal(signal.SIGTERM)
    for rules in silence:
        rules.remove()
    expect(test, stopped.finish(), 3, UNKNOWN, "--wait ends with SIGTERM")
    expect(test, waiting.finish(), 0, BOTH, "--wait ends when all is up")
    seqs = [record["seq"] for record in waiting.records]
    test.equal(seqs, list(range(1, len(seqs) + 1)), "one sequence of records")


def read_folder(path):
    return {name: mode(os.path.join(path, name)) for name in os.listdir(path)}


def main(test, blockwatch):
    with Country(2) as country:
        test_own(test, country, blockwatch)
        test_broken(test, country, blockwatch)
        test_wait(test, country, blockwatch, test_daemon(test, country, blockwatch))


if __name__ == "__main__":
    tap.main(main)
