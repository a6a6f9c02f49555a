# SPDX-License-Identifier: Apache-2.0
"""The units of packaging: `ship` with the user, capabilities and system calls that they leave."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from receiver import Receiver  # noqa: E402
import sandbox  # noqa: E402
from setting import Setting, cli, expect_once  # noqa: E402

UNIT_USER = 60123  # of nobody else


def ship_in(setting, unit):
    """Runs it as a unit does. The folder of the spool belongs to the user of the unit."""
    for folder in (setting.place.folder, setting.spool.folder):
        for path, _folders, names in os.walk(folder):
            for name in [path] + [os.path.join(path, name) for name in names]:
                os.chown(name, UNIT_USER, UNIT_USER)
    done = subprocess.run([setting.place.program, "ship", "--config", "c.json", "--until-empty"],
                          cwd=setting.place.folder, env=setting.place.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          preexec_fn=sandbox.enter(unit, UNIT_USER), check=False)
    cli.equal(done.returncode, 0, done.stderr)
    cli.holds(re.fullmatch(r"blockwatch: ship: delivered \d+ records to centre\n", done.stderr),
              done.stderr)


def in_unit(unit):
    def run(place):
        if not sandbox.can_run():
            return
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


if __name__ == "__main__":
    cli.main([as_external_unit, as_child_of_the_daemon])
