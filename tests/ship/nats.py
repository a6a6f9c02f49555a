# SPDX-License-Identifier: Apache-2.0
"""A nats-server on loopback with JetStream, and as much of a client as the tests need."""
import base64
import glob
import json
import os
import shutil
import socket
import subprocess
import time

import cli

BASE = {"storage": "file", "retention": "limits", "discard": "old", "max_consumers": -1,
        "max_msgs": -1, "max_bytes": -1, "num_replicas": 1}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Server:
    """One server; its store is kept over kill() and start()."""

    def __init__(self, folder, *options, config=""):
        if not shutil.which("nats-server"):
            raise cli.Skip("no nats-server")
        self.folder, self.port, self.process = folder, free_port(), None
        self.options = options
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "nats.conf"), "w", encoding="utf-8") as file:
            file.write(config)
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                ["nats-server", "-c", os.path.join(self.folder, "nats.conf"), "-a", "127.0.0.1",
                 "-p", str(self.port), "-js", "-sd", os.path.join(self.folder, "store"),
                 *self.options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def keep(self):
        """Keeps a copy of its store as it is on the disk now."""
        kept = os.path.join(self.folder, "kept")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(os.path.join(self.folder, "store"), kept)

    def lose(self, what=""):
        """While it is down: WHAT of its store is again as it was kept. So is a power cut."""
        for folder in glob.glob(os.path.join(self.folder, "kept", what)):
            there = folder.replace("/kept/", "/store/")
            shutil.rmtree(there, ignore_errors=True)
            shutil.copytree(folder, there)

    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.kill()


class Client:
    """Requests to the API of JetStream."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.socket.sendall(b'CONNECT {"verbose":false,"headers":true}\r\nSUB _INBOX.t 1\r\n')

    def request(self, subject, body=b""):
        if isinstance(body, dict):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.socket.sendall(b"PUB %s _INBOX.t %d\r\n%s\r\n" % (subject.encode(), len(body), body))
        while True:
            line = self.file.readline()
            if line.startswith(b"PING"):
                self.socket.sendall(b"PONG\r\n")
            elif line.startswith((b"MSG", b"HMSG")):
                length = int(line.split()[-1])
                return json.loads(self.file.read(length + 2))
            elif line.startswith(b"-ERR") or not line:
                raise OSError(line)

    def info(self, stream="BLOCKWATCH"):
        return self.request(f"$JS.API.STREAM.INFO.{stream}")

    def count(self, stream="BLOCKWATCH"):
        return self.info(stream).get("state", {}).get("messages", 0)

    def message(self, number, stream="BLOCKWATCH"):
        """(subject, headers, data) of one message."""
        answer = self.request(f"$JS.API.STREAM.MSG.GET.{stream}", {"seq": number})["message"]
        return (answer["subject"], base64.b64decode(answer.get("hdrs", "")).decode(),
                base64.b64decode(answer["data"]))

    def create(self, stream="BLOCKWATCH", **more):
        return self.request(f"$JS.API.STREAM.CREATE.{stream}",
                            {**BASE, "name": stream, "subjects": ["blockwatch.*.*.*"], **more})

    def delete(self, stream="BLOCKWATCH"):
        return self.request(f"$JS.API.STREAM.DELETE.{stream}")

    def close(self):
        self.file.close()
        self.socket.close()
