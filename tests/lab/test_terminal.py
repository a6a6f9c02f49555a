# SPDX-License-Identifier: Apache-2.0
"""On a terminal: colours unless NO_COLOR, and a sign of progress while a check takes its time."""
import os
import pty
import re
import threading
import time

from country import Country, prefix
import tap

COLOUR = re.compile(r"\x1b\[[0-9;]+m")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a pseudo-terminal: all that it wrote, with the time of each piece."""

    def __init__(self, node, *command, **environment):
        self.pieces = []
        self.master, slave = pty.openpty()
        node.lab.later(lambda: os.close(self.master))
        self.begin = time.monotonic()
        variables = {**os.environ, "TERM": "xterm", "COLUMNS": "120", **environment}
        if "NO_COLOR" not in environment:
            variables.pop("NO_COLOR", None)
        self.process = node.start(*command, stdout=slave, stderr=slave, env=variables)
        os.close(slave)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def finish(self):
        """Waits for the end; returns everything."""
        self.process.wait(timeout=60)
        self.reader.join()
        return b"".join(data for _, data in self.pieces).decode()

    def _read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other side is closed
                return
            self.pieces.append((time.monotonic() - self.begin, data))


def main(test, blockwatch):
    with Country() as country:
        country.darken(0)
        words = [blockwatch, "check", "--allow-reserved", country.target()]
        coloured = Terminal(country.vantage, *words)
        plain = Terminal(country.vantage, *words, NO_COLOR="1")
        quick = Terminal(country.vantage, *words[:3], prefix(1))
        for what, terminal in (("a terminal", coloured), ("NO_COLOR", plain)):
            text = terminal.finish()
            test.equal(bool(COLOUR.search(text)), terminal is coloured, f"{what}: colours or not",
                       repr(text))
            early = [piece for when, piece in terminal.pieces if when < 3]
            test.ok(early, f"{what}: a sign of progress in the first three seconds", repr(text))
            last = CONTROL.sub("", text.split("\r")[-1] if text.endswith("\r") else text)
            test.ok(all(prefix(number) in last for number in range(4)),
                    f"{what}: the table is there", repr(text))
            test.equal(terminal.process.returncode, 1, f"{what}: exit 1")
        text = quick.finish()
        test.ok("\r" not in text.replace("\r\n", "\n"), "no progress line when it is quick",
                repr(text))


if __name__ == "__main__":
    tap.main(main)
