# SPDX-License-Identifier: Apache-2.0
"""On a terminal: colours unless NO_COLOR, and signs of progress while a check takes its time."""
import os
import pty
import re
import threading

from country import Country, prefix
from lab import PATIENCE
import tap

COLOUR = re.compile(r"\x1b\[[0-9;]+m")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a pseudo-terminal, and all that it wrote."""

    def __init__(self, node, *command, **environment):
        self.pieces = []
        self.master, slave = pty.openpty()
        node.lab.later(lambda: os.close(self.master))
        variables = {**os.environ, "TERM": "xterm", "COLUMNS": "120", **environment}
        if "NO_COLOR" not in environment:
            variables.pop("NO_COLOR", None)
        self.process = node.start(*command, stdout=slave, stderr=slave, env=variables)
        os.close(slave)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def finish(self):
        """Waits for the end; returns everything."""
        self.process.wait(PATIENCE)
        self.reader.join()
        return b"".join(self.pieces).decode()

    def _read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other side is closed
                return
            self.pieces.append(data)


def main(test, blockwatch):
    with Country() as country:
        country.darken(0)
        words = [blockwatch, "check", "--allow-reserved", country.target()]
        coloured = Terminal(country.vantage, *words)
        plain = Terminal(country.vantage, *words, NO_COLOR="1")
        for what, terminal in (("a terminal", coloured), ("NO_COLOR", plain)):
            text = terminal.finish()
            test.equal(bool(COLOUR.search(text)), terminal is coloured, f"{what}: colours or not",
                       repr(text))
            test.ok(text.count("\r") - text.count("\r\n") > 1,
                    f"{what}: signs of progress, each over the last", repr(text))
            last = CONTROL.sub("", text.split("\r")[-1] if text.endswith("\r") else text)
            test.ok(all(prefix(number) in last for number in range(4)),
                    f"{what}: the table is there", repr(text))
            test.equal(terminal.process.returncode, 1, f"{what}: exit 1")
        # A check of a network that is up takes a moment, also on a busy machine, but not each time.
        texts = [Terminal(country.vantage, *words[:3], prefix(1)).finish() for _ in range(5)]
        test.ok(any("\r" not in text.replace("\r\n", "\n") for text in texts),
                "no progress line when it is quick", *map(repr, texts))


if __name__ == "__main__":
    tap.main(main)
