#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""README.md: what it shows of the program's output is what the program prints."""
import os
import re

import cli

SCENARIO = os.path.join(cli.ROOT, "tests", "sim", "scenarios", "one-outage.json")
CAPTURE = os.path.join(cli.ROOT, "tests", "golden", "replay", "fping.pcap")


def readme():
    with open(os.path.join(cli.ROOT, "README.md"), encoding="utf-8") as file:
        return file.read()


def shown_after(command):
    """The rest of the code block in which `$ blockwatch COMMAND` stands, as lines."""
    found = re.search(rf"^\$ blockwatch {re.escape(command)}\n(.*?)^```$", readme(), re.M | re.S)
    cli.holds(found, f"README.md does not show `{command}`")
    return found.group(1).splitlines()


def the_simulated_outage(place):
    run = place.run("simulate", SCENARIO).expect(0)
    cli.equal(shown_after("simulate tests/sim/scenarios/one-outage.json"), run.out.splitlines(),
              "simulate")


def the_event_of_that_outage(place):
    events = [line for line in place.run("simulate", "--json", SCENARIO).expect(0).out.splitlines()
              if '"type":"event"' in line]
    shown = re.search(r'^\{"schema":"blockwatch/record/1","type":"event".*?^```$', readme(),
                      re.M | re.S).group(0).removesuffix("```")
    cli.holds(re.sub(r"\n *", "", shown) in events, f"{shown}\nis none of\n" + "\n".join(events))


def the_replayed_capture(place):
    shown = shown_after("replay tests/golden/replay/fping.pcap")
    cli.equal(shown.pop(), "...", "the last line")
    cli.equal(shown, place.run("replay", CAPTURE).out.splitlines()[:len(shown)], "replay")


cli.main([
    the_simulated_outage,
    the_event_of_that_outage,
    the_replayed_capture,
])
