#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` on spools to which something has happened: the sound records arrive, the rest is told."""
import json
import os

from setting import Setting, cli, expect_all, expect_once, wait_for
import spool as spools
from receiver import KEY, Receiver, status, store


def in_setting(test):
    def run(place):
        with Setting(place) as setting, Receiver() as there:
            setting.configure({"url": there.url()})
            test(setting, there)
    run.__name__ = test.__name__
    return run


@in_setting
def a_torn_last_line(setting, there):
    """It is no record yet: the rest is shipped, and the line when it is whole."""
    keys = setting.spool.fill(100, each=100)
    text = spools.line("event", "b1", 101)
    setting.spool.append(text[:80], 1)
    setting.ship_quietly()
    expect_once(there, keys)
    setting.spool.append(text[80:], 1)
    setting.ship_quietly()
    expect_once(there, keys + [("b1", 101)])
    cli.equal(setting.spool.refused(), [], "set aside")


@in_setting
def a_line_torn_for_good(setting, there):
    """The vantage was killed in the middle of a line and has started again behind it."""
    keys = setting.spool.fill(10, each=10)
    setting.spool.append(spools.line("block", "b1", 11)[:80], 1)
    setting.spool.append(spools.line("block", "b2", 1), 1)
    done = setting.ship().expect(0)
    expect_once(there, keys + [("b2", 1)])
    cli.equal(done.err, "blockwatch: ship: centre: 1 record set aside in spool/refused: damaged\n"
              "blockwatch: ship: delivered 11 records to centre\n",
              "the line")
    cli.equal([records for records, _reason in setting.spool.refused()],
              [spools.line("block", "b1", 11)[:80].encode()], "what is set aside")


@in_setting
def zeros_after_a_power_cut(setting, there):
    keys = setting.spool.fill(10, each=10)
    setting.spool.append(b"\0" * 5000, 1)
    setting.ship().expect(0)
    expect_once(there, keys)
    setting.spool.append(spools.line("event", "b2", 1), 2)
    setting.ship().expect(0)
    expect_once(there, keys + [("b2", 1)])


@in_setting
def flipped_bits(setting, there):
    """In the head of a line, in its middle, and in a line end: these lines alone are set aside."""
    setting.spool.fill(60, each=20)
    lost = set()
    for segment, number, where in ((1, 5, 30), (2, 7, -40), (3, 9, -1)):
        with open(setting.spool.path(segment), "rb") as file:
            lines = file.read().splitlines(True)
        line = bytearray(lines[number])
        line[where] ^= 0x80
        lines[number] = bytes(line)
        lost.add(("b1", (segment - 1) * 20 + number + 1))
        with open(setting.spool.path(segment), "wb") as file:
            file.write(b"".join(lines))
    setting.ship().expect(0)
    expect_once(there, {("b1", seq) for seq in range(1, 61)} - lost)
    cli.equal({reason for _records, reason in setting.spool.refused()}, {"damaged"}, "reasons")


@in_setting
def a_digit_is_flipped(setting, there):
    """The line is sound, but not what was written: the index tells, and its group is set aside."""
    keys = setting.spool.fill(600, each=600)
    begins = setting.spool.index(1)
    cli.holds(len(begins) >= 3, "groups")
    with open(setting.spool.path(1), "rb") as file:
        data = bytearray(file.read())
    at = data.index(b'"rtt_ms":{"min":12.5', begins[1]) + len(b'"rtt_ms":{"min":')
    data[at:at + 1] = b"9"
    group = bytes(data[begins[1]:begins[2]])
    broken = data.index(b"\n", begins[2])
    data[broken - 1] = 0
    line = bytes(data[begins[2]:broken + 1])
    with open(setting.spool.path(1), "wb") as file:
        file.write(data)
    setting.ship().expect(0)
    aside = {records for records, _reason in setting.spool.refused()}
    cli.equal(aside, {group, line}, "what is set aside")
    lost = {(boot.decode(), int(seq)) for records in aside for boot, seq in KEY.findall(records)}
    expect_once(there, set(keys) - lost)
    position = setting.spool.position("centre")
    cli.equal(position["failures"], {"damaged": 2}, "failures")
    cli.equal(position["backlog"]["records"], 0, "backlog")


