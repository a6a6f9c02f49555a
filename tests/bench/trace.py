# SPDX-License-Identifier: Apache-2.0
"""trace.py BLOCKWATCH BARE_TRACE [--rounds N] [--only many|one]: how fast traceroutes are, beside
scamper, traceroute and the minimal loop (bare_trace.c), in interleaved runs through a chain of
eight kernel routers in network namespaces (tests/lab/chain.py). Needs root. Prints the tables of
RESULTS.md, and the load of the machine, which is to be told with them."""
import argparse
import json
import os
import shutil
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))

from chain import END, ROUTERS, SOURCE, Chain, way  # noqa: E402

ALL = 65536
SCAMPER = 16384  # of them: its rate is capped at 10,000 packets a second
TRACEROUTE = 512
DELAY_MS = 40  # one way, of the single trace
WAYS = way()


def address(number):
    return f"198.18.{number >> 8}.{number & 255}"


def listed(chain, count):
    return chain.lab.file(f"{count}.txt", "".join(f"{address(n)}\n" for n in range(count)))


def timed(node, *command, output=None):
    """Runs a command. Returns its seconds, and what it printed unless OUTPUT takes that."""
    begin = time.monotonic()
    process = node.start(*command, **({"stdout": output} if output else {}))
    text, errors = process.communicate(timeout=600)
    seconds = time.monotonic() - begin
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]}: exit status {process.returncode}: {errors}")
    return seconds, text


def blockwatch(chain, program, *options):
    path = chain.lab.file("out.jsonl", "")
    with open(path, "w", encoding="ascii") as output:
        seconds, _ = timed(chain.vantage, program, "trace", "--json", "--allow-reserved", "--rate",
                           "1000000", *options, listed(chain, ALL), output=output)
    sent = lost = count = 0
    with open(path, encoding="ascii") as records:
        for line in records:
            record = json.loads(line)
            count += 1
            sent += record["sent"]
            hops = [hop["from"] for hop in record["hops"]]
            lost += ROUTERS + 1 - sum(a == b for a, b in zip(hops, WAYS + [record["destination"]]))
    return {"traces": count, "seconds": seconds, "sent": sent, "lost": lost}


def bare(chain, program):
    _, text = timed(chain.vantage, program, SOURCE, ROUTERS + 1, ALL)
    said = json.loads(text)
    return {"traces": ALL, "seconds": said["seconds"], "sent": said["sent"],
            "lost": said["sent"] - said["answered"]}


def count_lines(text):
    """Traces, and hops that are missing, in what scamper and traceroute print."""
    traces = missing = 0
    for block in text.split("traceroute ")[1:]:
        hops = [line.split()[1] for line in block.splitlines()[1:] if line.strip()]
        traces += 1
        missing += ROUTERS + 1 - sum(a == b for a, b in zip(hops, WAYS + [block.split()[
            3 if block.startswith("from") else 1]]))
    return traces, missing


def scamper(chain):
    seconds, text = timed(chain.vantage, "scamper", "-p", 10000, "-c",
                          "trace -P icmp-paris -q 1 -w 1", "-f", listed(chain, SCAMPER))
    traces, lost = count_lines(text)
    return {"traces": traces, "seconds": seconds, "sent": traces * (ROUTERS + 1), "lost": lost}


def traceroute(chain):
    seconds, text = timed(chain.vantage, "xargs", "-a", listed(chain, TRACEROUTE), "-P", 16, "-n",
                          1, "traceroute", "-n", "-q", 1, "-N", 16, "-w", 1, "-I")
    # Lines of parallel runs are mixed: hops are counted as a whole.
    lines = [line for line in text.splitlines() if line[:3].strip().isdigit()]
    stars = sum("*" in line for line in lines)
    return {"traces": TRACEROUTE, "seconds": seconds, "sent": TRACEROUTE * 16, "lost": stars}


def median(runs, value):
    return statistics.median(value(run) for run in runs)


def many(chain, arguments):
    runs = {}
    tools = [("minimal loop, one sender", lambda: bare(chain, arguments.bare_trace)),
             ("**blockwatch**", lambda: blockwatch(chain, arguments.blockwatch)),
             ("blockwatch --full", lambda: blockwatch(chain, arguments.blockwatch, "--full"))]
    if shutil.which("scamper"):
        tools.append((f"scamper -p 10000 (its cap; {SCAMPER} destinations)",
                      lambda: scamper(chain)))
    if shutil.which("traceroute"):
        tools.append((f"traceroute, 16 at a time ({TRACEROUTE} destinations)",
                      lambda: traceroute(chain)))
    for _ in range(arguments.rounds):
        for name, run in tools:
            runs.setdefault(name, []).append(run())
            print(f"# load {os.getloadavg()[0]:.1f}  {name}: {runs[name][-1]}", file=sys.stderr)
    print("|  | traces/s | probes a trace | hops lost |")
    print("| --- | ---: | ---: | ---: |")
    for name, list_of_runs in runs.items():
        lost = median(list_of_runs, lambda run: run["lost"] / run["traces"] / (ROUTERS + 1))
        print(f"| {name} | {median(list_of_runs, lambda r: r['traces'] / r['seconds']):,.0f} | "
              f"{median(list_of_runs, lambda r: r['sent'] / r['traces']):.2f} | {lost:.2%} |")


def one(chain, arguments):
    """A single trace, all of whose hops are a round trip of 2 * DELAY_MS away."""
    for node, interface in ((chain.vantage, "out1"), (chain.routers[1], "in1")):
        done = node.run("tc", "qdisc", "add", "dev", interface, "root", "netem", "delay",
                        f"{DELAY_MS}ms")
        if done.code != 0:
            print("The single trace was not measured: this kernel has no netem.")
            return
    tools = [("**blockwatch**", (arguments.blockwatch, "trace", "--json", "--allow-reserved", END)),
             ("traceroute -I", ("traceroute", "-n", "-I", END)),
             ("traceroute -I -q 1 -N 32", ("traceroute", "-n", "-q", 1, "-N", 32, "-I", END)),
             ("mtr -c 1", ("mtr", "-n", "-r", "-c", 1, "-G", 1, END)),
             ("scamper", ("scamper", "-c", "trace -P icmp-paris -q 1", "-i", END))]
    runs = {}
    for _ in range(arguments.rounds):
        for name, command in tools:
            if shutil.which(command[0]):
                runs.setdefault(name, []).append(timed(chain.vantage, *command)[0])
    print("|  | seconds | round trips of "
          f"{2 * DELAY_MS} ms |\n| --- | ---: | ---: |")
    for name, seconds in runs.items():
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.3f} | {middle / (2 * DELAY_MS / 1000):.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("blockwatch")
    parser.add_argument("bare_trace")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("many", "one"))
    arguments = parser.parse_args()
    arguments.blockwatch = os.path.abspath(arguments.blockwatch)
    arguments.bare_trace = os.path.abspath(arguments.bare_trace)
    print(f"load at the start: {os.getloadavg()}, processors: {os.cpu_count()}")
    for name, measure in (("many", many), ("one", one)):
        if arguments.only in (None, name):
            with Chain() as chain:
                chain.end.answer_for("198.18.0.0/16")
                measure(chain, arguments)
                print()


if __name__ == "__main__":
    main()
