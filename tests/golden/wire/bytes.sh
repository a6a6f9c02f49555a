#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bytes.sh PROBES EXPECTED: the program PROBES still writes the capture EXPECTED, byte for byte.
# Where a packet was changed on purpose: PROBES EXPECTED, look at it in Wireshark, commit.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$1" "$scratch/probes.pcap"
cmp "$scratch/probes.pcap" "$2"
