#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""replay: captures that are missing, broken, cut off, of strange kinds, or of several probers."""
import json
import os
import shutil
import socket
import struct

import cli

GOLDEN = os.path.join(cli.ROOT, "tests", "golden", "replay")
RAW, ETHERNET, PRISM = 101, 1, 119  # LINKTYPE_ values, as in files
VANTAGE, OTHER, HOST = "198.18.99.1", "198.18.99.2", "198.18.0.7"


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return struct.pack(">H", ~total & 0xffff)


def echo(source, destination, kind, number):
    message = struct.pack(">BBHHH", kind, 0, 0, 7, number)
    message = message[:2] + checksum(message) + message[4:]
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    return header[:10] + checksum(header) + header[12:] + message


def capture(packets, linktype=RAW, magic=0xa1b2c3d4):
    data = struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 65535, linktype)
    for seconds, packet in packets:
        data += struct.pack("<IIII", seconds, 0, len(packet), len(packet)) + packet
    return data


def ping(source=VANTAGE, count=3, begin=1419264900):
    packets = []
    for number in range(count):
        packets.append((begin + number, echo(source, HOST, 8, number)))
        packets.append((begin + number, echo(HOST, source, 0, number)))
    return packets


def records(run):
    return [json.loads(line) for line in run.out.splitlines()]


def verdict(run):
    return [record["verdict"] for record in records(run) if record["type"] == "target"][-1]


def golden(name):
    with open(os.path.join(GOLDEN, name), "rb") as file:
        return file.read()


def a_missing_capture_is_66(place):
    place.run("replay", "none.pcap").expect(
        66, out="", err="blockwatch: replay: none.pcap: No such file or directory\n")
    place.put("folder/file", "")
    place.run("replay", "folder").expect(
        66, out="", err="blockwatch: replay: folder: Is a directory\n")


def what_is_no_capture_is_65(place):
    for name, data, why in (
            ("text", "hello, I am a text\n" * 9, "unknown file format"),
            ("empty", "", "truncated dump file; tried to read 4 file header bytes, only got 0"),
            ("half", capture([])[:13], "truncated dump file; tried to read 24 file header bytes, "
                                       "only got 9")):
        place.put(name, data)
        place.run("replay", name).expect(
            65, out="", err=f"blockwatch: replay: {name}: not a capture that can be read: {why}\n")


def another_link_type_is_65(place):
    place.put("wifi.pcap", capture(ping(), PRISM))
    run = place.run("replay", "wifi.pcap").expect(65, out="")
    cli.holds(run.err.startswith("blockwatch: replay: wifi.pcap: frames of link type "), run.err)
    cli.holds(run.err.count("\n") == 1, run.err)


def a_capture_without_probes_is_65(place):
    line = ("blockwatch: replay: no echo request, no SYN and no traceroute in the capture: "
            "nobody probes there\n")
    place.put("none.pcap", capture([]))
    place.put("replies.pcap", capture(ping()[1::2]))
    for name in ("none.pcap", "replies.pcap"):
        place.run("replay", name).expect(65, out="", err=line)


def behind(header, packets):
    return [(seconds, header + packet) for seconds, packet in packets]


MACS = b"\2\0\0\0\0\1\2\0\0\0\0\2"


def what_is_not_read_is_said(place):
    encrypted = behind(MACS + b"\x88\xe5", ping())
    place.put("macsec.pcap", capture(encrypted, ETHERNET))
    place.run("replay", "macsec.pcap").expect(
        65, out="", err="blockwatch: replay: no echo request, no SYN and no traceroute in what can "
                        "be read of the capture; not read: 6 encrypted (MACsec)\n")
    place.put("mixed.pcap", capture(behind(MACS + b"\x88\x64\x11\0\0\1\0\x20\0\x21", ping())
                                    + encrypted, ETHERNET))
    run = place.run("replay", "mixed.pcap").expect(0, err="")
    cli.holds(run.out.endswith("Not read: 6 encrypted (MACsec)\n"), run.out)
    run = place.run("replay", "--json", "mixed.pcap").expect(
        0, err="blockwatch: replay: not read: 6 encrypted (MACsec)\n")
    cli.equal(verdict(run), "up", "verdict")


def checksums_that_a_card_fills_in_are_said(place):
    packets = [(seconds, packet[:10] + b"\0\0" + packet[12:] if packet[20] == 8 else packet)
               for seconds, packet in ping()]
    place.put("offload.pcap", capture(packets))
    run = place.run("replay", "offload.pcap").expect(0, err="")
    cli.holds("capture is up" in run.out, run.out)
    cli.holds("3 probes have an IP checksum of 0" in run.out.splitlines()[-1], run.out)


def what_was_read_before_the_cut_counts(place):
    whole = capture(ping())
    for length in (len(whole) - 1, len(whole) - 30, len(whole) - 43):
        place.put("cut.pcap", whole[:length])
        run = place.run("replay", "--json", "cut.pcap").expect(0, err=None)
        cli.equal(verdict(run), "up", "verdict")
        start = "blockwatch: replay: cut.pcap: truncated dump file; "
        cli.holds(run.err.startswith(start), run.err)
        cli.holds(run.err.endswith("; what was read before counts\n"), run.err)
        cli.holds(run.err.count("\n") == 1, run.err)


