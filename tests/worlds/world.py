# SPDX-License-Identifier: Apache-2.0
"""
A world with a known truth: what a scenario file says, and beside it, made from the same numbers
but by nobody else's code, when each block is dark and when the vantage is fit.

All times are seconds from the start. An interval is (start, end), end excluded.
"""
import random
from ipaddress import ip_network

MINUTE, HOUR, DAY = 60, 3600, 86400
# The program's own score is not asked: it would be the one that is tested.
NO_LIMITS = {"missed": 10 ** 9, "false": 10 ** 9, "inside": 0}


class Chance:
    """Random numbers that are the same everywhere: made from random() alone."""

    def __init__(self, *seed):
        self.source = random.Random("/".join(map(str, seed)))

    def between(self, low, high):
        return low + (high - low) * self.source.random()

    def count(self, low, high):
        """LOW, HIGH or a whole number between."""
        return low + int((high - low + 1) * self.source.random())

    def pick(self, choices):
        return choices[self.count(0, len(choices) - 1)]

    def yes(self, probability):
        return self.source.random() < probability

    def some(self, choices, number):
        """NUMBER different ones, in their order."""
        rest, taken = list(range(len(choices))), []
        for _ in range(number):
            taken.append(rest.pop(self.count(0, len(rest) - 1)))
        return [choices[index] for index in sorted(taken)]


def merged(intervals):
    """The same time as intervals that are apart and in order."""
    result = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def common(several):
    """The time that is in all of SEVERAL lists of intervals."""
    result = merged(several[0]) if several else []
    for other in several[1:]:
        result = [(max(a, c), min(b, d)) for a, b in result for c, d in merged(other)
                  if max(a, c) < min(b, d)]
    return result


class Land:
    """A target: networks with their blocks."""

    def __init__(self, name, networks):
        self.name = name
        self.networks = {}   # prefix -> its blocks
        for prefix in networks:
            network = ip_network(prefix)
            length = 24 if network.version == 4 else 48
            blocks = network.subnets(new_prefix=length) if network.prefixlen < length else [network]
            self.networks[prefix] = [str(block) for block in blocks]
        self.blocks = [block for blocks in self.networks.values() for block in blocks]


class World:
    def __init__(self, kind, seed, duration, vantage=None):
        self.kind, self.seed, self.duration = kind, seed, duration
        self.vantage = {"round": "60s", "probes_per_hour": 40, **(vantage or {})}
        self.line = {"loss": .01}
        self.lands = []
        self.strong = True   # each block has so many hosts that its own silence means an outage
        self.dark = {}       # block -> intervals in which it is cut off
        self.rough = {}      # block -> intervals in which its way loses much, or comes and goes
        self.unfit = []      # intervals in which the vantage cannot tell
        self.steps = False   # its clock steps ...
        self.step = 0        # ... by at most so much
        self.more = {}       # other keys of `world`
        self.targets, self.faults, self.vantage_faults, self.moves = [], [], [], []

    def land(self, name, networks, hosts, **more):
        land = Land(name, networks)
        self.lands.append(land)
        self.dark.update({block: [] for block in land.blocks})
        self.rough.update({block: [] for block in land.blocks})
        self.targets.append({"name": name, "networks": [{"prefix": net} for net in land.networks],
                             "hosts": hosts, **more})
        return land

    def blocks_of(self, subject):
        """Of a target's name, a network's prefix or a block's."""
        for land in self.lands:
            if land.name == subject:
                return land.blocks
        covers = ip_network(subject)
        return [block for block in self.dark
                if ip_network(block).version == covers.version
                and ip_network(block).subnet_of(covers)]

    def fault(self, subject, start, length, **more):
        """Cuts off, unless MORE says degraded, or a part."""
        end = min(start + length, self.duration)
        self.faults.append({"subject": subject, "at": f"{start:.3f}s", "for": f"{length:.3f}s",
                            **more})
        rough = more.get("kind") == "degraded" or "part" in more
        table = self.rough if rough else self.dark
        for block in self.blocks_of(subject):
            table[block].append((start, end))

    def trouble(self, kind, start, length, **more):
        """Something is wrong with the vantage. LENGTH 0: it takes no time."""
        lasts = {"for": f"{length:.3f}s"} if length else {}
        self.vantage_faults.append({"kind": kind, "at": f"{start:.3f}s", **lasts, **more})
        if kind == "clock-step":
            self.steps, self.step = True, max(self.step, abs(more["step_s"]))
        if length and kind != "clock-step":
            self.unfit.append((start, min(start + length, self.duration)))

    def scenario(self):
        body = {"schema": "blockwatch/scenario/1", "name": f"{self.kind}-{self.seed}",
                "seed": self.seed, "duration": f"{self.duration}s",
                "world": {"rtt": "80ms", "rtt_spread": "60ms", "rtt_tail": "30ms",
                          "rtt_sigma": .9, "line": self.line, **self.more},
                "targets": self.targets, "vantage": self.vantage, "score": NO_LIMITS}
        for key in ("faults", "vantage_faults", "moves"):
            if getattr(self, key):
                body[key] = getattr(self, key)
        return body

    def truth(self):
        """(scope, target, subject) -> intervals in which all its blocks are dark."""
        result = {}
        for land in self.lands:
            for block in land.blocks:
                result["block", land.name, block] = merged(self.dark[block])
            for prefix, blocks in land.networks.items():
                result["network", land.name, prefix] = common([self.dark[b] for b in blocks])
            result["target", land.name, land.name] = common([self.dark[b] for b in land.blocks])
        return result
