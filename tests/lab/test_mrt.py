# SPDX-License-Identifier: Apache-2.0
"""`targets build --announced` of a table that a BGP daemon wrote (MRT), read by bgpdump."""
import json
import os
import shutil
import signal
import subprocess
import time

from lab import PATIENCE, Lab, LabUnavailable
import tap

NEEDED = {"bird": "bird2", "bgpdump": "bgpdump"}
# The last AS of each path is the origin, the one before it the upstream.
CONFIGURATION = """
router id 192.0.2.1;
ipv4 table master4;
ipv6 table master6;
filter our_paths {
  bgp_path.empty;
  bgp_path.prepend(64496); bgp_path.prepend(64496); bgp_path.prepend(64497);
  if net ~ [198.18.2.0/24] then { bgp_path.empty; bgp_path.prepend(4200000000); }
  bgp_path.prepend(64499);
  bgp_origin = ORIGIN_IGP;
  bgp_next_hop = 192.0.2.2;
  accept;
}
protocol static static4 { ipv4 { import filter our_paths; };
  route 198.18.0.0/22 blackhole; route 198.18.2.0/24 blackhole; route 203.0.113.0/24 blackhole; }
protocol static static6 { ipv6 { import filter our_paths; }; route 2001:db8::/32 blackhole; }
protocol mrt mrt4 { table "master4"; filename "FOLDER/rib4.mrt"; period 1; }
protocol mrt mrt6 { table "master6"; filename "FOLDER/rib6.mrt"; period 1; }
"""
DELEGATED = """apnic|TV|ipv4|198.18.0.0|2048|20091221|allocated
apnic|TV|ipv6|2001:db8::|31|20091221|allocated
"""
WANTED = [
    {"prefix": "198.18.0.0/23", "asn": 64496, "upstreams": [64497]},
    {"prefix": "198.18.2.0/24", "asn": 4200000000, "upstreams": [64499]},
    {"prefix": "198.18.3.0/24", "asn": 64496, "upstreams": [64497]},
    {"prefix": "2001:db8::/32", "asn": 64496, "upstreams": [64497]},
]


def write_tables(folder):
    """Runs bird in a namespace without any link until it has written both tables."""
    paths = [os.path.join(folder, name) for name in ("rib4.mrt", "rib6.mrt")]
    with subprocess.Popen(["unshare", "--net", "bird", "-f", "-c", f"{folder}/bird.conf",
                           "-s", f"{folder}/bird.ctl", "-P", f"{folder}/bird.pid"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as bird:
        end = time.monotonic() + PATIENCE
        while bird.poll() is None and time.monotonic() < end and not all(
                os.path.exists(path) and os.path.getsize(path) > 0 for path in paths):
            time.sleep(0.05)
        bird.send_signal(signal.SIGTERM)
        bird.wait()
    return paths


def dump(path):
    return subprocess.run(["bgpdump", "-m", path], check=True, capture_output=True).stdout


def main(test, blockwatch):
    for program, package in NEEDED.items():
        if not shutil.which(program):
            raise LabUnavailable(f"{program} is not installed (Debian package {package})")
    with Lab() as lab:
        lab.file("bird.conf", CONFIGURATION.replace("FOLDER", lab.folder))
        delegated = lab.file("apnic", DELEGATED)
        text = b"".join(dump(path) for path in write_tables(lab.folder))
        run = subprocess.run([blockwatch, "targets", "build", "-c", "TV", "-d", delegated, "-a",
                              "-", "--date", "2026-06-18"], input=text, capture_output=True,
                             check=False)
        test.equal(run.returncode, 0, "exit code", run.stderr)
        target = json.loads(run.stdout)
        test.equal(target["networks"], WANTED, "networks, origins and upstreams")
        test.equal(target["left_out"], {
            "ipv4": {"networks": 1, "addresses": 1024, "blocks": 4},
            "ipv6": {"networks": 1, "blocks": 65536}}, "what is delegated and not announced")


if __name__ == "__main__":
    tap.main(main)
