# SPDX-License-Identifier: Apache-2.0
"""Ends and restarts of the daemon: SIGKILL, SIGTERM, a full disk, a damaged state."""
import glob
import json
import os
import signal
import time

from country import prefix
from daemon import Daemon, check_form, check_inside, check_outage, do, run_scenarios
from lab import run_tool
import tap


def start(country, blockwatch, state="state"):
    daemon = Daemon(country, blockwatch, state_directory=state,
                    targets=[country.target(numbers=[0, 1])]).start()
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(2)
    return daemon


def transitions(daemon, scope="block"):
    return [(event["subject"], event["from"], event["to"]) for event in daemon.events(scope)]


def killed(sheet, country, blockwatch):
    """kill -9 in the middle of an outage; the end is seen by the next run."""
    daemon = start(country, blockwatch)
    rules, dark = do(country.darken, 0)
    daemon.wait_event("network", "dark")
    daemon.wait_rounds(1)
    sheet.equal(daemon.end(signal.SIGKILL), -signal.SIGKILL, "killed")
    time.sleep(2)
    daemon.start()
    daemon.wait_rounds(5)
    sheet.equal(daemon.last_blocks(), {prefix(0): "dark", prefix(1): "up"}, "it remembers",
                daemon.story())
    sheet.equal(len(daemon.events("block")), 1, "the outage is not said again", daemon.story())
    _, back = do(rules[0].remove)
    for scope in ("block", "network"):
        up = daemon.wait_event(scope, "up")
        check_inside(sheet, f"{scope} up", back, up["change"]["earliest"], up["change"]["latest"],
                     daemon)
        check_outage(sheet, scope, up, dark, back, daemon)
        sheet.equal(transitions(daemon, scope),
                    [(prefix(0), "up", "dark"), (prefix(0), "dark", "up")],
                    f"{scope}: one outage in all", daemon.story())
    sheet.equal(len({event["boot"] for event in daemon.events("block")}), 2, "from two boots")
    daemon.end()
    check_form(sheet, daemon)


def back_while_away(sheet, country, blockwatch):
    """The outage ends while no daemon runs: it ended before its first answer, after the last
    silence."""
    daemon = start(country, blockwatch)
    rules, dark = do(country.darken, 0)
    daemon.wait_event("block", "dark")
    daemon.end()
    _, back = do(rules[0].remove)
    time.sleep(2)
    daemon.start()
    up = daemon.wait_event("block", "up")
    check_inside(sheet, "up", back, up["change"]["earliest"], up["change"]["latest"], daemon)
    check_outage(sheet, "block", up, dark, back, daemon)
    daemon.wait_rounds(2)
    sheet.equal(len(daemon.events("block")), 2, "no more events", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def gone_while_away(sheet, country, blockwatch):
    """An outage begins while no daemon runs; what was learned is used at once."""
    daemon = start(country, blockwatch)
    daemon.end()
    _, dark = do(country.darken, 0)
    time.sleep(1)
    daemon.start()
    event = daemon.wait_event("block", "dark")
    check_inside(sheet, "dark", dark, event["change"]["earliest"], event["change"]["latest"],
                 daemon)
    sheet.equal(event["from"], "up", "it was up before", event)
    daemon.end()
    check_form(sheet, daemon)


def ended(sheet, country, blockwatch):
    """SIGTERM and SIGINT, idle or busy with an outage: all is written."""
    for number, busy in ((signal.SIGTERM, False), (signal.SIGINT, False), (signal.SIGTERM, True)):
        name = f"{signal.Signals(number).name}{' in an outage' if busy else ''}"
        daemon = Daemon(country, blockwatch, f"{number}-{busy}", state_directory="state",
                        targets=[country.target(numbers=[0, 1])]).start()
        daemon.wait_verdict(prefix(0), "up")
        rules = country.darken() if busy else []
        if busy:
            daemon.wait_verdict(prefix(0), "dark")
        begin = time.time()
        sheet.equal(daemon.end(number), 0, f"{name}: exit 0", daemon.story())
        sheet.equal(daemon.messages(), [], f"{name}: nothing to say")
        with open(os.path.join(daemon.folder, "state", "state.jsonl"), encoding="utf-8") as stream:
            saved = [json.loads(line) for line in stream]
        sheet.ok(os.path.getmtime(stream.name) >= begin - 0.1, f"{name}: state saved at the end")
        sheet.equal([line.get("verdict") for line in saved if line.get("block") == prefix(0)],
                    ["dark" if busy else "up"], f"{name}: the state has the verdict", saved)
        for rule in rules:
            rule.remove()
        check_form(sheet, daemon)


def full_disk(sheet, country, blockwatch):
    """A state directory without room: a message, and the daemon goes on."""
    state = os.path.join(country.lab.folder, "full")
    os.mkdir(state)
    run_tool(["mount", "-t", "tmpfs", "-o", "size=64k", "lab", state])
    try:
        with open(os.path.join(state, "ballast"), "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
        daemon = start(country, blockwatch, state)
        rules = country.darken(0)
        daemon.wait_event("block", "dark")
        message = daemon.wait_message("cannot save the state")
        sheet.ok(state in message and "No space left" in message, "it says what and where", message)
        rules[0].remove()
        daemon.wait_event("block", "up")
        os.remove(os.path.join(state, "ballast"))
        sheet.equal(daemon.end(), 0, "it ends well", daemon.story())
        sheet.ok(os.path.getsize(os.path.join(state, "state.jsonl")) > 0, "and saves its state")
        sheet.ok(len(daemon.messages()) <= 3, "it does not go on and on about it",
                 "\n".join(daemon.messages()))
        check_form(sheet, daemon)
    finally:
        run_tool(["umount", state])


def damage(text):
    """Damaged versions of a state, by name."""
    middle = len(text) // 2
    return {
        "cut": text[:middle],
        "altered": text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1:],
        "empty": "",
        "of another version": text.replace("blockwatch/state/5", "blockwatch/state/9"),
        "no text": "\0" * 4096,
    }


def damaged_state(sheet, country, blockwatch):
    """A damaged state is set aside with a message; only the history is lost."""
    daemon = start(country, blockwatch)
    daemon.end()
    path = os.path.join(daemon.folder, "state", "state.jsonl")
    with open(path, encoding="utf-8") as stream:
        good = stream.read()
    for number, (what, bad) in enumerate(damage(good).items(), 1):
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(bad)
        said = len(daemon.messages())
        daemon.start()
        daemon.wait_rounds(1)
        lines = daemon.messages()[said:]
        aside = glob.glob(path + ".damaged-*")
        sheet.equal(len(lines), 1, f"state {what}: one message", "\n".join(lines))
        sheet.ok(lines and "set aside" in lines[0] and path in lines[0],
                 f"state {what}: it says where", lines)
        sheet.equal(len(aside), number, f"state {what}: set aside", aside)
        sheet.equal(daemon.end(), 0, f"state {what}: exit 0")
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, killed, back_while_away, gone_while_away, ended, full_disk,
                  damaged_state)


if __name__ == "__main__":
    tap.main(main)
