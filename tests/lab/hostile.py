# SPDX-License-Identifier: Apache-2.0
"""A responder that sends wrong answers, for use inside a lab.

    hostile.py INTERFACE PREFIX

It answers echo requests to PREFIX on INTERFACE with packets of its own making, for each
address in one way, by its last byte modulo 8:

    0  silence                  4  altered payload only, then the right answer
    1  three copies             5  an answer in the name of its neighbour, which is silent
    2  wrong id only            6  the right answer, 3 s late
    3  wrong sequence only      7  all of the wrong ones, then the right one

Right answers come from 1, 4, 6 and 7, nobody else. Refuses other addresses than the lab's.
"""
import heapq
import ipaddress
import socket
import struct
import sys
import time

from spoof import LAB, checksum

LATE = 3.0


def answer(request, source=None, id_flip=0, seq_flip=0, payload_flip=None):
    """The frame that answers REQUEST (a frame with an echo request), with these changes."""
    ip = bytearray(request[14:])
    ip[12:16], ip[16:20] = source or ip[16:20], ip[12:16]
    ip[20] = 0
    ip[25] ^= id_flip
    ip[27] ^= seq_flip
    if payload_flip is not None:
        ip[28 + payload_flip] ^= 0x40
    ip[22:24] = b"\0\0"
    ip[22:24] = struct.pack("!H", checksum(bytes(ip[20:])))
    ip[10:12] = b"\0\0"
    ip[10:12] = struct.pack("!H", checksum(bytes(ip[:20])))
    return request[6:12] + request[:6] + request[12:14] + bytes(ip)


def answers(request):
    """(seconds to wait, frame) for one request."""
    asked = request[30:34]
    kind = asked[3] % 8
    neighbour = asked[:3] + bytes([asked[3] ^ 5])
    wrong_id, wrong_seq = answer(request, id_flip=1), answer(request, seq_flip=1)
    altered = [answer(request, payload_flip=place) for place in (5, 17, 25)]
    right = answer(request)
    unasked = answer(request, source=neighbour)
    return {
        0: [],
        1: [(0, right)] * 3,
        2: [(0, wrong_id)],
        3: [(0, wrong_seq)],
        4: [(0, frame) for frame in altered] + [(0, right)],
        5: [(0, unasked)],
        6: [(LATE, right)],
        7: [(0, frame) for frame in [wrong_id, wrong_seq, unasked, *altered, right]],
    }[kind]


def main():
    interface, prefix = sys.argv[1], ipaddress.ip_network(sys.argv[2])
    if not any(prefix.version == net.version and prefix.subnet_of(net) for net in LAB):
        raise SystemExit(f"{prefix} is not a prefix of the lab")
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    link.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
    link.bind((interface, 0x0800))
    print("ready", flush=True)
    waiting = []
    while True:
        link.settimeout(max(0.001, waiting[0][0] - time.monotonic()) if waiting else None)
        try:
            frame, origin = link.recvfrom(2048)
        except socket.timeout:
            frame = b""
        if len(frame) > 42 and origin[2] != socket.PACKET_OUTGOING and frame[23] == 1 and \
                frame[34] == 8 and ipaddress.ip_address(frame[30:34]) in prefix:
            for delay, reply in answers(frame):
                heapq.heappush(waiting, (time.monotonic() + delay, id(reply), reply))
        while waiting and waiting[0][0] <= time.monotonic():
            link.send(heapq.heappop(waiting)[2])


if __name__ == "__main__":
    main()
