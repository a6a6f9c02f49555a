# SPDX-License-Identifier: Apache-2.0
"""A receiver of records over HTTP, as simple as it can be: receiver.py PORT FILE

Each request is appended to FILE, as it is, before it is answered: what was sent twice stands there
twice. The token of the last one is in FILE.token. It answers as the collector does.
"""
import gzip
import http.server
import json
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        with open(sys.argv[2], "ab") as stream:
            stream.write(body)
        with open(sys.argv[2] + ".token", "w", encoding="ascii") as stream:
            stream.write(self.headers.get("Authorization", ""))
        lines = body.splitlines()
        last = json.loads(lines[-1]) if lines else {"boot": "", "seq": 0}
        answer = json.dumps({"taken": len(lines), "known": 0, "refused": [],
                             "stored": {"boot": last["boot"], "seq": last["seq"]}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
