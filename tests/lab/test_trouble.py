# SPDX-License-Identifier: Apache-2.0
"""Errors on a vantage: one line on standard error and a documented exit code."""
import os
import shutil

from capture import Capture
from check import Check, expect, flaws
from country import INTERFACE, Country, prefix
import tap

UNKNOWN = {prefix(number): "unknown" for number in range(4)}
FAILED = (64, 65, 66, 69, 70, 77)
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def one_line(test, done, codes, what, *words):
    """Ended with one of CODES and one line on standard error that has all WORDS."""
    lines = done.stderr.splitlines()
    test.ok(done.code in codes, f"{what}: exit {' or '.join(map(str, codes))}",
            f"exit {done.code}", done.stdout, done.stderr)
    test.equal(len(lines), 1, f"{what}: one line on standard error", done.stderr)
    for word in words:
        test.ok(word in done.stderr, f"{what}: it says {word}", done.stderr)


def test_interface_goes(test, blockwatch):
    with Country() as country:
        country.darken(0, 1, 2, 3)
        with Capture(country.vantage, INTERFACE) as capture:
            check = Check(country.vantage, blockwatch, country.target())
            capture.wait_for(2, prefix(0))
            country.vantage.ip(f"link delete {INTERFACE}")
            check.finish()
        expect(test, check, 3, UNKNOWN, "interface deleted")
        test.equal(flaws(check), [], "interface deleted: well-formed records")
        one_line(test, check.finished, (3,), "interface deleted", INTERFACE)


def test_no_way(test, blockwatch):
    """No route, interface down, no interface at all."""
    with Country() as country:
        path = country.target()
        country.vantage.ip("route delete default")
        check = Check(country.vantage, blockwatch, path).finish()
        expect(test, check, 3, UNKNOWN, "no route")
        test.ok("no-route" in check.reasons(), "no route: says so", check.story())
        country.vantage.ip(f"link set {INTERFACE} down")
        check = Check(country.vantage, blockwatch, path).finish()
        expect(test, check, 3, UNKNOWN, "interface down")
        country.vantage.ip(f"link delete {INTERFACE}")
        check = Check(country.vantage, blockwatch, path).finish()
        expect(test, check, 3, UNKNOWN, "no interface at all")


def test_wrong_options(test, country, blockwatch):
    for what, words, name in (
            ("unknown interface", ["--interface", "nowhere0"], "nowhere0"),
            ("foreign source", ["--source", "10.99.0.77"], "10.99.0.77")):
        with Capture(country.vantage, INTERFACE) as capture:
            done = country.vantage.run(blockwatch, "check", "--allow-reserved", *words,
                                       country.target())
        one_line(test, done, FAILED, what, name)
        test.equal(len(capture.to("198.18.0.0/15")), 0, f"{what}: nothing is sent")


def test_privilege(test, country, blockwatch):
    """As the user nobody, with a copy of the program that nobody may run."""
    program = shutil.copy(blockwatch, os.path.join(country.lab.folder, "blockwatch"))
    os.chmod(program, 0o755)
    words = [program, "check", "--allow-reserved", country.target()]
    done = country.vantage.run(*NOBODY, "--inh-caps=-all", "--bounding-set=-all", *words)
    one_line(test, done, (77,), "no privilege", "root", "setcap cap_net_raw+ep", "systemd")
    done = country.vantage.run(*NOBODY, "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
                               "--bounding-set=-all,+net_raw", *words)
    test.equal(done.code, 0, "CAP_NET_RAW is enough", done.stdout, done.stderr)


def test_output(test, country, blockwatch):
    """Standard output is closed, full, or a pipe that nobody reads."""
    for what, redirection in (("closed", ">&-"), ("full", ">/dev/full"), ("unread", "| true")):
        for form in ("", "--json"):
            script = f'("$@" {redirection}; echo $? >&3) 3>"$0"' if what != "unread" else \
                     '("$@"; echo $? >&3) 3>"$0" | true'
            status = os.path.join(country.lab.folder, "status")
            words = [blockwatch, "check", "--allow-reserved", *form.split(), country.target()]
            done = country.vantage.run("sh", "-c", script, status, *words)
            with open(status, encoding="ascii") as stream:
                done.code = int(stream.read())
            one_line(test, done, FAILED, f"standard output {what} {form}".strip())


def main(test, blockwatch):
    test_interface_goes(test, blockwatch)
    test_no_way(test, blockwatch)
    with Country() as country:
        test_wrong_options(test, country, blockwatch)
        test_privilege(test, country, blockwatch)
        test_output(test, country, blockwatch)


if __name__ == "__main__":
    tap.main(main)