def pcapng(interfaces, packets):
    """INTERFACES: link type and ticks in a second, as a power of ten; PACKETS: interface, seconds,
    packet."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    data = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    for linktype, power in interfaces:
        data += block(1, struct.pack("<HHI", linktype, 0, 65535) +
                      struct.pack("<HHBxxxHH", 9, 1, power, 0, 0))
    for interface, seconds, packet in packets:
        ticks = int(seconds * 10 ** interfaces[interface][1])
        data += block(6, struct.pack("<IIIII", interface, ticks >> 32, ticks & 0xffffffff,
                                     len(packet), len(packet)) + packet)
    return data


def several_interfaces_of_one_kind_are_read(place):
    packets = [(number % 2, seconds, packet) for number, (seconds, packet)
               in enumerate(behind(MACS + b"\x08\0", ping()))]
    place.put("two.pcapng", pcapng([(ETHERNET, 6), (ETHERNET, 9)], packets))
    run = place.run("replay", "--json", "two.pcapng").expect(0, err="")
    cli.equal(verdict(run), "up", "verdict")
    cli.equal(records(run)[-1]["time"][:19], "2014-12-22T16:15:02", "time")
    place.put("cut.pcapng", pcapng([(RAW, 6)], [(0, *packet) for packet in ping()])[:-7])
    run = place.run("replay", "--json", "cut.pcapng").expect(0, err=None)
    cli.holds("truncated" in run.err and run.err.count("\n") == 1, run.err)


def interfaces_of_several_kinds_are_refused(place):
    packets = [(0, seconds, packet) for seconds, packet in ping()]
    place.put("mixed.pcapng", pcapng([(RAW, 6), (ETHERNET, 6)], packets))
    place.run("replay", "mixed.pcapng").expect(
        65, err="blockwatch: replay: mixed.pcapng: its interfaces have different link types and "
                "cannot be read together; split it by interface: tshark -r FILE -Y "
                "'frame.interface_id == 0' -w ONE\n")


def compressed_captures_are_read(place):
    place.put("a.pcap", capture(ping()))
    plain = place.run("replay", "--json", "a.pcap").expect(0, err="").out
    for program, name in (("gzip", "a.pcap.gz"), ("xz", "a.pcap.xz"), ("zstd", "a.pcap.zst")):
        if not shutil.which(program):
            continue
        place.shell(f"{program} -c a.pcap >{name}").expect(0)
        place.run("replay", "--json", name).expect(0, out=plain, err="")
        for command in (f'"$0" replay --json - <{name}', f'cat {name} | "$0" replay --json -'):
            place.shell(command).expect(0, out=plain, err="")
    place.shell("head -c 60 a.pcap.gz >cut.gz").expect(0)
    run = place.run("replay", "cut.gz").expect(65)
    cli.holds("blockwatch: replay: cut.gz: 'gzip' " in run.err and run.err.count("\n") == 1,
              run.err)
    place.shell('PATH=/nowhere "$0" replay a.pcap.gz').expect(
        69, out="", err="blockwatch: replay: a.pcap.gz: compressed, and the program 'gzip' that "
                        "unpacks it is not installed\n")


def all_times_of_a_capture_are_possible(place):
    for begin, time in ((0, "1970-01-01T00:00:02"), (0x7fffffff, "2038-01-19T03:14:09"),
                        (0xf0000000, "2097-08-05T09:04:02")):
        place.put("a.pcap", capture(ping(begin=begin)))
        run = place.run("replay", "--json", "a.pcap").expect(0, err="")
        cli.equal(verdict(run), "up", "verdict")
        cli.equal(records(run)[-1]["time"][:19], time, "time")
        place.run("replay", "a.pcap").expect(0, err="")


def every_cut_and_every_flipped_byte_is_survived(place):
    whole = capture(ping(count=1))  # a request and an answer: all kinds of bytes there are
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xff]) + whole[at + 1:]):
            place.put("bad.pcap", data)
            run = place.run("replay", "--json", "bad.pcap")
            cli.holds(run.status in (0, 65), f"{at}: {run.status} {run.err}")
            cli.holds(run.err.count("\n") <= 2, run.err)
            records(run)


def one_bad_file_does_not_hide_the_others(place):
    place.put("good.pcap", capture(ping()))
    place.put("text", "text\n" * 20)
    run = place.run("replay", "--json", "none.pcap", "good.pcap", "text").expect(66)
    cli.equal(verdict(run), "up", "verdict")
    cli.equal([line.split(": ")[2] for line in run.err.splitlines()], ["none.pcap", "text"],
              "lines")


def an_impossible_time_is_said(place):
    data = bytearray(golden("ping.pcapng"))
    at, packets = 0, 0
    while packets < 9:  # to the tenth packet
        kind, length = struct.unpack_from("<II", data, at)
        packets += kind == 6
        at += length
    data[at + 12:at + 16] = b"\xff\xff\xff\x7f"
    place.put("time.pcapng", bytes(data))
    run = place.run("replay", "--json", "time.pcapng").expect(
        65, err="blockwatch: replay: time.pcapng: a frame has an impossible time; what was read "
                "before counts\n")
    cli.equal(verdict(run), "up", "verdict")


def standard_input_is_a_capture(place):
    place.put("good.pcap", capture(ping()))
    direct = place.run("replay", "--json", "good.pcap").expect(0, err="")
    for command in ('"$0" replay --json - < good.pcap', 'cat good.pcap | "$0" replay --json -'):
        place.shell(command).expect(0, out=direct.out, err="")


def several_captures_are_one(place):
    frames = ping(count=6)
    place.put("all.pcap", capture(frames))
    place.put("requests.pcap", capture(frames[0::2]))
    place.put("replies.pcap", capture(frames[1::2]))

    def said(*names):
        return [{**record, "boot": None} for record in records(place.run("replay", "--json", *names)
                                                               .expect(0, err=""))]
    cli.equal(said("requests.pcap", "replies.pcap"), said("all.pcap"), "records")


def nanoseconds_and_other_byte_orders(place):
    swapped = struct.pack(">IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, RAW)
    for seconds, packet in ping():
        swapped += struct.pack(">IIII", seconds, 0, len(packet), len(packet)) + packet
    texts = set()
    for data in (capture(ping()), capture(ping(), magic=0xa1b23c4d), swapped):
        place.put("a.pcap", data)
        texts.add(place.run("replay", "--json", "a.pcap").expect(0, err="").out)
    cli.equal(len(texts), 1, "different outputs")


def the_same_input_has_the_same_identity(place):
    place.put("a.pcap", capture(ping()))
    place.put("b.pcap", capture(ping(begin=1419264901)))
    first, again, other = (place.run("replay", "--json", name).out
                           for name in ("a.pcap", "a.pcap", "b.pcap"))
    cli.equal(first, again, "output")
    cli.holds(json.loads(first.splitlines()[0])["boot"] !=
              json.loads(other.splitlines()[0])["boot"], "one boot for two captures")


def who_the_vantage_is(place):
    place.put("two.pcap", capture(sorted(ping() + ping(OTHER, 2))))
    place.run("replay", "two.pcap").expect(
        65, out="", err=f"blockwatch: replay: several addresses send requests ({VANTAGE} 3, "
                        f"{OTHER} 2 ...); say which is the vantage with --vantage\n")
    for address, sent in ((VANTAGE, 3), (OTHER, 2)):
        run = place.run("replay", "--json", "--vantage", address, "two.pcap").expect(0, err="")
        cli.equal(records(run)[-1]["sent"], sent, "sent")
    place.run("replay", "--vantage", HOST, "two.pcap").expect(
        65, out="", err=f"blockwatch: replay: {HOST} sends no request in this capture\n")


def a_target_names_the_blocks(place):
    place.put("good.pcap", capture(ping()))
    run = place.run("replay", "--json", "--target", "198.18.0.0/23", "good.pcap").expect(0, err="")
    blocks = {record["block"]: record["verdict"] for record in records(run)
              if record["type"] == "block"}
    cli.equal(blocks, {"198.18.0.0/24": "up", "198.18.1.0/24": "unknown"}, "blocks")
    run = place.run("replay", "--target", "nowhere", "good.pcap").expect(66, out="")
    cli.holds("nowhere" in run.err and run.err.count("\n") == 1, run.err)


def wrong_usage_is_64(place):
    for arguments in ([], ["--vantage", "here", "a"], ["--round", "0.5s", "a"],
                      ["--timeout", "3x", "a"], ["--frobnicate", "a"]):
        run = place.run("replay", *arguments).expect(64, out="")
        cli.holds(run.err.startswith("blockwatch: replay: ") and run.err.count("\n") == 1, run.err)


def a_full_disk_is_one_line_and_69(place):
    place.put("good.pcap", capture(ping()))
    for option in ("", "--json"):
        place.shell(f'"$0" replay {option} good.pcap >/dev/full').expect(
            69, err=None, out="")


cli.main([
    a_missing_capture_is_66,
    what_is_no_capture_is_65,
    another_link_type_is_65,
    a_capture_without_probes_is_65,
    what_is_not_read_is_said,
    checksums_that_a_card_fills_in_are_said,
    what_was_read_before_the_cut_counts,
    several_interfaces_of_one_kind_are_read,
    interfaces_of_several_kinds_are_refused,
    compressed_captures_are_read,
    all_times_of_a_capture_are_possible,
    every_cut_and_every_flipped_byte_is_survived,
    one_bad_file_does_not_hide_the_others,
    an_impossible_time_is_said,
    standard_input_is_a_capture,
    several_captures_are_one,
    nanoseconds_and_other_byte_orders,
    the_same_input_has_the_same_identity,
    who_the_vantage_is,
    a_target_names_the_blocks,
    wrong_usage_is_64,
    a_full_disk_is_one_line_and_69,
])
