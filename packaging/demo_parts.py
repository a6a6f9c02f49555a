# SPDX-License-Identifier: Apache-2.0
"""What the demos have in common: colours, and how a demo ends."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tests", "lab"))

from lab import LabError, LabUnavailable  # noqa: E402

COLOURS = {"up": 42, "flapping": 43, "partly-dark": 43, "dark": 41, "unknown": 47}


class Paint:
    """Colours, on a terminal and without NO_COLOR."""

    def __init__(self):
        self.on = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def bold(self, text):
        return f"\x1b[1m{text}\x1b[0m" if self.on else text

    def cell(self, verdict, text, width):
        """The text in the colour of the verdict, WIDTH columns wide."""
        text = f" {text}".ljust(width - 1)
        return f"\x1b[30;{COLOURS[verdict]}m{text}\x1b[0m " if self.on else text + " "


def play(main, *arguments):
    """Ends the process with what MAIN returns, or with a line that says why it could not go on."""
    try:
        sys.exit(main(*arguments))
    except LabUnavailable as reason:
        print(f"demo: {reason}", file=sys.stderr)
        sys.exit(77)
    except LabError as error:
        print(f"demo: {error}", file=sys.stderr)
        sys.exit(70)
    except BrokenPipeError:  # the reader has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except KeyboardInterrupt:
        print("\ndemo: interrupted; all of it is taken down", file=sys.stderr)
        sys.exit(130)
