# SPDX-License-Identifier: Apache-2.0
"""
Judges the records of a run by the truth of its world.

A finding is (rule, message). The rules:

  false-dark    a block, network or target is said to be dark while none of its darkness is true
                between the earliest start that the event allows and its decision
  missed        an outage of ten minutes or more, seen by a fit vantage, that is never said
  late          it is said, but more than half an hour late
  late-return   its end is said more than an hour late
  bounds        the true start or end is not within the bounds of the event
  up-in-dark    a block is still said to be up half an hour after a fit vantage could know better
  dark-in-up    a block is still said to be dark an hour after it came back
  unknown       a block that answers is unknown to a vantage that has been fit for a quarter hour
  blind         the vantage has been fit for a quarter of an hour and says it is not
  silent-way    the vantage has been cut off for a quarter of an hour, and says up of a block
"""
from datetime import datetime

MINUTE, HOUR = 60, 3600
LONG_ENOUGH = 10 * MINUTE
LATE, LATE_RETURN = 30 * MINUTE, HOUR
KNOWS = 15 * MINUTE
SETTLE = 2 * HOUR     # a block is getting to know its hosts
EDGE = 1.5            # a probe is under way for so long when a fault begins or ends
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00").timestamp()


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() - START


def overlaps(intervals, start, end):
    return any(a <= end and start < b for a, b in intervals)


def last_end(intervals, at):
    """When the last of them that began before AT ends; 0: none."""
    return max((end for start, end in intervals if start <= at), default=0)


def number(event):
    return event["boot"], event["seq"]


class Said:
    """What events say of one subject: the times for which it is dark."""

    def __init__(self):
        self.spans = []   # [decided, ended or None, event, event of the end or None]
        self.verdicts = [(0, "unknown")]

    def take(self, event, at):
        if event["status"] == "withdrawn":
            undone = event["boot"], event["withdraws"]
            self.spans = [span for span in self.spans if number(span[2]) != undone]
            for span in self.spans:
                if span[3] and number(span[3]) == undone:
                    span[1] = span[3] = None
        elif event["to"] == "dark":
            self.spans.append([at, None, event, None])
        elif event["from"] == "dark" and self.spans:
            self.spans[-1][1], self.spans[-1][3] = at, event
        self.verdicts.append((at, event["to"]))

    def was(self, verdict, start, end):
        """Whether VERDICT was said at some moment between."""
        following = [at for at, _ in self.verdicts[1:]] + [float("inf")]
        return any(told == verdict and at < end and until > start
                   for (at, told), until in zip(self.verdicts, following))


