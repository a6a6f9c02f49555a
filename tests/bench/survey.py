#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is survey, and does it lose a reply? Against the machine's own limit (bare) and
against zmap, masscan and fping where they are installed.

    survey.py BLOCKWATCH BARE [--rounds N] [--only NAME,...] [--write RESULTS.md]

Two network namespaces on one cable, no route outward: a prober, and a kernel that
answers for 10.64.0.0/12. Everybody is run in turn, again and again, and the medians are
compared: what the machine does meanwhile hits all alike. The rate is read from the
interface's counter of sent packets (from 1 % to 99 % of them), the same way for all;
CPU time is that of the process; replies are lines of output, each address once.
Root is needed; without it exit 77.
"""
import argparse
import json
import os
import platform
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
from lab import SKIPPED, Lab, LabUnavailable  # noqa: E402

PROBER, GATEWAY = "10.99.0.2", "10.99.0.1"
PROBER_MAC, GATEWAY_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
WIDE, SMALL, DROP = "10.64.0.0/12", "10.64.0.0/16", "10.80.0.0/12"
SIZE = {WIDE: 1 << 20, SMALL: 1 << 16, DROP: 1 << 20}
INTERFACE = "up0"
LIMIT_S = 40
HEADING = "## survey"


class Field:
    """The two namespaces."""

    def __init__(self, lab):
        self.lab = lab
        self.prober, self.peer = lab.node("prober"), lab.node("peer")
        lab.link(self.prober, INTERFACE, self.peer, "down0", (f"{PROBER}/24",), (f"{GATEWAY}/24",))
        self.prober.ip(f"link set {INTERFACE} address {PROBER_MAC}",
                       f"neighbour replace {GATEWAY} lladdr {GATEWAY_MAC} dev {INTERFACE} "
                       "nud permanent", f"route add default via {GATEWAY}")
        self.peer.ip(f"link set down0 address {GATEWAY_MAC}",
                     f"neighbour replace {PROBER} lladdr {PROBER_MAC} dev down0 nud permanent",
                     f"route add blackhole {DROP}")
        self.peer.answer_for(WIDE)
        self.peer.setting("net/ipv4/icmp_msgs_per_sec", 100000000)
        self.peer.setting("net/ipv4/tcp_max_syn_backlog", 65536)
        self.peer.setting("net/core/somaxconn", 65536)
        self.peer.listen(80)

    def sent(self):
        """Packets that have left the prober's interface."""
        with open("/proc/thread-self/net/dev", encoding="ascii") as stream:
            for line in stream:
                if line.strip().startswith(INTERFACE + ":"):
                    return int(line.split(":")[1].split()[9])
        raise RuntimeError(f"{INTERFACE} is gone")


class Meter(threading.Thread):
    """Reads the counter of sent packets every few milliseconds."""

    def __init__(self, field):
        super().__init__(daemon=True)
        self.field = field
        self.samples = []
        self.done = threading.Event()

    def run(self):
        with self.field.prober.inside():
            while not self.done.is_set():
                self.samples.append((time.monotonic(), self.field.sent()))
                self.done.wait(0.005)
            self.samples.append((time.monotonic(), self.field.sent()))

    def rate(self, probes):
        """Probes a second between the first and the last hundredth of the packets. (With TCP
        the prober's kernel sends as many again: a RST for each SYN-ACK.)"""
        self.done.set()
        self.join()
        first, last = self.samples[0][1], self.samples[-1][1]
        low = next(s for s in self.samples if s[1] >= first + (last - first) * 0.01)
        high = next(s for s in self.samples if s[1] >= first + (last - first) * 0.99)
        return 0.98 * probes / (high[0] - low[0]) if high[0] > low[0] else 0


def start(field, command, out=subprocess.DEVNULL):
    return subprocess.Popen(["ip", "netns", "exec", field.prober.netns, *map(str, command)],
                            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)


def run(field, command, probes=0, limit=LIMIT_S):
    """(rate, CPU seconds, standard output) of a command that sends so many probes."""
    path = os.path.join(field.lab.folder, "output")
    with open(path, "w", encoding="utf-8") as out:
        meter = Meter(field)
        meter.start()
        process = start(field, command, out)
    watchdog = threading.Timer(limit, process.send_signal, (signal.SIGKILL,))
    watchdog.start()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    watchdog.cancel()
    with open(path, encoding="utf-8", errors="replace") as out:
        return meter.rate(probes), usage.ru_utime + usage.ru_stime, out.read()


def addresses(text, pattern=r"^(10\.\d+\.\d+\.\d+)"):
    return len(set(re.findall(pattern, text, re.M)))


class Tool:
    """One competitor: its command for a prefix, and how its output is counted."""

    def __init__(self, name, command, prefix=WIDE, count=addresses, limit=LIMIT_S):
        self.name, self.command, self.prefix = name, command, prefix
        self.count, self.limit = count, limit

    def measure(self, field):
        size = SIZE[self.prefix]
        rate, cpu, out = run(field, self.command, size, self.limit)
        return {"rate": rate / 1e3, "lost": 100 * (1 - self.count(out) / size),
                "cpu": cpu / size * 1e6}


