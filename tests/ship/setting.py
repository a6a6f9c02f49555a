# SPDX-License-Identifier: Apache-2.0
"""What the tests of `ship` share: a place with a spool and a configuration, the running program."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))

import cli  # noqa: E402
import spool as spools  # noqa: E402


class Setting:
    """A folder with a spool, and `ship` on it."""

    def __init__(self, place):
        self.place = place
        os.chmod(place.folder, 0o755)
        os.makedirs(place.path("state"), exist_ok=True)
        self.spool = spools.Spool(place.path("state"))
        self.running = []

    def configure(self, *sinks, **more):
        """Each sink is a dictionary; a name and a short timeout are added."""
        self.place.put("t.txt", "198.18.0.0/24\n")
        full = [{"type": "http", "name": "centre", "timeout": "2s", **sink} for sink in sinks]
        self.place.put("c.json", json.dumps(
            {"vantage": "v1", "targets": ["t.txt"], "allow_reserved": True,
             "state_directory": "state", "sinks": full, **more}))

    def ship(self, *arguments, **environment):
        """Runs it until the spool is empty."""
        return self.place.run("ship", "--config", "c.json", "--until-empty", *arguments,
                              **environment)

    def ship_quietly(self, *arguments, **environment):
        """The same; it has nothing to say but how much it has delivered."""
        done = self.ship(*arguments, **environment).expect(0)
        cli.holds(done.err.count("\n") == 1 and (
            done.err.startswith("blockwatch: ship: delivered ") or
            done.err == "blockwatch: ship: nothing to ship\n"), done.err)
        return done

    def publish(self):
        """`ship` until a stream has acknowledged all, which it then waits to be stored."""
        self.place.put("err", "")
        process = self.start("--until-empty")
        wait_for(lambda: "all is acknowledged; waits until" in self.errors(), "the end", 60)
        cli.equal(process.poll(), None, "it waits")
        self.stop(process)
        cli.equal(self.errors().count("\n"), 1, self.errors())

    def start(self, *arguments):
        process = subprocess.Popen([self.place.program, "ship", "--config", "c.json", *arguments],
                                   cwd=self.place.folder, env=self.place.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=open(self.place.path("err"), "ab"))
        self.running.append(process)
        return process

    def stop(self, process, how=signal.SIGTERM):
        begun = time.monotonic()
        process.send_signal(how)
        status = process.wait(10)
        self.running.remove(process)
        if how == signal.SIGTERM:
            cli.equal(status, 0, "exit status")
            cli.holds(time.monotonic() - begun < 2, "it ends promptly")

    def errors(self):
        return self.place.get("err")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for process in self.running:
            process.kill()
            process.wait()


def wait_for(condition, what, seconds=20):
    """Waits until CONDITION holds: what another process does takes its time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise cli.Mismatch(f"{what}: not within {seconds} s")
        time.sleep(0.005)


def expect_once(receiver, keys):
    """All KEYS came, each once, and nothing else."""
    cli.equal(sorted(set(keys) - set(receiver.records)), [], "lost records")
    cli.equal(sorted(set(receiver.records) - set(keys)), [], "unknown records")
    cli.equal({key for key, count in receiver.records.items() if count != 1}, set(),
              "repeated records")


def expect_all(receiver, keys, most=2):
    """All KEYS came, none more than MOST times."""
    cli.equal(sorted(set(keys) - set(receiver.records)), [], "lost records")
    cli.holds(max(receiver.records.values()) <= most, "repeated too often")
