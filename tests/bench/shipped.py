#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the shipped targets again from the packages of npm that targets/README.md names.

usage: shipped.py BLOCKWATCH    says for each target whether its bytes are the same
npm fetches the packages. Where it cannot, all is skipped, and that is said.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAKE = os.path.join(ROOT, "targets", "make")
PACKAGES = ("asn-country", "asn")


def fetch(version):
    """Fetches and unpacks the packages into the current folder. Returns why not, or None."""
    if not shutil.which("npm"):
        return "there is no npm"
    names = [f"@ip-location-db/{package}@{version}" for package in PACKAGES]
    try:
        done = subprocess.run(["npm", "pack", "--silent", *names], capture_output=True,
                              timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return "npm takes too long"
    if done.returncode != 0:
        return "npm cannot fetch " + " and ".join(names)
    for package in PACKAGES:
        os.mkdir(package)
        subprocess.run(["tar", "-xzf", f"ip-location-db-{package}-{version}.tgz", "-C", package,
                        "--strip-components=1"], check=True)
    return None


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    blockwatch = os.path.abspath(sys.argv[1])
    with open(MAKE, encoding="utf-8") as file:
        text = file.read()
    version = re.search(r"^version=(\S+)", text, re.M).group(1)
    names = re.search(r"^for country in (.*); do", text, re.M).group(1).lower().split()
    with tempfile.TemporaryDirectory(prefix="blockwatch-bench-") as folder:
        os.chdir(folder)
        why = fetch(version)
        if why:
            print(f"{len(names)} targets skipped: {why}")
            return 0
        os.mkdir("made")
        before = time.monotonic()
        subprocess.run([MAKE, "made", blockwatch], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - before
        same = [name for name in names if read(f"made/{name}.json") ==
                read(os.path.join(ROOT, "targets", f"{name}.json"))]
    for name in names:
        print(f"{name}: {'the same bytes' if name in same else 'DIFFERS'}")
    print(f"{len(same)} of {len(names)} targets are the same; made in {seconds:.1f} s")
    return 0 if same == names else 1


if __name__ == "__main__":
    sys.exit(main())
