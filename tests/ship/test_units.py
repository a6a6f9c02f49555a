# SPDX-License-Identifier: Apache-2.0
"""The units of packaging: programs with the user, capabilities and system calls that they leave."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from receiver import Receiver  # noqa: E402
import sandbox  # noqa: E402
from setting import Setting, cli, expect_once, wait_for  # noqa: E402
from test_collect import Collector, lines, record  # noqa: E402

UNIT_USER = 60123  # of nobody else


def without_leak_check(environment):
    """LeakSanitizer traces the process that ends, which no unit allows."""
    options = environment.get("ASAN_OPTIONS", "")
    return environment | {"ASAN_OPTIONS": options + ":detect_leaks=0"}


def give(folder):
    """All of it belongs to the user of the unit."""
    for path, _folders, names in os.walk(folder):
        for name in [path] + [os.path.join(path, name) for name in names]:
            os.chown(name, UNIT_USER, UNIT_USER)


def ship_in(setting, unit):
    """Runs it as a unit does. The folder of the spool belongs to the user of the unit."""
    give(setting.place.folder)
    done = subprocess.run([setting.place.program, "ship", "--config", "c.json", "--until-empty"],
                          cwd=setting.place.folder,
                          env=without_leak_check(setting.place.environment),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          preexec_fn=sandbox.enter(unit, UNIT_USER), check=False)
    cli.equal(done.returncode, 0, done.stderr)
    cli.holds(re.fullmatch(r"blockwatch: ship: delivered \d+ records to centre\n", done.stderr),
              done.stderr)


def in_unit(unit):
    def run(place):
        if not sandbox.can_run():
            raise cli.Skip("needs root and systemd-analyze")
        with Setting(place) as setting, Receiver() as there:
            keys = setting.spool.fill(100)
            setting.configure({"url": there.url()})
            ship_in(setting, unit)
            expect_once(there, keys)
    return run


def as_external_unit(place):
    """blockwatch-ship.service: no capability, and none is given up."""
    in_unit("blockwatch-ship.service.in")(place)


def as_child_of_the_daemon(place):
    """blockwatch.service: the capability of `run` comes with the child, which gives it up."""
    in_unit("blockwatch.service.in")(place)


class CollectorInUnit(Collector):
    """The collector as its unit runs it."""

    def __enter__(self):
        place = self.place
        give(place.folder)
        with open(place.path("log"), "wb") as log:
            self.process = subprocess.Popen(
                [place.program + "-collector", "--config", "c.json"], cwd=place.folder,
                env=without_leak_check(place.environment), stdin=subprocess.DEVNULL, stderr=log,
                preexec_fn=sandbox.enter("blockwatch-collector.service.in", UNIT_USER))
        wait_for(lambda: b"port " in read(place.path("log")) or self.process.poll() is not None,
                 "the collector")
        self.port = int(re.search(rb"port (\d+)", read(place.path("log")))[1])
        return self


def read(path):
    with open(path, "rb") as file:
        return file.read()


def the_collector(place):
    """blockwatch-collector.service: it stores, serves and ends."""
    if not sandbox.can_run() or not os.path.exists(place.program + "-collector"):
        raise cli.Skip("needs root, systemd-analyze and the collector")
    with CollectorInUnit(place) as collector:
        cli.equal(collector.post(lines(record(1)))[0], 200, "records")
        cli.equal(collector.ask("GET", "/")[0], 200, "the page")
        collector.end(15)
        cli.equal(collector.process.returncode, 0, read(place.path("log")))


if __name__ == "__main__":
    cli.main([as_external_unit, as_child_of_the_daemon, the_collector])