def bare_answers(text):
    return json.loads(text)["answered"] if text else 0


def bare(paths, mode, name, prefix=WIDE):
    return Tool(name, [paths.bare, mode, INTERFACE, PROBER, prefix, GATEWAY_MAC], prefix,
                bare_answers)


def survey(paths, name, *words, prefix=WIDE):
    return Tool(name, [paths.blockwatch, "survey", "--allow-reserved", "--rate", "max", *words,
                       prefix], prefix)


def zmap(name, *words, senders=1):
    return Tool(name, ["zmap", "-q", "-i", INTERFACE, "-S", PROBER, "-G", GATEWAY_MAC, "-r",
                       10000000, "-b", "/dev/null", "-c", 2, "-T", senders, "-o", "-", *words,
                       WIDE])


def masscan(*words):
    """masscan goes on for minutes when it has lost a reply, so it is ended."""
    return Tool("masscan (ended after 15 s)",
                ["masscan", WIDE, "--rate", 10000000, "-e", INTERFACE, "--adapter-ip", PROBER,
                 "--adapter-mac", PROBER_MAC, "--router-mac", GATEWAY_MAC, "--wait", 2, "-oL", "-",
                 *words],
                count=lambda text: addresses(text, r"^\S+ \S+ \S+ (10\.\d+\.\d+\.\d+)"),
                limit=15)


def installed(*names):
    return [name for name in names if shutil.which(name)]


def icmp_tools(paths):
    tools = [bare(paths, "raw", "bare: raw socket, one thread"),
             bare(paths, "packet", "bare: AF_PACKET, two threads"),
             survey(paths, "**blockwatch**"),
             survey(paths, "blockwatch -T 1", "-T", "1")]
    if installed("zmap"):
        tools += [zmap("zmap", "-M", "icmp_echoscan"),
                  zmap("zmap, two senders", "-M", "icmp_echoscan", senders=2)]
    if installed("masscan"):
        tools.append(masscan("--ping"))
    if installed("fping"):
        tools.append(Tool("fping (a /16)", ["fping", "-4", "-a", "-q", "-r", 0, "-i", 0,
                                            "-t", 1000, "-g", SMALL], SMALL))
    return tools


def tcp_tools(paths):
    tools = [bare(paths, "raw-syn", "bare: raw socket, one thread"),
             bare(paths, "packet-syn", "bare: AF_PACKET, two threads"),
             survey(paths, "**blockwatch**", "-m", "tcp:80"),
             survey(paths, "blockwatch -T 1", "-m", "tcp:80", "-T", "1")]
    if installed("zmap"):
        tools.append(zmap("zmap", "-M", "tcp_synscan", "-p", 80))
    return tools


def drop_tools(paths):
    return [bare(paths, "drop-raw", "bare: raw socket", DROP),
            survey(paths, "blockwatch --layer3 -T 1", "--layer3", "-T", "1", "-c", "0s",
                   prefix=DROP),
            bare(paths, "drop-packet", "bare: AF_PACKET", DROP),
            survey(paths, "blockwatch -T 1", "-T", "1", "-c", "0s", prefix=DROP),
            survey(paths, "blockwatch", "-c", "0s", prefix=DROP)]


def interleave(field, tools, rounds):
    """The medians of each tool's numbers over the rounds; in each round all tools run in turn."""
    runs = {tool.name: [] for tool in tools}
    for number in range(rounds):
        for tool in tools:
            runs[tool.name].append(tool.measure(field))
            last = runs[tool.name][-1]
            print(f"# round {number + 1}: {tool.name}: {last['rate']:.0f} k/s, lost "
                  f"{last['lost']:.2f} %, CPU {last['cpu']:.2f}", file=sys.stderr, flush=True)
    return {name: {key: statistics.median(run[key] for run in results) for key in results[0]}
            for name, results in runs.items()}


