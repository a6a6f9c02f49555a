# SPDX-License-Identifier: Apache-2.0
"""A receiver on loopback for the tests of `ship`: it keeps records, and fails as it is told."""
import gzip
import json
import re
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = re.compile(rb'"boot":"([^"]*)","seq":(\d+)')


def inflate(body, encoding):
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "zstd":
        return subprocess.run(["zstd", "-dcq"], input=body, stdout=subprocess.PIPE,
                              check=True).stdout
    return body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        owner = self.server.owner
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = inflate(body, self.headers.get("Content-Encoding"))
        with owner.lock:
            owner.requests.append((self.path, dict(self.headers), body))
            action = owner.script.pop(0) if owner.script else owner.default
        action(self, body)

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


def store(handler, body):
    handler.server.owner.keep(body)
    handler.answer(200)


def status(code, body=b"", **headers):
    """Refuses: nothing is kept."""
    return lambda handler, _body: handler.answer(code, body, **headers)


def cut(handler, _body):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def too_large(limit):
    """413 for more than LIMIT lines."""
    def act(handler, body):
        if body.count(b"\n") > limit:
            handler.answer(413)
        else:
            store(handler, body)
    return act


def collector(handler, body):
    """Our collector's answer."""
    handler.server.owner.keep(body)
    boot, seq = KEY.findall(body.splitlines()[-1])[0]
    handler.answer(200, json.dumps({"taken": body.count(b"\n"), "known": 0, "refused": [],
                                    "stored": {"boot": boot.decode(), "seq": int(seq)}}).encode())


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """The other side may be killed at any time."""


class Receiver:
    """Counts how often each (boot, seq) came. DEFAULT answers requests that have no SCRIPT."""

    def __init__(self, script=(), default=store, context=None, port=0):
        self.script, self.default = list(script), default
        self.requests, self.records, self.lock = [], {}, threading.Lock()
        self.order = []
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.owner = self
        self.port = self.server.server_port
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,),
                                       daemon=True)
        self.thread.start()

    def keep(self, body):
        with self.lock:
            for boot, seq in KEY.findall(body):
                key = (boot.decode(), int(seq))
                self.records[key] = self.records.get(key, 0) + 1
                self.order.append(key)

    def url(self, path="/v1/records", scheme="http"):
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


def tls_context(certificate, key, authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if authority:
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
