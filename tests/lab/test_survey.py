# SPDX-License-Identifier: Apache-2.0
"""survey: each address is probed once, and exactly those that answer are printed."""
import datetime
import ipaddress
import json
import os
import signal
import subprocess
import time

from capture import Capture
from lab import PATIENCE, Lab, finish
import tap

VANTAGE, GATEWAY = "10.99.0.2", "10.99.0.1"
WIDE = "10.64.0.0/16"
HOSTILE = "198.18.7.0/24"
SIX = "2001:db8:5::/64"
SLACK = 0.25  # seconds by which a busy machine may send a packet late
COOLDOWN = 60  # seconds, the longest there is; a run needs one or two
HERE = os.path.dirname(os.path.abspath(__file__))


class Field:
    """A prober and a kernel that answers for whole prefixes, on one cable."""

    def __init__(self, lab):
        self.lab = lab
        self.prober, self.peer = lab.node("prober"), lab.node("peer")
        lab.link(self.prober, "up0", self.peer, "down0",
                 (f"{VANTAGE}/24", "2001:db8:99::2/64"), (f"{GATEWAY}/24", "2001:db8:99::1/64"))
        self.prober.ip(f"route add default via {GATEWAY}", "route add default via 2001:db8:99::1")
        self.peer.answer_for(WIDE, SIX)
        self.peer.ip(f"route add blackhole {HOSTILE}", "route add blackhole 198.18.9.0/24")

    def survey(self, blockwatch, *words, **options):
        return self.prober.run(blockwatch, "survey", "--allow-reserved", *words, **options)

    def start(self, blockwatch, *words, **options):
        return self.prober.start(blockwatch, "survey", "--allow-reserved", *words, **options)

    def sent(self):
        """The number of packets that its interface has sent."""
        with self.prober.inside(), open("/proc/thread-self/net/dev", encoding="ascii") as stream:
            line = next(line for line in stream if line.strip().startswith("up0:"))
        return int(line.split(":")[1].split()[9])

    def wait_sent(self, count):
        """Waits until COUNT packets have been sent in all."""
        wait(f"{count} packets sent", lambda: self.sent() >= count)


def wait(what, found):
    """Waits until FOUND() is true; WHAT names that in the exception."""
    deadline = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} in {PATIENCE} s")
        time.sleep(0.01)


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def addresses(text):
    return [line.split()[0] for line in text.splitlines()]


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def everybody(prefix):
    return {str(address) for address in ipaddress.ip_network(prefix)}


def asked(capture, prefix):
    return [str(packet.dst) for packet in capture.to(prefix) if packet.outgoing]


def test_everybody(test, field, blockwatch):
    """At full speed, with the link layer and without it, by one sender and by two. It ends when all
    have answered: a survey that waits for its cooldown takes longer than COOLDOWN seconds."""
    for words in ([], ["--layer3"], ["--senders", "1"], ["--senders", "3"]):
        done = field.survey(blockwatch, "--rate", "max", "-c", f"{COOLDOWN}s", WIDE, *words)
        what = " ".join(["everybody", *words])
        test.equal(done.code, 0, f"{what}: exit 0", done.stderr)
        found = addresses(done.stdout)
        test.ok(len(found) == 65536 and set(found) == everybody(WIDE),
                f"{what}: each of 65536 once", f"{len(found)} lines, {len(set(found))} different",
                done.stderr)
        test.ok(done.seconds < COOLDOWN, f"{what}: ends when all have answered", done.seconds)


def test_once(test, field, blockwatch):
    with Capture(field.prober, "up0") as capture:
        done = field.survey(blockwatch, "--rate", 5000, "-c", "2s", "10.64.8.0/22",
                            "198.18.9.0/24", "10.64.9.7")
    test.ok("given more than once" in done.stderr, "an address within a prefix is said",
            done.stderr)
    for prefix in ("10.64.8.0/22", "198.18.9.0/24"):
        packets = asked(capture, prefix)
        test.ok(sorted(packets) == sorted(everybody(prefix)), f"{prefix}: each asked once",
                f"{len(packets)} packets")
    test.equal(set(addresses(done.stdout)), everybody("10.64.8.0/22"), "those who are there answer")


