# SPDX-License-Identifier: Apache-2.0
"""A spool as `run` would have written it, for the tests and benchmarks of `ship`."""
import json
import os

BLOCK = (',"target":"%s","network":"198.18.0.0/16","block":"198.18.%d.0/24","verdict":"up",'
         '"belief":0.9912,"conditions":[],"reasons":[],"since":"2026-11-01T00:00:00.000000Z",'
         '"round":%d,"sent":1,"replies":1,"rtt_ms":{"min":12.5,"median":12.5,"max":12.5},'
         '"availability":0.93,"silent_since":null}\n')
EVENT = ',"target":"%s","scope":"block","subject":"198.18.%d.0/24","from":"up","to":"dark"}\n'


def line(kind, boot, seq, target="kp"):
    head = ('{"schema":"blockwatch/record/1","type":"%s","vantage":"v1","boot":"%s","seq":%d,'
            '"time":"2026-11-30T%02d:%02d:%02d.%06dZ"' %
            (kind, boot, seq, seq // 3600000 % 24, seq // 60000 % 60, seq // 1000 % 60,
             seq % 1000 * 1000))
    if kind == "block":
        return head + BLOCK % (target, seq % 256, seq // 256)
    if kind == "event":
        return head + EVENT % (target, seq % 256)
    if kind == "vantage":
        return head + ',"healthy":true,"reasons":[],"sent":%d}\n' % seq
    return head + ',"target":"%s"}\n' % target


def kind_of(seq):
    """Of a usual stream: blocks, and in a hundred records an event, a target, a vantage."""
    return {0: "event", 50: "target", 51: "vantage"}.get(seq % 100, "block")


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Spool:
    """The folder of a spool under STATE, with segments of a number of records each."""

    def __init__(self, state, identity="5ea1"):
        self.folder = os.path.join(state, "spool")
        for name in ("positions", "refused"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)
        for folder in (state, self.folder):
            os.chmod(folder, 0o755)
        for name in ("positions", "refused"):
            os.chmod(os.path.join(self.folder, name), 0o777)
        with open(os.path.join(self.folder, "spool.json"), "w", encoding="utf-8") as file:
            json.dump({"schema": "blockwatch/spool/1", "id": identity}, file)
        self.segment = 1

    def path(self, segment=None):
        return os.path.join(self.folder, f"records-{segment or self.segment}.jsonl")

    def append(self, text, segment=None):
        with open(self.path(segment), "ab") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def fill(self, count, boot="b1", first=1, each=1000):
        """Appends COUNT records, a new segment after EACH of them. Returns their (boot, seq)."""
        keys = []
        for begin in range(first, first + count, each):
            seqs = range(begin, min(begin + each, first + count))
            self.append("".join(line(kind_of(seq), boot, seq) for seq in seqs))
            keys += [(boot, seq) for seq in seqs]
            self.segment += 1
        return keys

    def position(self, sink):
        path = os.path.join(self.folder, "positions", sink + ".json")
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def index(self, segment):
        """Writes the index of a segment, as `run` does. Returns where its groups begin."""
        with open(self.path(segment), "rb") as file:
            lines = file.read().splitlines(True)
        text, begins, offset, group = "blockwatch/index/1\n", [], 0, b""
        for number, one in enumerate(lines, 1):
            group += one
            if len(group) >= 65536 or number == len(lines):
                text += f"{offset} {len(group)} {crc32c(group):08x} b1 1 1 b1 1 1"
                text += " 0:0" * 7 + "\n"
                begins.append(offset)
                offset, group = offset + len(group), b""
        with open(self.path(segment).replace(".jsonl", ".index"), "w", encoding="utf-8") as file:
            file.write(text)
        return begins

    def forget_refused(self):
        folder = os.path.join(self.folder, "refused")
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))

    def refused(self):
        """[(records, reason)] of what was set aside."""
        folder, found = os.path.join(self.folder, "refused"), []
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".jsonl"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                records = file.read()
            with open(os.path.join(folder, name[:-1]), encoding="utf-8") as file:
                found.append((records, json.load(file)["reason"]))
        return found

    def refused_reasons(self):
        """Of the only batch that was set aside: [(line, reason)]."""
        folder = os.path.join(self.folder, "refused")
        name, = (name for name in os.listdir(folder) if name.endswith(".json"))
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [(one["line"], one["reason"]) for one in json.load(file)["reasons"]]
