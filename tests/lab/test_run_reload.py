# SPDX-License-Identifier: Apache-2.0
"""Reloads of the daemon: the block list holds at once, all or nothing, nothing is forgotten."""
import json
import os
import signal
import time

from capture import Capture
from country import INTERFACE, hosts, prefix
from daemon import Daemon, check_form, check_outage, do, run_scenarios, seconds_of
import tap


def start(country, blockwatch, **config):
    path = country.target(numbers=[0, 1])
    daemon = Daemon(country, blockwatch, **{"targets": [path], **config}).start()
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(1)
    return daemon


def outgoing(packets):
    return [packet for packet in packets if packet.outgoing]


def block_list(sheet, country, blockwatch):
    """After the message about the reload no packet goes to addresses on the list."""
    path = country.lab.file("blocklist.txt", "# nobody yet\n")
    daemon = start(country, blockwatch, blocklist=path)
    for listed in (hosts(0)[0], prefix(0)):
        with Capture(country.vantage, INTERFACE) as capture:
            capture.wait_for(1, listed)
            country.lab.file("blocklist.txt", f"{listed}\n")
            said = daemon.reload()
            returned = time.time()
            sheet.equal(len(said), 2 if "/" in listed else 1, f"{listed}: what is said", said)
            daemon.wait_rounds(4)
        late = [packet for packet in outgoing(capture.to(listed)) if packet.time > returned]
        sheet.equal(late, [], f"no packet to {listed} after the reload")
        sheet.ok([packet for packet in outgoing(capture.to(prefix(1)))
                  if packet.time > returned], f"{listed}: the others are still watched")
    last = [record for record in daemon.records("block") if record["block"] == prefix(0)][-1]
    sheet.equal((last["verdict"], last["reasons"]), ("unknown", ["blocklisted"]),
                "a block that may not be probed is unknown, and why", last)
    sheet.equal({event["to"] for event in daemon.events()} - {"unknown"}, set(),
                "nothing is said to be dark", daemon.story())
    country.lab.file("blocklist.txt", "nonsense\n")
    said = daemon.reload()
    sheet.equal(len(said), 1, "a broken block list: one line", "\n".join(said))
    with Capture(country.vantage, INTERFACE) as capture:
        daemon.wait_rounds(3)
    sheet.equal(outgoing(capture.to(prefix(0))), [], "a broken block list: the old one holds")
    daemon.end()
    check_form(sheet, daemon)


def broken(sheet, country, blockwatch):
    """An error is reported in one line, and everything stays as it was."""
    daemon = start(country, blockwatch, state_directory="state")
    good = dict(daemon.config)
    gone = country.lab.file("gone.json", "{}")
    os.remove(gone)
    cases = (
        ("no JSON", '{ "vantage": ', "blockwatch.json"),
        ("an unknown key", json.dumps({**good, "ruond": "1s"}), "ruond"),
        ("a wrong type", json.dumps({**good, "rate": "fast"}), "rate"),
        ("out of range", json.dumps({**good, "round": "1ms"}), "round"),
        ("a target that is gone", json.dumps({**good, "targets": [gone]}), gone),
        ("another vantage", json.dumps({**good, "vantage": "other"}), "vantage"),
        ("another state directory", json.dumps({**good, "state_directory": "other"}),
         "state_directory"),
        ("a record type less and a target that is gone",
         json.dumps({**good, "records": ["event"], "targets": [gone]}), gone),
        ("a sink more",
         json.dumps({**good, "sinks": good["sinks"] + [{"type": "stdout"}]}), "sinks"),
    )
    for what, text, word in cases:
        with open(daemon.path, "w", encoding="utf-8") as stream:
            stream.write(text)
        said = daemon.reload()
        sheet.equal(len(said), 1, f"{what}: one line", "\n".join(said))
        sheet.ok(said and word in "\n".join(said), f"{what}: it says {word}", "\n".join(said))
        before = len(daemon.records("block"))
        daemon.wait_rounds(2)
        sheet.ok(len(daemon.records("block")) > before, f"{what}: it goes on as before")
    sheet.equal(set(daemon.last_blocks().values()), {"up"}, "the verdicts stay")
    daemon.configure()
    sheet.ok("reloaded" in daemon.reload()[-1], "mended: reloaded", daemon.story())
    sheet.equal(daemon.events(), [], "no event", daemon.story())
    daemon.end()
    check_form(sheet, daemon)