class Judge:
    def __init__(self, world):
        self.world = world
        self.truth = world.truth()
        self.said = {key: Said() for key in self.truth}
        self.owner = {key[2]: key for key in self.truth if key[0] == "block"}
        self.findings = []
        self.told = set()
        self.delays = []     # of detected outages of blocks
        self.block_days = sum(world.duration for key in self.truth if key[0] == "block") / 86400
        self.offset = 0      # the clock has stepped by so much

    def find(self, rule, message, key=None):
        """Once for each rule and subject: one fault is not counted each round."""
        if key is None or (rule, key) not in self.told:
            self.told.add((rule, key))
            self.findings.append((rule, message))

    def fit_since(self, at):
        """When the vantage became fit for the time at AT; None: it is not."""
        if overlaps(self.world.unfit, at, at):
            return None
        return last_end(self.world.unfit, at)

    def take(self, record):
        at = moment(record["time"])
        if record["type"] == "event":
            key = (record["scope"], record["target"], record["subject"])
            self.said[key].take(record, at)
        elif record["type"] == "block" and at > SETTLE and not self.world.steps:
            self.take_block(record, at)
        elif record["type"] == "vantage" and not record["healthy"] and not self.world.steps:
            fit = self.fit_since(at)
            if fit is not None and at - fit > KNOWS and self.anything_answers(at):
                self.find("blind", f"{at:.0f} s: {record['reasons']}, fit since {fit:.0f} s",
                          last_end(self.world.unfit, at))

    def anything_answers(self, at):
        if self.world.vantage["references"]:
            return True
        return any(not overlaps(self.truth[key], at - KNOWS, at) for key in self.owner.values())

    def take_block(self, record, at):
        name = record["block"]
        dark = self.truth[self.owner[name]]
        fit = self.fit_since(at)
        if fit is None:
            if record["verdict"] == "up" and record["sent"] and not record["replies"] and \
                    overlaps(self.world.unfit, at - KNOWS, at - KNOWS) and \
                    last_end(self.world.unfit, at - KNOWS) > at:
                self.find("silent-way", f"{at:.0f} s: {name} is up", name)
            return
        current = [start for start, end in dark if start <= at < end]
        if current and record["verdict"] == "up" and at - max(current[0], fit) > LATE:
            self.find("up-in-dark", f"{at:.0f} s: {name} is up, dark since {current[0]:.0f} s",
                      (name, current[0]))
        if not current and record["verdict"] == "dark" and last_end(dark, at) and \
                at - max(last_end(dark, at), fit) > LATE_RETURN:
            self.find("dark-in-up", f"{at:.0f} s: {name} is dark, back since "
                      f"{last_end(dark, at):.0f} s", (name, last_end(dark, at)))
        if record["verdict"] == "unknown" and record["replies"] > 0 and at - fit > KNOWS:
            self.find("unknown", f"{at:.0f} s: {name} answers and is unknown {record['reasons']}",
                      name)

    def finish(self):
        for key, said in self.said.items():
            self.judge_said(key, said)
            if key[0] != "network" and self.world.strong:
                self.judge_outages(key, said)
        return self.findings

    def judge_said(self, key, said):
        for decided, over, event, end in said.spans:
            earliest = event["change"]["earliest"]
            begin = moment(earliest) if earliest else decided
            if not overlaps(self.truth[key], min(begin, decided) - self.slack(),
                            decided + self.slack() - EDGE):
                self.find("false-dark", f"{decided:.0f} s: {key[0]} {key[2]}, until "
                          f"{over and round(over)}, {event['confidence']}")
                continue
            self.judge_bounds(key, "start", event, [start for start, _ in self.truth[key]])
            if end:
                self.judge_bounds(key, "end", end, [stop for _, stop in self.truth[key]])

    def slack(self):
        """Wall times differ from those of the world after a step of the clock."""
        return self.world.step + EDGE

    def judge_bounds(self, key, what, event, moments):
        low, high = event["change"]["earliest"], event["change"]["latest"]
        if not low or not high or self.world.steps:
            return
        low, high = moment(low) - EDGE, moment(high) + EDGE
        if not any(low <= at <= high for at in moments):
            near = min(moments, key=lambda at: abs(at - high))
            self.find("bounds", f"{key[0]} {key[2]}: {what} at {near:.0f} s, said to be "
                      f"{low:.0f} to {high:.0f} s")

    def judge_outages(self, key, said):
        for start, end in self.truth[key]:
            if start < SETTLE:
                continue
            since = self.could_see(start, end)
            if since is None:
                continue
            seen = [span for span in said.spans
                    if span[0] >= start - self.slack() and span[0] <= end + LATE + self.slack()]
            if not seen:
                if self.flaps(key, start, end, said):
                    continue
                self.find("missed", f"{key[0]} {key[2]}: {start:.0f} to {end:.0f} s")
                continue
            delay = seen[0][0] - since
            if key[0] == "block" and not self.world.steps:
                self.delays.append(max(delay, 0))
            if delay > LATE + self.slack():
                self.find("late", f"{key[0]} {key[2]}: {start:.0f} s, said after {delay:.0f} s")
            self.judge_return(key, end, seen)

    def judge_return(self, key, end, seen):
        over = seen[-1][1]
        fit = end
        for begin, stop in self.world.unfit:
            if begin < fit + LATE_RETURN and stop > fit:
                fit = stop
        if fit + LATE_RETURN + self.slack() < self.world.duration and \
                not overlaps(self.truth[key], end + 1, fit + LATE_RETURN + self.slack()) and \
                (over is None or over > fit + LATE_RETURN + self.slack()):
            self.find("late-return", f"{key[0]} {key[2]}: back at {end:.0f} s, said at "
                      f"{over and round(over)}")

    def flaps(self, key, start, end, said):
        """An outage among flaps need not be told apart, unless it is long."""
        return said.was("flapping", start, end) and end - start < HOUR

    def could_see(self, start, end):
        """From when on a fit vantage could see the outage long enough; None: never."""
        free = start
        for begin, stop in sorted(self.world.unfit):
            if begin < free + LONG_ENOUGH and stop > free:
                free = stop
        return free if end - free >= LONG_ENOUGH else None

