# SPDX-License-Identifier: Apache-2.0
"""A reload and a restart amid an outage: nothing that records say of it changes."""
from country import prefix
from daemon import Daemon, check_form, check_outage, do, run_scenarios, seconds_of
import tap

CLOCKS = 0.01  # seconds: times are converted between two clocks, not read at the same moment


def said(daemon):
    """What the last records say of the dark block, of the other one, and of the target."""
    found = {}
    for record in daemon.records():
        if record["type"] in ("block", "target"):
            found[record.get("block", "target")] = record
    return found


def same_time(sheet, what, before, after, daemon):
    both = [text and seconds_of(text) for text in (before, after)]
    sheet.ok(both[0] == both[1] or None not in both and abs(both[0] - both[1]) < CLOCKS,
             f"{what} as before", f"{before} and {after}", daemon.story())


def amid(sheet, country, blockwatch, again):
    daemon = Daemon(country, blockwatch, state_directory="state",
                    targets=[country.target(numbers=[0, 1])]).start()
    for number in range(2):
        daemon.wait_verdict(prefix(number), "up")
    daemon.wait_rounds(2)
    rules, dark = do(country.darken, 0)
    daemon.wait_event("target", "partly-dark")
    daemon.wait_rounds(2)
    before = said(daemon)
    again(daemon)
    daemon.wait_rounds(3)
    after = said(daemon)
    for name, record in before.items():
        sheet.equal(after[name]["verdict"], record["verdict"], f"verdict of {name} as before",
                    daemon.story())
        same_time(sheet, f"since of {name}", record["since"], after[name]["since"], daemon)
    same_time(sheet, "silent_since", before[prefix(0)]["silent_since"],
              after[prefix(0)]["silent_since"], daemon)
    _, back = do(rules[0].remove)
    for scope, name, worst in (("block", prefix(0), "dark"), ("network", prefix(0), "dark"),
                               ("target", "lab", "partly-dark")):
        up = daemon.wait_event(scope, "up")
        sheet.equal([(event["subject"], event["from"], event["to"])
                     for event in daemon.events(scope)],
                    [(name, "up", worst), (name, worst, "up")], f"{scope}: one outage",
                    daemon.story())
        if worst == "dark":
            check_outage(sheet, scope, up, dark, back, daemon)
    daemon.end()
    check_form(sheet, daemon)


def reload(sheet, country, blockwatch):
    amid(sheet, country, blockwatch, lambda daemon: (daemon.reload(), daemon.reload()))


def restart(sheet, country, blockwatch):
    amid(sheet, country, blockwatch, lambda daemon: (daemon.end(), daemon.start()))


def main(test, blockwatch):
    run_scenarios(test, blockwatch, reload, restart)


if __name__ == "__main__":
    tap.main(main)