@in_setting
def damage_at_the_end_is_set_aside_once(setting, there):
    """Of this place, over restarts; but what takes its place later is read."""
    keys = setting.spool.fill(10, each=10)
    damage = b"no record\n" + b"\0" * 300 + b"\n"
    setting.spool.append(damage, 1)
    done = setting.ship().expect(0)
    cli.equal(done.err.count("set aside"), 2, done.err)
    for _restart in range(2):
        setting.ship_quietly()
    setting.spool.append(b"more of it\n", 1)
    setting.ship().expect(0)
    setting.ship_quietly()
    aside = b"".join(records for records, _reason in setting.spool.refused())
    cli.equal(aside, damage + b"more of it\n", "what is set aside")
    # `run` has cut it off and goes on in its place.
    with open(setting.spool.path(1), "r+b") as file:
        file.truncate(os.path.getsize(setting.spool.path(1)) - len(aside))
    setting.spool.append("".join(spools.line("block", "b2", seq) for seq in range(1, 4)), 1)
    setting.ship_quietly()
    expect_once(there, keys + [("b2", seq) for seq in range(1, 4)])


@in_setting
def an_index_says_more_than_there_is(setting, there):
    """What it covers and is not there is no damage: the records that are there are shipped."""
    keys = setting.spool.fill(600, each=600)
    setting.spool.index(1)
    with open(setting.spool.path(1), "rb") as file:
        lines = file.read().splitlines(True)
    with open(setting.spool.path(1), "wb") as file:
        file.write(b"".join(lines[:300]))
    setting.ship_quietly()
    expect_once(there, keys[:300])


@in_setting
def strangers_in_the_folder(setting, there):
    keys = setting.spool.fill(20, each=10)
    for name in ("records-x.jsonl", "records-1.jsonl~", "core", "records-1.index"):
        setting.place.put("state/spool/" + name, "nothing of ours\n")
    os.mkdir(setting.spool.path(7))
    os.mkdir(setting.spool.folder + "/lost+found")
    os.rmdir(setting.spool.path(7))
    setting.ship_quietly()
    expect_once(there, keys)


@in_setting
def a_segment_is_missing(setting, there):
    keys = setting.spool.fill(30, each=10)
    os.unlink(setting.spool.path(2))
    setting.ship_quietly()
    expect_once(there, keys[:10] + keys[20:])
    # And the one in which the position lies.
    setting.spool.append(spools.line("event", "b1", 40), 9)
    os.unlink(setting.spool.path(3))
    setting.ship_quietly()
    expect_once(there, keys[:10] + keys[20:] + [("b1", 40)])


@in_setting
def a_segment_cannot_be_opened(setting, there):
    """It and what is behind it waits, and that is said: nothing is skipped in silence."""
    keys = setting.spool.fill(30, each=10)
    os.rename(setting.spool.path(2), setting.spool.path(2) + ".away")
    os.symlink(setting.spool.path(2) + ".away", setting.spool.path(2))
    done = setting.ship().expect(66)
    expect_once(there, keys[:10])
    cli.equal(done.err.count("centre: cannot read spool/records-2.jsonl: "), 1, done.err)
    cli.holds("not all is shipped: spool/records-2.jsonl" in done.err.splitlines()[-1], done.err)
    os.rename(setting.spool.path(2) + ".away", setting.spool.path(2))
    setting.ship_quietly()
    expect_once(there, keys)


@in_setting
def another_user_goes_on(setting, there):
    """The `user` of the configuration has changed: the files of the one before are no obstacle."""
    if os.geteuid() != 0:
        raise cli.Skip("only root can become another user")
    keys = setting.spool.fill(20, each=10)
    setting.ship_quietly()
    setting.configure({"url": there.url()}, user="daemon")
    keys.append(("b1", 21))
    setting.spool.append(spools.line("event", "b1", 21))
    setting.ship_quietly()
    expect_once(there, keys)


@in_setting
def a_segment_is_rewritten(setting, there):
    """`run` has dropped blocks of it: the place is found by boot and seq."""
    keys = setting.spool.fill(100, each=100)
    setting.ship_quietly()
    with open(setting.spool.path(1), encoding="utf-8") as file:
        kept = [line for line in file if '"type":"block"' not in line]
    more = spools.line("vantage", "b1", 101)
    new = setting.place.put("state/spool/new", "".join(kept) + more)
    os.rename(setting.place.path(new), setting.spool.path(1))
    setting.ship_quietly()
    expect_once(there, keys + [("b1", 101)])


