# SPDX-License-Identifier: Apache-2.0
"""The packets on a cable of the lab.

A Capture is a packet socket on one interface of a node. It is there when the
constructor returns (no waiting for a tool to be ready), a thread reads it, and
stop() returns only when everything that had arrived is read. It fails loudly
when the kernel had to drop something, so that "not one packet" is a proof.
"""
import functools
import ipaddress
import socket
import struct
import threading
import time

from lab import PATIENCE

ETH_P_ALL = 0x0003
ETH_P_IP = 0x0800
ETH_P_ARP = 0x0806
ETH_P_IPV6 = 0x86DD
PACKET_OUTGOING = 4
SOL_PACKET = 263
PACKET_STATISTICS = 6
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
STAMP_SPACE = socket.CMSG_SPACE(16)
PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


class Packet:
    """One frame; src and dst are None unless it is IPv4 or IPv6; time is the kernel's."""

    def __init__(self, when, outgoing, frame):
        self.time = when
        self.outgoing = outgoing
        self.frame = frame
        self.kind = struct.unpack_from("!H", frame, 12)[0]
        self.ip = frame[14:]
        self.src = self.dst = self.protocol = None
        self.body = b""
        if self.kind == ETH_P_IP:
            self.protocol = self.ip[9]
            self.src = ipaddress.ip_address(self.ip[12:16])
            self.dst = ipaddress.ip_address(self.ip[16:20])
            self.body = self.ip[4 * (self.ip[0] & 15):]
        elif self.kind == ETH_P_IPV6:
            self.protocol = self.ip[6]
            self.src = ipaddress.ip_address(self.ip[8:24])
            self.dst = ipaddress.ip_address(self.ip[24:40])
            self.body = self.ip[40:]

    def is_chatter(self):
        """Whether it is IPv6 multicast, which kernels send by themselves."""
        return self.kind == ETH_P_IPV6 and self.dst.is_multicast


class Capture:
    """Captures all packets of one interface until stop(); they are in `packets`."""

    def __init__(self, node, interface):
        self.packets = []
        with node.inside():
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
            self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            self.socket.bind((interface, ETH_P_ALL))
        self.socket.settimeout(0.05)
        self.stopping = threading.Event()
        self.until = 0
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        node.lab.later(self._close)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.stop()

    def stop(self):
        """Reads the rest and returns all packets."""
        if self.thread:
            self.until = time.time()
            self.stopping.set()
            self.thread.join()
            self.thread = None
            _seen, dropped = struct.unpack(
                "II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
            self._close()
            if dropped:
                raise RuntimeError(f"the lab's capture lost {dropped} packets")
        return self.packets

    def wait_for(self, count, prefix):
        """Returns as soon as COUNT packets have gone to addresses of PREFIX."""
        self.wait(f"{count} packets to {prefix}", lambda: len(self.to(prefix)) >= count)

    def wait(self, what, found):
        """Returns as soon as FOUND() is true; WHAT names that in the exception."""
        deadline = time.monotonic() + PATIENCE
        while not found():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} in {PATIENCE} s")
            time.sleep(0.01)

    def to(self, prefix):
        """The packets so far that went to an address of PREFIX."""
        return [packet for packet in self.packets if within(packet.dst, prefix)]

    def sent_by(self, prefix):
        """The packets so far that came from an address of PREFIX."""
        return [packet for packet in self.packets if within(packet.src, prefix)]

    def write(self, path, packets=None):
        """Writes packets (default: all) as a pcap file for tshark and others."""
        with open(path, "wb") as stream:
            stream.write(PCAP_HEADER)
            for packet in self.packets if packets is None else packets:
                size = len(packet.frame)
                seconds = int(packet.time)
                stream.write(struct.pack("<IIII", seconds, int((packet.time - seconds) * 1e6),
                                         size, size))
                stream.write(packet.frame)
        return path

    def _read(self):
        while True:
            try:
                frame, (stamp,), _flags, origin = self.socket.recvmsg(65535, STAMP_SPACE)
            except socket.timeout:
                if self.stopping.is_set():
                    return
                continue
            except OSError:
                if self.stopping.is_set() or self.socket.fileno() < 0:
                    return
                continue
            seconds, nanoseconds = struct.unpack("qq", stamp[2])
            when = seconds + nanoseconds / 1e9
            if self.stopping.is_set() and when > self.until:
                return
            self.packets.append(Packet(when, origin[2] == PACKET_OUTGOING, frame))

    def _close(self):
        self.stopping.set()
        if self.thread:
            self.thread.join()
            self.thread = None
        self.socket.close()


@functools.lru_cache(maxsize=None)
def network_of(prefix):
    return ipaddress.ip_network(prefix)


def within(address, prefix):
    network = network_of(prefix)
    return address is not None and address.version == network.version and address in network
