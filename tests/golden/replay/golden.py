#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""golden.py BLOCKWATCH [--write]: what `replay` says of the captures in this folder, byte for
byte. The captures are of real tools (record.py); some are changed by hand, as a traceroute with
many hops or a checksum of 0. Of the records only two things are replaced: `version`, and `boot`,
which depends on it; it must be the same in each run of the same input. With --write the expected
files are written anew: look at the difference before it is committed."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = ["--target", "country.json"]

# name of the expected file: arguments
CASES = {
    "fping.jsonl": ["--json", "fping.pcap"],
    "fping.txt": ["fping.pcap"],
    "fping-target.jsonl": ["--json", "--round", "10s", *TARGET, "fping.pcap"],
    "uplink.jsonl": ["--json", "--round", "20s", "uplink.pcap"],
    "uplink.txt": ["uplink.pcap"],
    "ping.jsonl": ["--json", "ping.pcapng"],
    "nmap.jsonl": ["--json", "nmap.pcap"],
    "zmap.jsonl": ["--json", "zmap.pcap"],
    "scamper.jsonl": ["--json", "scamper.pcap"],
    "check.jsonl": ["--json", "check.pcap"],
    "check-target.jsonl": ["--json", *TARGET, "check.pcap"],
    "check-target.txt": [*TARGET, "check.pcap"],
    "traceroutes.jsonl": ["--json", "traceroutes.pcap.gz"],
    "traceroutes.txt": ["traceroutes.pcap.gz"],
    "tools.jsonl": ["--json", "tools.pcap.gz"],
    "tools.txt": ["tools.pcap.gz"],
    "udp-trace.txt": ["udp-trace.pcap.gz"],
    "masscan.jsonl": ["--json", "masscan.pcap.gz"],
    "masscan.txt": ["masscan.pcap.gz"],
    "offloaded-checksums.txt": ["offloaded-checksums.pcap.gz"],
    "merged.jsonl": ["--json", "scamper.pcap", "nmap.pcap"],
}


def say(program, arguments):
    done = subprocess.run([program, "replay", *arguments], cwd=HERE, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}, timeout=600,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0 or done.stderr:
        raise SystemExit(f"{arguments}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def normal(text):
    boots = set(re.findall(r'"boot":"([0-9a-f]{32})"', text))
    if text.startswith("{") and len(boots) != 1:
        raise SystemExit(f"not one boot but {sorted(boots)}")
    for boot in boots:
        text = text.replace(boot, "BOOT")
    return re.sub(r'"version":"[^"]+"', '"version":"VERSION"', text)


def main(program, write):
    failed = 0
    if not write:
        print(f"1..{len(CASES)}")
    for number, (name, arguments) in enumerate(CASES.items(), 1):
        text = say(program, arguments)
        path = os.path.join(HERE, name)
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(normal(text))
            continue
        with open(path, encoding="utf-8") as file:
            expected = file.read()
        good = normal(text) == expected and say(program, arguments) == text
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        if not good:
            print("# got:\n# " + normal(text).replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2:] == ["--write"]))