def sweep_table(title, results, losses=True):
    """A table with ratios: to zmap and to the bare loops, where they took part."""
    references = [(name, results[name]["rate"]) for name in results
                  if name == "zmap" or name.startswith("bare")]
    head = ["", "k probes/s", *(["replies lost"] if losses else []), "CPU s per million",
            *(f"× {name}" for name, _ in references)]
    lines = [f"### {title}", "", "| " + " | ".join(head) + " |",
             "| --- " + "| ---: " * (len(head) - 1) + "|"]
    for name, result in results.items():
        cells = [name, f"{result['rate']:.0f}",
                 *([f"{max(result['lost'], 0):.2f} %"] if losses else []), f"{result['cpu']:.2f}",
                 *(f"{result['rate'] / rate:.2f}" for _, rate in references)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines + [""]


def bench_icmp(field, paths):
    return sweep_table("ICMP, 1,048,576 addresses, all of them answer",
                       interleave(field, icmp_tools(paths), paths.rounds))


def bench_tcp(field, paths):
    return sweep_table("TCP SYN to an open port, 1,048,576 addresses, all of them answer",
                       interleave(field, tcp_tools(paths), paths.rounds))


def bench_drop(field, paths):
    return sweep_table("Sending alone, 1,048,576 addresses, nobody answers",
                       interleave(field, drop_tools(paths), paths.rounds), losses=False)


def memory_of(field, command):
    """Peak memory in bytes. Not from wait4(): that counts this program before its exec() too."""
    process, peak = start(field, command), 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as stream:
                found = re.search(r"VmHWM:\s*(\d+) kB", stream.read())
        except OSError:
            found = None
        peak = max(peak, int(found.group(1)) * 1024 if found else 0)
        time.sleep(0.01)
    return peak


def write_list(path, count):
    """COUNT different addresses of 10.64.0.0/10, in no order."""
    with open(path, "w", encoding="ascii") as stream:
        for number in range(count):
            value = 0x0A400000 + number * 2654435761 % (1 << 23)
            stream.write(f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}\n")


def bench_list(field, paths):
    """Memory of a list, as the difference between a long one and a short one."""
    long, short = (os.path.join(field.lab.folder, name) for name in ("long", "short"))
    count = 5000000
    write_list(long, count)
    write_list(short, 1)
    commands = {"blockwatch": [paths.blockwatch, "survey", "--allow-reserved", "--rate", "max",
                               "--max-runtime", "1s", "-c", "0s"]}
    lines = ["### A list of 5,000,000 addresses", "", "| | bytes an address |", "| --- | ---: |"]
    for name, command in commands.items():
        needed = memory_of(field, [*command, long]) - memory_of(field, [*command, short])
        lines.append(f"| {name} | {needed / count:.1f} |")
    return lines + [""]


def windows(times, width):
    """The most packets in any window of that width."""
    most, begin = 0, 0
    for end, when in enumerate(times):
        while when - times[begin] >= width:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def capture_times(field, command, seconds):
    """When packets arrived at the other end, in nanoseconds of its kernel."""
    path = os.path.join(field.lab.folder, "pacing.pcap")
    dump = subprocess.Popen(["ip", "netns", "exec", field.peer.netns, "tcpdump", "-i", "down0",
                             "-w", path, "-s", "34", "-B", "65536", "--time-stamp-precision=nano",
                             "-Z", "root", "dst net 10.64.0.0/12"], stderr=subprocess.PIPE,
                            text=True)
    dump.stderr.readline()
    run(field, command, limit=seconds + 20)
    time.sleep(0.3)
    dump.terminate()
    dump.wait()
    with open(path, "rb") as stream:
        data = stream.read()
    times, place = [], 24
    while place + 16 <= len(data):
        second, fraction, length, _ = (int.from_bytes(data[place + 4 * i:place + 4 * i + 4],
                                                      sys.byteorder) for i in range(4))
        times.append(second * 10**9 + fraction)
        place += 16 + length
    return times


def bench_pacing(field, paths):
    lines = ["### Pacing, as it arrives at the other end", "",
             "| --rate | measured | fullest 10 ms, of its share |", "| ---: | ---: | ---: |"]
    for rate, seconds in ((1000, 10), (10000, 10), (100000, 8)):
        times = capture_times(field, [paths.blockwatch, "survey", "--allow-reserved", "--rate",
                                      rate, "--max-runtime", f"{seconds}s", "-c", "0s", WIDE],
                              seconds)
        measured = (len(times) - 1) / (times[-1] - times[0]) * 1e9
        most = windows(times, 10**7) / (rate / 100)
        lines.append(f"| {rate} | {measured:.1f} ({100 * (measured / rate - 1):+.2f} %) | "
                     f"{most:.2f} |")
    return lines + [""]


BENCHES = {"icmp": bench_icmp, "tcp": bench_tcp, "drop": bench_drop, "list": bench_list,
           "pacing": bench_pacing}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as stream:
        model = re.search(r"model name\s*:\s*(.*)", stream.read())
    return (f"{os.cpu_count()} processors ({model.group(1) if model else platform.machine()}), "
            f"Linux {platform.release()}")


def write_results(path, lines):
    """Puts the section in place of the former one, or at the end."""
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
    section = "\n".join(lines).rstrip() + "\n"
    pattern = re.compile(rf"^{HEADING}\n.*?(?=^## |\Z)", re.M | re.S)
    if pattern.search(text):
        text = pattern.sub(lambda _: section + "\n", text)
    else:
        text = (text.rstrip() + "\n\n" if text else "# Results\n\n") + section
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text.rstrip() + "\n")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("blockwatch", type=os.path.abspath)
    parser.add_argument("bare", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--write", help="put the tables into this file")
    return parser.parse_args()


def main():
    paths = parse()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    lines = [HEADING, "", f"`tests/bench/survey.py BLOCKWATCH BARE --rounds {paths.rounds}` on "
             f"{machine()}: medians of {paths.rounds} interleaved runs.", ""]
    try:
        with Lab() as lab:
            field = Field(lab)
            for name in paths.only.split(","):
                lines += BENCHES[name](field, paths)
    except LabUnavailable as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    print("\n".join(lines))
    if paths.write:
        write_results(paths.write, lines)


if __name__ == "__main__":
    main()
