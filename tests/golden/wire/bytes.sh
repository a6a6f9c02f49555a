#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bytes.sh PROGRAM PROBES FLOWS: the program still writes these captures, byte for byte.
# Where a packet was changed on purpose: PROGRAM PROBES FLOWS, look at them in Wireshark, commit.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$1" "$scratch/probes.pcap" "$scratch/flows.pcap"
cmp "$scratch/probes.pcap" "$2"
cmp "$scratch/flows.pcap" "$3"
