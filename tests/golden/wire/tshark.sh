#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tshark.sh CAPTURE: another decoder finds nothing wrong with any probe in it. Each packet must be
# shown with every checksum right, and all four kinds must be there. Skipped without tshark.
set -eu

if ! command -v tshark >/dev/null; then
	echo 'skipped: tshark is not installed'
	exit 77
fi

# A home of its own: preferences of the user would change what tshark checks and how it says so.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! HOME=$scratch XDG_CONFIG_HOME=$scratch LC_ALL=C tshark -n -V -r "$1" \
	-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
	>"$scratch/text" 2>"$scratch/errors"; then
	cat "$scratch/errors"
	exit 1
fi

awk '
function complain(what) { print "packet " frame ": " what; bad = 1 }
function finish() {
	if (!frame)
		return
	kinds[kind]++
	if (good != (kind ~ /:ip:/ ? 2 : 1))
		complain(good + 0 " good checksums in " kind)
}
/^Frame [0-9]+:/ { finish(); frame++; good = 0; kind = "" }
/\[Protocols in frame: / { kind = $4; sub(/(:data)?\]$/, "", kind); kind = kind ":" }
/^    \[(Header checksum status|Checksum Status): Good\]$/ { good++ }
/Malformed|Expert Info \(Error|incorrect|[Ss]tatus: (Bad|Unverified)|Severity level: Error/ {
	complain($0)
}
END {
	finish()
	split("raw:ip:icmp: raw:ip:tcp: raw:ipv6:icmpv6: raw:ipv6:tcp:", wanted, " ")
	for (n in wanted)
		if (!(wanted[n] in kinds)) {
			print "no packet of kind " wanted[n]
			bad = 1
		}
	for (kind in kinds)
		print kinds[kind] " packets of kind " kind
	exit bad
}' "$scratch/text"