def in_an_outage(sheet, country, blockwatch):
    """Reloads in an outage, with a target more and then less: one outage, nothing forgotten."""
    daemon = start(country, blockwatch)
    sent = daemon.vantage()["sent"]
    since = {record["block"]: record["since"] for record in daemon.records("block")}
    rules, dark = do(country.darken, 0)
    daemon.wait_event("block", "dark")
    more = country.target("more", numbers=[2])
    daemon.configure(targets=daemon.config["targets"] + [more])
    daemon.reload()
    daemon.wait_verdict(prefix(2), "up")
    daemon.wait_rounds(2)
    daemon.configure(targets=daemon.config["targets"][:1])
    daemon.reload()
    daemon.wait_rounds(2)
    _, back = do(rules[0].remove)
    up = daemon.wait_event("block", "up")
    check_outage(sheet, "block", up, dark, back, daemon)
    sheet.equal([(event["subject"], event["to"]) for event in daemon.events("block")],
                [(prefix(0), "dark"), (prefix(0), "up")], "one outage", daemon.story())
    last = {record["block"]: record for record in daemon.records("block")}
    # Times are converted between two clocks, which are not read at the same moment.
    sheet.ok(abs(seconds_of(last[prefix(1)]["since"]) - seconds_of(since[prefix(1)])) < 0.001,
             "up since as before", last[prefix(1)]["since"], since[prefix(1)], daemon.story())
    numbers = [record["sent"] for record in daemon.records("vantage")]
    sheet.ok(numbers == sorted(numbers) and numbers[-1] > sent, "counters go on", numbers)
    rounds = [record["round"] for record in daemon.records("block") if record["block"] == prefix(1)]
    sheet.ok(rounds == sorted(rounds), "rounds go on", rounds)
    daemon.end()
    check_form(sheet, daemon)


def as_nobody(sheet, country, blockwatch):
    """With its privileges given up it still reloads, saves and watches."""
    daemon = start(country, blockwatch, user="nobody", state_directory="state")
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as stream:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in stream if ":\t" in line)
    sheet.equal(set(status["Uid"].split()) - {"65534"}, set(), "it is nobody", status["Uid"])
    sheet.equal(int(status["CapEff"], 16), 1 << 13, "with CAP_NET_RAW only", status["CapEff"])
    sheet.ok("reloaded" in daemon.reload()[-1], "reloaded", daemon.story())
    rules = country.darken(0)
    daemon.wait_event("block", "dark")
    rules[0].remove()
    daemon.wait_event("block", "up")
    sheet.equal(daemon.end(), 0, "exit 0", daemon.story())
    sheet.ok(os.path.exists(os.path.join(daemon.folder, "state", "state.jsonl")), "state saved")
    check_form(sheet, daemon)


def dump(sheet, country, blockwatch):
    """SIGUSR1 writes a record of each block and target, and of the vantage."""
    daemon = start(country, blockwatch)
    before = len(daemon.records())

    def find(daemon):
        """Four records with one time: those of a round have times of their own."""
        records = daemon.records()[before:]
        together = [[record for record in records if record["time"] == one["time"]]
                    for one in records]
        return next((group for group in together if len(group) == 4), None)
    daemon.send(signal.SIGUSR1)
    records = daemon.wait("dump", find)
    sheet.equal([record["type"] for record in records], ["block", "block", "target", "vantage"],
                "a record of everything", daemon.story())
    sheet.equal({record["verdict"] for record in records[:3]}, {"up"}, "as it stands")
    sheet.equal(records[3]["healthy"], True, "healthy")
    daemon.end()
    check_form(sheet, daemon)


def main(test, blockwatch):
    run_scenarios(test, blockwatch, block_list, broken, in_an_outage, as_nobody, dump)


if __name__ == "__main__":
    tap.main(main)