def test_tcp(test, field, blockwatch):
    field.peer.listen(80)
    done = field.survey(blockwatch, "-m", "tcp:80,tcp:81", "--rate", "max", "-c", "2s",
                        "--json", "10.64.1.0/24")
    lines = records(done.stdout)
    kinds = {(line["host"], line["method"]): line["reply"]["kind"] for line in lines[:-1]}
    test.equal(len(kinds), 512, "two answers of each", done.stderr)
    test.ok(all(kind == {"tcp:80": "syn-ack", "tcp:81": "rst"}[method]
                for (_, method), kind in kinds.items()), "open and closed")
    test.ok(all(0 <= line["rtt_ms"] < 2000 for line in lines[:-1]), "round trips are measured")
    end = lines[-1]
    test.equal((end["type"], end["answered"], end["replies"], end["sent"], end["hit_rate"]),
               ("survey", 256, 512, 512, 1), "the survey record sums up")
    test.equal([line["seq"] for line in lines], list(range(1, len(lines) + 1)), "seq has no gaps")


def test_ipv6(test, field, blockwatch):
    listed = field.lab.file("six.txt", "".join(
        f"2001:db8:5::{number:x} # host\n" for number in range(500)) + "2001:db8:77::1\n")
    done = field.survey(blockwatch, "-c", "1s", listed)
    test.equal(len(set(addresses(done.stdout))), 500, "a list of IPv6 addresses", done.stderr)


