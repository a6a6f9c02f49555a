# SPDX-License-Identifier: Apache-2.0
"""TAP for the lab's tests: the result on standard output, exit 0, 1 or 77 (skipped)."""
import sys
import traceback

from lab import SKIPPED, LabUnavailable


class Tap:
    """Counts and prints; `failed` is the number of checks that failed."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, holds, what, *details):
        """One check; DETAILS are printed when it fails."""
        self.count += 1
        if not holds:
            self.failed += 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}", flush=True)
        for detail in () if holds else details:
            for line in str(detail).splitlines():
                print(f"#   {line}", flush=True)
        return holds

    def equal(self, got, want, what, *details):
        return self.ok(got == want, what, f"got {got!r}, expected {want!r}", *details)

    def skip(self, what, why):
        self.count += 1
        print(f"ok {self.count} - {what} # SKIP {why}", flush=True)


def main(test):
    """Runs TEST(tap, path of blockwatch) and exits."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} BLOCKWATCH")
    tap = Tap()
    try:
        test(tap, sys.argv[1])
    except LabUnavailable as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(SKIPPED)
    except KeyboardInterrupt:
        print("Bail out! interrupted")
        sys.exit(130)
    except Exception as error:  # any exception means that the test has failed
        traceback.print_exc()
        print(f"Bail out! {error}".replace("\n", " "))
        sys.exit(1)
    print(f"1..{tap.count}")
    sys.exit(1 if tap.failed or not tap.count else 0)