@in_setting
def segments_vanish_under_way(setting, there):
    """While the receiver is away, `run` rewrites one segment and deletes another."""
    keys = setting.spool.fill(3000, each=1000)
    there.default = status(503)
    process = setting.start()
    wait_for(lambda: len(there.requests) >= 2, "requests")
    with open(setting.spool.path(2), encoding="utf-8") as file:
        kept = [line for line in file if '"type":"block"' not in line]
    new = setting.place.put("state/spool/new", "".join(kept))
    os.rename(setting.place.path(new), setting.spool.path(2))
    os.unlink(setting.spool.path(3))
    setting.spool.append(spools.line("event", "b2", 1), 4)
    there.default = store
    wait_for(lambda: ("b2", 1) in there.records, "the last event", 60)
    # It wakes the other lane: a stop in the middle of its request would repeat that.
    wait_for(lambda: set(keys[:1000]) <= set(there.records), "the first segment")
    wait_for(lambda: setting.spool.position("centre")["backlog"]["records"] == 0, "the answer")
    setting.stop(process)
    setting.ship().expect(0)
    cli.equal(set(keys[:1000]) - set(there.records), set(), "lost records of the first segment")
    cli.equal(max(there.records.values()), 1, "nothing twice")


@in_setting
def positions_of_another_spool(setting, there):
    keys = setting.spool.fill(20, each=10)
    setting.ship_quietly()
    spools.Spool(setting.place.path("state"), identity="07he4")
    done = setting.ship().expect(0)
    cli.holds("its position is of another spool" in done.err, done.err)
    expect_all(there, keys, most=2)
    cli.equal(set(there.records.values()), {2}, "all of it is sent")


@in_setting
def a_position_behind_the_end(setting, there):
    """The spool has lost its newest records, or they were never there: what is there is sent."""
    keys = setting.spool.fill(20, each=10)
    setting.ship_quietly()
    position = setting.spool.position("centre")
    for place in (position["sent"], position["stored"], position["main_stored"],
                  position["events"]["sent"], position["events"]["stored"]):
        place["seq"] += 1000
    setting.place.put("state/spool/positions/centre.json", json.dumps(position))
    done = setting.ship().expect(0)
    cli.equal(done.err, "blockwatch: ship: centre: its position is behind the end of the spool: "
              "all that is there is sent\nblockwatch: ship: delivered 20 records to centre\n",
              "the lines")
    cli.equal(setting.spool.position("centre")["sent"]["seq"], 20, "the position")
    expect_all(there, keys, most=2)
    setting.ship_quietly()


@in_setting
def a_damaged_position(setting, there):
    keys = setting.spool.fill(20, each=10)
    setting.place.put("state/spool/positions/centre.json", '{"schema":"blockwatch/pos')
    done = setting.ship().expect(0)
    cli.holds("positions/centre.json" in done.err, done.err)
    expect_once(there, keys)


@in_setting
def a_restart_during_an_outage(setting, there):
    """It sends again neither nothing nor everything."""
    keys = setting.spool.fill(1000)
    setting.ship_quietly()
    there.default = status(503)
    more = setting.spool.fill(1000, first=1001)
    for _restart in range(2):
        process = setting.start()
        before = len(there.requests)
        wait_for(lambda before=before: len(there.requests) > before, "a request")
        setting.stop(process)
    there.default = store
    setting.ship().expect(0)
    expect_once(there, keys + more)


@in_setting
def no_spool_and_no_sink(setting, there):
    os.rename(setting.spool.folder, setting.spool.folder + ".away")
    done = setting.ship().expect(66)
    cli.equal(done.err.count("\n"), 1, done.err)
    setting.configure({"type": "file", "path": "r.jsonl"})
    setting.place.put("c.json", '{"vantage":"v1","targets":["t.txt"],"allow_reserved":true}')
    done = setting.ship().expect(65)
    cli.holds("no sink of \"sinks\" needs `ship`" in done.err, done.err)
    cli.equal(there.requests, [], "requests")


if __name__ == "__main__":
    cli.main([a_torn_last_line, a_line_torn_for_good, zeros_after_a_power_cut, flipped_bits,
              a_digit_is_flipped, damage_at_the_end_is_set_aside_once,
              an_index_says_more_than_there_is,
              strangers_in_the_folder, a_segment_is_missing, a_segment_cannot_be_opened,
              another_user_goes_on, a_segment_is_rewritten,
              segments_vanish_under_way, positions_of_another_spool,
              a_position_behind_the_end, a_damaged_position,
              a_restart_during_an_outage, no_spool_and_no_sink])
