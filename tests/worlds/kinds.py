# SPDX-License-Identifier: Apache-2.0
"""
The kinds of random worlds. Each is a function of Chance and a number that returns a World; what
happens in it, to whom, when and for how long is drawn anew for each number.
"""
from world import DAY, HOUR, MINUTE, Chance, World

SETTLE = 3 * HOUR   # nothing happens before


def strong_hosts(chance):
    """So many, so often on, that all of them are off together once in a million."""
    hosts = [{"count": chance.count(8, 16), "availability": round(chance.between(.85, .98), 3),
              "tau": f"{chance.count(4, 12)}h"}]
    if chance.yes(.5):
        hosts.append({"count": chance.count(5, 30), "availability":
                      round(chance.between(.1, .6), 3), "tau": f"{chance.count(2, 8)}h"})
    return hosts


def networks(chance, index, number):
    """Prefixes of one to four blocks for the target of that number."""
    lengths = [chance.pick([24, 24, 24, 23, 22]) for _ in range(number)]
    return [f"198.18.{64 * index + 4 * n}.0/{length}" for n, length in enumerate(lengths)]


def start(kind, number, hours, lands=None, **vantage):
    """A world with some lands in which nothing happens."""
    chance = Chance(kind, number)
    settings = {"gateway": chance.yes(.8), "references": chance.count(1, 3),
                "probes_per_hour": chance.pick([30, 40, 60, 120]), **vantage}
    world = World(kind, number, int(hours * HOUR), settings)
    world.line = {"loss": round(chance.between(0, .03), 4)}
    for index in range(lands or chance.count(1, 3)):
        world.land("abc"[index], networks(chance, index, chance.count(2, 6)),
                   strong_hosts(chance))
    return chance, world


def subject(chance, world):
    """A block, a network or a whole target."""
    land = chance.pick(world.lands)
    return chance.pick([chance.pick(land.blocks), chance.pick(list(land.networks)), land.name])


def outages(chance, world, first, last, number, longest=3 * HOUR):
    """NUMBER outages one after the other, an hour or more apart."""
    step = (last - first) / number
    for n in range(number):
        length = chance.between(12 * MINUTE, min(longest, step - 70 * MINUTE))
        at = first + n * step + chance.between(0, step - length - HOUR)
        kind = {} if chance.yes(.7) else {"kind": chance.pick(["unreachable", "loop"])}
        world.fault(subject(chance, world), at, length, **kind)


def calm(number):
    """Nothing happens."""
    return start("calm", number, 30)[1]


def outage(number):
    """Blocks, networks and countries are cut off and come back."""
    chance, world = start("outage", number, 30)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(3, 7))
    return world


def focus(number):
    """A small country in rounds of ten seconds."""
    chance, world = start("focus", number, 14, lands=1, round="10s", probes_per_hour=400)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 5))
    return world


def flaps(number):
    """A country comes and goes for hours, then it is gone."""
    chance, world = start("flaps", number, 24, lands=2, round="15s", probes_per_hour=240)
    land = chance.pick(world.lands)
    at, end = SETTLE, SETTLE + chance.between(3 * HOUR, 8 * HOUR)
    for block in land.blocks:
        world.rough[block].append((at, end))
    while at < end:
        down = chance.between(2 * MINUTE, 8 * MINUTE)
        world.fault(land.name, at, min(down, end - at))
        at += down + chance.between(10 * MINUTE, 40 * MINUTE)
    world.fault(land.name, end + chance.between(2 * MINUTE, HOUR), chance.between(HOUR, 6 * HOUR))
    return world


def cuts(number):
    """The vantage loses its uplink or its LAN, alone or while something is dark."""
    chance, world = start("cuts", number, 24)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    for _ in range(chance.count(2, 5)):
        world.trouble(chance.pick(["uplink-cut", "uplink-cut", "lan-cut"]),
                      chance.between(SETTLE, world.duration - 2 * HOUR),
                      chance.between(MINUTE, 90 * MINUTE))
    return world


def machine(number):
    """Sending fails, nothing is taken to be sent, the machine sleeps."""
    chance, world = start("machine", number, 24)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    for _ in range(chance.count(2, 5)):
        world.trouble(chance.pick(["send-error", "send-busy", "suspended"]),
                      chance.between(SETTLE, world.duration - 2 * HOUR),
                      chance.between(MINUTE, 40 * MINUTE))
    return world


def restarts(number):
    """The program is stopped and started again, and reloads, before, in and after outages."""
    chance, world = start("restarts", number, 24)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 5), 4 * HOUR)
    for _ in range(chance.count(2, 5)):
        world.trouble("restart", chance.between(SETTLE, world.duration - 2 * HOUR),
                      chance.between(1, 20 * MINUTE))
    for _ in range(chance.count(1, 6)):
        world.trouble("reload", chance.between(HOUR, world.duration - HOUR), 0)
    return world


def drops(number):
    """The capture drops a share of what arrives, and counts it."""
    chance, world = start("drops", number, 20)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    for _ in range(chance.count(1, 3)):
        world.trouble("capture-drop", chance.between(SETTLE, world.duration - 2 * HOUR),
                      chance.between(5 * MINUTE, HOUR), share=round(chance.between(.2, 1), 2))
    return world


def clock(number):
    """The wall clock steps by up to two hours, forth and back."""
    chance, world = start("clock", number, 20)
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    world.trouble("clock-step", chance.between(SETTLE, world.duration - 2 * HOUR), HOUR,
                  step_s=chance.pick([-7200, -60, -2, 2, 60, 7200]))
    return world


