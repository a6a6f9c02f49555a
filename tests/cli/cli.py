# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: a clean place to run the program in, and TAP."""
import os
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Mismatch(Exception):
    """A check that did not hold."""


class Skip(Exception):
    """A test that cannot run here, and why."""


class Run:
    """One finished run of the program."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def expect(self, status, out=None, err=None):
        """Exit status and, where given, the exact texts of both outputs."""
        for what, got, want in (("exit status", self.status, status),
                                ("standard output", self.out, out),
                                ("standard error", self.err, err)):
            if want is not None and got != want:
                raise Mismatch(f"{what}: got\n{got}\nexpected\n{want}\n"
                               f"(standard error: {self.err})")
        return self


class Place:
    """An empty folder, in which the program runs with an environment of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return name

    def path(self, name):
        return os.path.join(self.folder, name)

    def get(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run(self, *arguments, stdin="", stdout=subprocess.PIPE, **environment):
        done = subprocess.run([self.program, *arguments], cwd=self.folder, timeout=600,
                              env={**self.environment, **environment}, input=stdin.encode(),
                              stdout=stdout, stderr=subprocess.PIPE, check=False)
        return Run(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())

    def shell(self, command):
        """A line for sh, in which $0 is the program."""
        done = subprocess.run(["sh", "-c", command, self.program], cwd=self.folder, timeout=600,
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def equal(got, want, what):
    if got != want:
        raise Mismatch(f"{what}: got {got!r}, expected {want!r}")


def holds(condition, what):
    if not condition:
        raise Mismatch(what)


def main(tests):
    """Runs each function of TESTS with a Place of its own and exits."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} BLOCKWATCH")
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        name, note = test.__name__.replace("_", " "), ""
        with tempfile.TemporaryDirectory(prefix="blockwatch-cli-") as folder:
            try:
                test(Place(os.path.abspath(sys.argv[1]), folder))
                word = "ok"
            except Skip as reason:
                word, note = "ok", f" # SKIP {reason}"
            except Exception:  # whatever it is, the test has not passed
                failed += 1
                word = "not ok"
                print("# " + traceback.format_exc().rstrip().replace("\n", "\n# "))
        print(f"{word} {number} - {name}{note}", flush=True)
    sys.exit(1 if failed else 0)