def test_hostile(test, field, blockwatch):
    responder = field.peer.start("python3", os.path.join(HERE, "hostile.py"), "down0", HOSTILE,
                                 env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    responder.stdout.readline()
    done = field.survey(blockwatch, "--rate", 500, "-c", "8s", "--json", HOSTILE)
    lines = records(done.stdout)
    found = [line["host"] for line in lines[:-1]]
    right = {address for address in everybody(HOSTILE)
             if int(address.rsplit(".", 1)[1]) % 8 in (1, 4, 6, 7)}
    test.equal(len(found), len(set(found)), "a hostile responder: nobody twice")
    test.equal(set(found) - right, set(), "no wrong answer is counted")
    test.equal(right - set(found), set(), "none of the right ones is missed")
    late = [line["rtt_ms"] for line in lines[:-1] if int(line["host"].rsplit(".", 1)[1]) % 8 == 6]
    test.ok(late and all(3000 <= rtt < 8000 for rtt in late), "late ones have their true time",
            late)
    end = lines[-1]
    test.equal((end["duplicates"], end["answered"]), (64, 128), "copies are counted as such")
    # By kind: one for 2, 3 and 5, three for 4, six for 7; 32 addresses of each.
    test.equal(end["rejected"], 32 * (1 + 1 + 1 + 3 + 6), "and forgeries too")
    responder.terminate()


def test_shards(test, field, blockwatch):
    parts = [set(addresses(field.survey(blockwatch, "--seed", 7, "--shard", f"{number}/3",
                                        "--rate", "max", "-c", "1s", "10.64.4.0/22").stdout))
             for number in (1, 2, 3)]
    test.equal(sum(map(len, parts)), 1024, "shards are disjoint")
    test.equal(set.union(*parts), everybody("10.64.4.0/22"), "and complete")


def test_resume(test, field, blockwatch):
    state = os.path.join(field.lab.folder, "state")
    words = ["--rate", 5000, "-c", "1s", "--resume", state, WIDE]
    begin = field.sent()
    first = field.start(blockwatch, *words)
    field.wait_sent(begin + 1000)
    first.send_signal(signal.SIGINT)
    one = finish(first)
    test.equal(one.code, 0, "interrupted: exit 0", one.stderr)
    test.ok(os.path.exists(state), "and its place is kept")
    before = len(addresses(one.stdout))
    test.ok(0 < before < 65536, "after a part", before)
    other = field.survey(blockwatch, "--resume", state, "10.64.0.0/17")
    test.equal(other.code, 65, "the file of another run is refused", other.stderr)
    two = field.survey(blockwatch, *words[2:], "--rate", "max")
    both = addresses(one.stdout) + addresses(two.stdout)
    test.ok(len(both) == 65536 and set(both) == everybody(WIDE), "both parts: each once",
            f"{before} and {len(addresses(two.stdout))}", one.stderr, two.stderr)
    test.ok(not os.path.exists(state), "at the end nothing is left to resume")


def test_passes(test, field, blockwatch):
    target = os.path.join(field.lab.folder, "found.json")
    began = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    with field.peer.silence_first("10.64.3.128/25"):
        done = field.survey(blockwatch, "--rate", 5000, "--passes", 2, "--pause", "1s", "-c", "1s",
                            "--write", target, "10.64.3.0/24")
    test.equal(len(addresses(done.stdout)), 256, "each is printed once", done.stderr)
    with open(target, encoding="utf-8") as stream:
        hosts = json.load(stream)["networks"][0]["hosts"]
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    test.ok({host["seen"] for host in hosts} <= {day, began}, "each host has the day")
    shares = {host["address"]: host["availability"] for host in hosts}
    test.ok(all(share == (1 if int(address.rsplit(".", 1)[1]) < 128 else 0.5)
                for address, share in shares.items()) and len(shares) == 256,
            "availability is the share of passes", shares)
    check = field.prober.run(blockwatch, "targets", "validate", target)
    test.equal(check.code, 0, "it is a target file", check.stderr)


BY_HAND = {
    "schema": "blockwatch/target/1", "name": "hand", "title": "Kept", "country": "XX",
    "timezone": "Pacific/Funafuti", "source": "letters", "updated": "2020-01-01",
    "methods": ["icmp"], "references": ["10.64.9.9"],
    "networks": [
        {"prefix": "10.64.5.0/24", "name": "Star", "asn": 64496, "upstreams": [64497],
         "source": "a registry", "hosts": [
             {"address": "10.64.5.7", "methods": ["tcp:22"], "name": "router"},
             {"address": "10.64.5.9", "availability": 0.3, "name": "ns1", "source": "asked",
              "seen": "2020-01-01"}]},
        {"prefix": "203.0.113.0/24", "name": "Silent", "hosts": [
            {"address": "203.0.113.5", "availability": 0.9, "seen": "2020-01-01"}]}]}


def test_write_keeps(test, field, blockwatch):
    """A survey writes into a file that people wrote: nothing of theirs is lost."""
    target = field.lab.file("hand.json", json.dumps(BY_HAND))
    for number in range(2):
        with field.peer.silence_first("10.64.5.128/25"):
            done = field.survey(blockwatch, "--rate", 5000, "--passes", 2, "--pause", "1s", "-c",
                                "1s", "--write", target, "10.64.5.0/24")
        test.equal(done.code, 0, f"survey {number + 1} into a file made by hand", done.stderr)
        made = json.loads(read(target))
        star, silent = made["networks"]
        hosts = {host["address"]: host for host in star["hosts"]}
        day = hosts["10.64.5.9"]["seen"]
        test.equal({key: made.get(key) for key in BY_HAND if key not in ("networks", "updated")},
                   {key: value for key, value in BY_HAND.items()
                    if key not in ("networks", "updated")}, "what the head says stays")
        test.equal({key: star[key] for key in ("name", "asn", "upstreams", "source")},
                   {"name": "Star", "asn": 64496, "upstreams": [64497], "source": "a registry"},
                   "what a network says stays")
        test.equal(silent, BY_HAND["networks"][1], "a network that was not asked stays")
        test.equal((len(hosts), hosts["10.64.5.9"]), (256, {
            "address": "10.64.5.9", "availability": 1.0, "name": "ns1", "source": "asked",
            "seen": day}), "a host keeps its name and source, and has what was measured")
        test.equal((hosts["10.64.5.7"]["methods"], hosts["10.64.5.7"]["name"]),
                   (["tcp:22"], "router"), "a host of other methods keeps them")
        test.equal(hosts["10.64.5.200"], {"address": "10.64.5.200", "availability": 0.5,
                                          "seen": day}, "the share of passes of a new host")


def test_blocklist(test, field, blockwatch):
    listed = field.lab.file("blocked.txt", "10.64.0.0/24\n")
    said = os.path.join(field.lab.folder, "said")
    with Capture(field.prober, "up0") as capture, open(said, "w", encoding="utf-8") as messages:
        process = field.start(blockwatch, "--rate", 5000, "-c", "200ms", "-b", listed, WIDE,
                              stdout=subprocess.DEVNULL, stderr=messages)
        capture.wait_for(1000, WIDE)
        field.lab.file("blocked.txt", "10.64.0.0/24\n10.64.128.0/17\n")
        process.send_signal(signal.SIGHUP)
        wait("message about the new list", lambda: "was read again" in read(said))
        field.wait_sent(field.sent() + 500)  # more than a sender had in hand at that moment
        begin = time.time()
        finish(process)
    text = read(said)
    test.ok("was read again: 2 entries" in text, "it says that it has read the list", text)
    test.equal(asked(capture, "10.64.0.0/24"), [], "nobody on the block list is asked")
    test.ok(asked(capture, "10.64.128.0/17"), "others are")
    test.equal([str(packet.dst) for packet in capture.to("10.64.128.0/17")
                if packet.outgoing and packet.time > begin], [],
               "a list that grows is obeyed after SIGHUP", text)


def test_slow_reader(test, field, blockwatch):
    """Nobody reads standard output for two seconds: the survey waits, and nothing is lost.

    But for what the kernel drops on a busy machine, which the survey counts.
    """
    process = field.start(blockwatch, "--rate", "max", "--json", WIDE)
    time.sleep(2)
    lines = records(process.stdout.read())
    process.wait(PATIENCE)
    end = lines[-1]
    dropped = end["capture_dropped"]
    test.ok(end["answered"] + dropped >= 65536 and len(lines) == end["answered"] + 1,
            "a reader that sleeps for two seconds", end)
    process = field.start(blockwatch, "--rate", "max", WIDE)
    process.stdout.readline()
    process.stdout.close()
    test.equal(process.wait(PATIENCE), 69, "a reader that goes away")


def test_pacing(test, field, blockwatch):
    """The rate is never exceeded; the benchmark measures how close it comes."""
    for rate, seconds in ((1000, 2), (5000, 2)):
        with Capture(field.prober, "up0") as capture:
            field.survey(blockwatch, "--rate", rate, "--max-runtime", f"{seconds + 1}s",
                         "--senders", 1, "10.64.0.0/12", "-c", "0s")
        times = [packet.time for packet in capture.packets
                 if packet.outgoing and not packet.is_chatter()]
        count = sum(time < times[0] + seconds for time in times)
        test.ok(0 < count < rate * (seconds + SLACK), f"--rate {rate} is not exceeded", count)


def test_trouble(test, field, blockwatch):
    for option in ("--resume", "--write", "--summary"):
        done = field.survey(blockwatch, option, "/nonexistent/file", "10.64.0.0/24")
        test.equal((done.code, done.stdout), (69, ""), f"{option} to no place: asks nobody",
                   done.stderr)
    slip = '{ "schema": "blockwatch/target/1", "networks": [ { "prefix": "10.64.0.0/24" } ], }'
    mine = field.lab.file("mine.json", slip)
    done = field.survey(blockwatch, "--write", mine, "10.64.0.0/24")
    test.equal((done.code, done.stdout, read(mine)), (65, "", slip),
               "--write over a file that is no target file: asks nobody, and the file stays",
               done.stderr)
    begin = field.sent()
    process = field.start(blockwatch, "--rate", 5000, "--summary",
                          os.path.join(field.lab.folder, "summary"), "10.64.0.0/14",
                          stdout=subprocess.DEVNULL)
    field.wait_sent(begin + 100)
    field.prober.ip("link set up0 down")
    done = finish(process)
    test.equal(done.code, 69, "an interface that goes down: exit 69", done.stderr)
    test.ok("up0" in done.stderr, "and its name", done.stderr)
    with open(os.path.join(field.lab.folder, "summary"), encoding="utf-8") as stream:
        test.equal(json.load(stream)["complete"], False, "the summary says that it is not complete")


def main(test, blockwatch):
    with Lab() as lab:
        field = Field(lab)
        for part in (test_everybody, test_once, test_tcp, test_ipv6, test_hostile, test_shards,
                     test_resume, test_passes, test_write_keeps, test_blocklist,
                     test_slow_reader, test_pacing, test_trouble):
            part(test, field, blockwatch)


if __name__ == "__main__":
    tap.main(main)