def late(number):
    """A share of the answers comes late, some twice, some with a wrong bit, some replayed."""
    chance, world = start("late", number, 20)
    slowest = chance.count(3, 30)
    world.more = {"mischief": {
        "late": round(chance.between(.05, .6), 2), "late_min": "1s", "late_max": f"{slowest}s",
        "duplicate": round(chance.between(0, .1), 3), "corrupt": round(chance.between(0, .02), 3),
        "replayed": .02, "replay_min": "1m", "replay_max": "2h"}}
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    return world


def bursts(number):
    """The ways lose most of what passes for seconds, again and again."""
    chance, world = start("bursts", number, 24)
    world.line = {"loss": .01, "burst_loss": round(chance.between(.4, .9), 2),
                  "good": f"{chance.count(10, 60)}m", "bad": f"{chance.count(3, 8)}s"}
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 4), 4 * HOUR)
    return world


def throttled(number):
    """A country loses most packets for hours; later it is cut off."""
    chance, world = start("throttled", number, 24, lands=2)
    land = chance.pick(world.lands)
    at, length = chance.between(SETTLE, 6 * HOUR), chance.between(HOUR, 5 * HOUR)
    world.fault(land.name, at, length, kind="degraded", loss=round(chance.between(.3, .8), 2),
                delay=f"{chance.count(0, 400)}ms")
    if chance.yes(.7):
        world.fault(land.name, at + length, chance.between(HOUR, 6 * HOUR))
    return world


def sleep(number):
    """Most hosts are switched off in the evening; some stay on. One real outage."""
    chance, world = start("sleep", number, 7 * 24, lands=1)
    evening = chance.count(18, 23)
    resting = {"share": round(chance.between(.6, .9), 2), "from_hour": evening,
               "to_hour": (evening + 9) % 24, "jitter_hours": 2}
    world.targets[0]["hosts"] = [{"count": chance.count(20, 40), "availability":
                                  round(chance.between(.6, .95), 2), "tau": "6h", "rest": resting}]
    world.fault(subject(chance, world), chance.between(3 * DAY, 5 * DAY),
                chance.between(HOUR, 5 * HOUR))
    return world


def partial(number):
    """Half a block is silent: not dark. A border says prohibited of another network: dark."""
    chance, world = start("partial", number, 24, lands=2)
    for land in world.lands[:1]:
        for block in chance.some(land.blocks, chance.count(1, 2)):
            half = block.replace(".0/24", chance.pick([".0/25", ".128/25"]))
            world.fault(block, chance.between(SETTLE, 18 * HOUR), chance.between(HOUR, 5 * HOUR),
                        part=half)
    world.fault(chance.pick(list(world.lands[1].networks)), chance.between(SETTLE, 18 * HOUR),
                chance.between(HOUR, 4 * HOUR), kind="prohibited")
    return world


def families(number):
    """IPv4 and IPv6 of one country, cut off apart; another country vouches for IPv6."""
    chance, world = start("families", number, 24, lands=1)
    six = world.land("six", [f"2001:db8:{n + 16:x}::/48" for n in range(chance.count(2, 5))],
                     strong_hosts(chance))
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(2, 5), 3 * HOUR)
    world.fault(six.name, chance.between(SETTLE, 20 * HOUR), chance.between(HOUR, 3 * HOUR))
    world.land("far", ["2001:db8:40::/48", "2001:db8:41::/48"], strong_hosts(chance))
    return world


def mixed(number):
    """Everything at once that a bad week brings."""
    chance, world = start("mixed", number, 60, lands=3)
    world.line = {"loss": .01, "burst_loss": .6, "good": "50m", "bad": "4s"}
    outages(chance, world, SETTLE, world.duration - HOUR, chance.count(5, 10), 5 * HOUR)
    for _ in range(chance.count(2, 6)):
        world.trouble(chance.pick(["uplink-cut", "lan-cut", "send-error", "suspended",
                                   "restart"]),
                      chance.between(SETTLE, world.duration - 3 * HOUR),
                      chance.between(MINUTE, HOUR))
    return world


# The lengths of 847 national outages (IODA, 2018 to 2022), minutes at given shares.
LENGTHS = [(0, 10), (.05, 30), (.1, 40), (.25, 75), (.5, 165), (.75, 340), (.9, 709), (.95, 1320),
           (1, 4000)]


def length_drawn(chance):
    share = chance.between(0, 1)
    for (low, a), (high, b) in zip(LENGTHS, LENGTHS[1:]):
        if share <= high:
            return MINUTE * (a + (b - a) * (share - low) / (high - low))
    return MINUTE * LENGTHS[-1][1]


def history(number):
    """A country with outages as long as national outages were; a sixth of them recur next day."""
    chance, world = start("history", number, 21 * 24, lands=1)
    at = SETTLE
    while True:
        at += chance.between(6 * HOUR, 2 * DAY)
        length = length_drawn(chance)
        recurs = chance.yes(1 / 6) and length < 20 * HOUR
        if recurs:
            at = at // HOUR * HOUR + chance.pick([0, 30 * MINUTE])
        days = 2 if recurs else 1
        if at + length + (days - 1) * DAY > world.duration - 6 * HOUR:
            return world
        for day in range(days):
            world.fault("a", at + day * DAY, length)
        at += length + (days - 1) * DAY


KINDS = {kind.__name__: kind for kind in
         (calm, outage, focus, flaps, cuts, machine, restarts, drops, clock, late, bursts,
          throttled, sleep, partial, families, mixed, history)}
