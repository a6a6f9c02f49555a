#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Webhooks and commands of the collector, with receivers that fail, hang, refuse and come back."""
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import sqlite3
import threading

from cli import Mismatch, main
from test_collect import OTHER, TOKEN, Collector, block, expect, lines, record, wait_for

SECRET = "a secret of the webhook"


class Receiver:
    """Takes POSTs on a port of its own. What it does with each is in `plan`; then it takes all."""

    def __init__(self, plan=(), port=0):
        self.posts, self.plan, self.lock = [], list(plan), threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    step = receiver.plan.pop(0) if receiver.plan else 200
                    answer = step(receiver) if callable(step) else step
                    receiver.posts.append((answer, self.headers, body))
                if answer is None:  # it hangs up without an answer
                    self.close_connection = True
                    return
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *unused):
                pass

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address = daemon_threads = True

            def handle_error(self, *unused):  # a sender that was killed resets its connection
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def taken(self):
        """The messages that were answered with 200, in their order."""
        with self.lock:
            return [json.loads(body) for answer, _, body in self.posts if answer == 200]

    def keys(self, answer=200):
        with self.lock:
            return [headers["Idempotency-Key"] for a, headers, _ in self.posts if a == answer]

    def wait(self, count):
        return wait_for(lambda: len(self.taken()) >= count and self.taken())


def put_secret(place):
    place.put("hook.secret", SECRET + "\n")
    os.chmod(place.path("hook.secret"), 0o600)


def turn(collector, seq, verdict, since):
    """Both vantages say now that all four blocks have this verdict since a while ago."""
    for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
        body = lines(*[block(seq + n, vantage, n, verdict, since, -0.1) for n in range(4)])
        expect(collector.post(body, token)[0], 200)


def listen(collector):
    """Both vantages were heard of in the last 20 minutes."""
    for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
        collector.post(lines(*[record(100 + n, vantage, when=60 * n - 1200) for n in range(21)]),
                       token)


def told(messages, scope="target"):
    return [(m["from"], m["to"]) for m in messages if m.get("scope") == scope]


def settled(collector, verdict):
    wait_for(lambda: [t for t in collector.ask("GET", "/v1/targets")[1] if
                      t["verdict"] == verdict])


def test_an_outage_is_told_and_its_end(place):
    put_secret(place)
    with Receiver() as receiver, Collector(place, webhooks=[
            {"url": receiver.url, "secret_file": "hook.secret"}]) as collector:
        listen(collector)
        turn(collector, 1, "up", -1000)
        settled(collector, "up")
        turn(collector, 11, "dark", -600)
        receiver.wait(5)
        turn(collector, 21, "up", -300)
        messages = receiver.wait(10)
        expect(told(messages), [("up", "dark"), ("dark", "up")])
        expect(sorted(told(messages, "network")), sorted([("up", "dark"), ("dark", "up")] * 4))
        # Blocks are not told, and the first "up" is not.
        expect({m["scope"] for m in messages}, {"target", "network"})
        events = {e["id"]: e for e in collector.ask("GET", "/v1/events")[1]}
        for _, headers, body in receiver.posts:
            message = json.loads(body)
            expect(message, events[message["id"]])
            expect(headers["Idempotency-Key"], str(message["id"]))
            expect(headers["Content-Type"], "application/json")
            expect(headers["X-Blockwatch-Signature"], "sha256=" + hmac.new(
                SECRET.encode(), body, hashlib.sha256).hexdigest())
        expect([m["id"] for m in messages], sorted(m["id"] for m in messages))
        expect([round(m["outage"]["duration_s"]) for m in messages if m["outage"]], [300] * 5)


def test_only_the_targets_that_are_wanted(place):
    with Receiver() as one, Receiver() as other, Collector(place, webhooks=[
            {"url": one.url, "targets": ["ir"]}, {"url": other.url, "targets": ["ir", "kp"]},
            ]) as collector:
        turn(collector, 1, "dark", -600)
        other.wait(5)
        expect(one.posts, [])
        expect(other.posts[0][1]["X-Blockwatch-Signature"], None)  # no secret, no signature


def test_it_is_sent_until_it_is_taken(place):
    """Failures of all kinds; the key stays, the order is kept, and each counts once."""
    with Receiver([500, None, 302, 404, 429]) as receiver, Collector(
            place, webhooks=[{"url": receiver.url}]) as collector:
        turn(collector, 1, "dark", -600)
        messages = receiver.wait(5)
        expect([m["id"] for m in messages], sorted(m["id"] for m in messages))
        expect(len({*receiver.keys()}), 5)
        for answer in 500, None, 302, 404, 429:
            expect(receiver.keys(answer), receiver.keys()[:1])
        log = place.get("log")
        # libcurl itself tries again where a kept connection ends without an answer.
        for line in (r'delivered_total{webhook="0"} 5', r'failures_total{webhook="0"} [45]',
                     r'failing{webhook="0"} 0'):
            wait_for(lambda text=f"blockwatch_webhook_{line}\n":
                     re.search(text, collector.ask("GET", "/metrics")[1]))
        expect(("webhooks[0]: the answer is 500" in log, "webhooks[0]: it works again" in log,
                log.count("webhooks[0]")), (True, True, 2))


def test_a_dead_webhook_holds_nobody(place):
    with Receiver() as gone:
        port = gone.port
    with Receiver() as receiver, Collector(place, webhooks=[
            {"url": f"http://127.0.0.1:{port}/"}, {"url": receiver.url}]) as collector:
        turn(collector, 1, "dark", -600)
        receiver.wait(5)
        turn(collector, 11, "up", -300)
        receiver.wait(10)
        with Receiver(port=port) as back:  # what it has missed comes in order
            expect(told(back.wait(10)), [("unknown", "dark"), ("dark", "up")])


def test_kills_lose_nothing_and_repeat_nothing(place):
    """kill -9 before the POST, between the POST and its answer, and after it."""
    killing, ready = [], threading.Event()

    def kill(receiver):
        ready.wait(30)
        killing[0].end(signal.SIGKILL)
        return None

    with Receiver() as receiver:
        port = receiver.port
        hooks = {"webhooks": [{"url": receiver.url}]}
    with Collector(place, **hooks) as collector:
        turn(collector, 1, "dark", -600)
        settled(collector, "dark")  # committed, and nobody listens
        collector.end(signal.SIGKILL)
    with Receiver([200, kill], port) as receiver:
        with Collector(place, **hooks) as collector:
            killing[:] = [collector]
            ready.set()
            wait_for(lambda: collector.process.poll() is not None)
        expect((len(receiver.keys()), len(receiver.keys(None))), (1, 1))
        with Collector(place, **hooks) as collector:
            receiver.wait(5)
            expect(len({*receiver.keys()}), 5)
            expect(receiver.keys(None)[0] in receiver.keys(), True)  # again, with its key
            turn(collector, 11, "up", -300)
            settled(collector, "up")
            collector.end(signal.SIGKILL)
        with Collector(place, **hooks):
            wait_for(lambda: len({*receiver.keys()}) >= 10)
        messages = receiver.taken()
        with Collector(place, **hooks) as collector:  # nothing is left
            turn(collector, 21, "up", -200)
            settled(collector, "up")
        once = {m["id"]: m for m in messages}
        expect(told(once.values()), [("unknown", "dark"), ("dark", "up")])
        # What had no answer when its sender ended may come again: with its key, as it was.
        with receiver.lock:
            bodies = {(headers["Idempotency-Key"], body) for _, headers, body in receiver.posts}
        expect((len({*receiver.keys()}), len(bodies)), (10, 10))


def test_a_webhook_that_is_new_learns_what_is_dark(place):
    with Collector(place) as collector:
        turn(collector, 1, "dark", -600)
        settled(collector, "dark")
    with Receiver() as receiver, Collector(place, webhooks=[{"url": receiver.url}]) as collector:
        expect(told(receiver.wait(5)), [("unknown", "dark")])
        turn(collector, 11, "up", -300)
        expect(told(receiver.wait(10)), [("unknown", "dark"), ("dark", "up")])
    with Receiver() as late, Collector(place, webhooks=[{"url": late.url}]) as collector:
        settled(collector, "up")
        expect(late.posts, [])  # that all is up is no news


def test_a_webhook_that_is_removed_is_forgotten(place):
    def rows():
        with sqlite3.connect(place.path("c.db")) as base:
            return [base.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0
                    for table in ("message", "webhook_told")]
    gone = {"url": "http://127.0.0.1:9/gone"}
    with Collector(place, webhooks=[gone]) as collector:
        turn(collector, 1, "dark", -600)
        settled(collector, "dark")
        wait_for(lambda: rows() == [True, True])
    with Collector(place, webhooks=[gone]):
        expect(rows(), [True, True])
    with Collector(place):
        expect(rows(), [False, False])


def test_what_a_later_one_supersedes_waits_for_a_day(place):
    with Receiver() as gone:
        port = gone.port
    hooks = {"webhooks": [{"url": f"http://127.0.0.1:{port}/hook"}]}
    with Collector(place, **hooks) as collector:
        turn(collector, 1, "dark", -600)
        settled(collector, "dark")
        turn(collector, 11, "up", -300)
        settled(collector, "up")
    database = sqlite3.connect(place.path("c.db"))
    database.execute("UPDATE message SET time = time - 90000 * 1000000000")
    database.commit()
    database.close()
    with Receiver(port=port) as receiver, Collector(place, **hooks):
        expect(told(receiver.wait(5)), [("dark", "up")])  # the last one is told for ever


def test_a_silent_vantage_is_told_once_and_its_return(place):
    vantage = {"round_s": 1.0}
    with Receiver() as receiver:
        hooks = {"webhooks": [{"url": receiver.url, "targets": ["ir"]}], "stale_after": 1}
        with Collector(place, **hooks) as collector:
            collector.post(lines(record(1, when=0, **vantage)))
            expect(receiver.wait(1), [{"vantage": "fra1", "silent": True}])
        with Collector(place, **hooks) as collector:  # a restart does not repeat it
            collector.post(lines(record(2, when=0, round_s=60.0)))
            expect(receiver.wait(2)[1:], [{"vantage": "fra1", "silent": False}])
        expect(len({*receiver.keys()}), 2)


def test_a_command_gets_events(place):
    place.put("tell.sh", "#!/bin/sh\n[ -e ready ] || exit 3\ncat >>told\necho >>told\n")
    os.chmod(place.path("tell.sh"), 0o755)
    with Collector(place, webhooks=[{"command": ["./tell.sh", "x", "x"]}]) as collector:
        turn(collector, 1, "dark", -600)
        wait_for(lambda: "webhooks[0]: the command exits with 3" in place.get("log"))
        place.put("ready", "")
        messages = wait_for(lambda: os.path.exists(place.path("told")) and
                            place.get("told").count("\n") == 5 and place.get("told"))
        expect(told([json.loads(line) for line in messages.splitlines()]),
               [("unknown", "dark")])


def test_bad_webhooks_are_refused(place):
    put_secret(place)
    place.put("empty", "\n")
    os.chmod(place.path("empty"), 0o600)
    good = {"url": "http://127.0.0.1:1/"}
    for webhooks, status, words in (
            ([{"url": "ftp://127.0.0.1/"}], 65, "must begin with http:// or https://"),
            ([{"url": "http:///x"}], 65, "is no URL"),
            ([{"url": "http://a:b@127.0.0.1/"}], 65, "a user or a password"),
            ([{"url": "http://127.0.0.1:99999/"}], 65, "is no URL"),
            ([{}], 65, "one of"),
            ([{**good, "command": "true"}], 65, "one of"),
            ([good, good], 65, "given twice"),
            ([{"command": "true"}, {"command": ["true"]}], 65, "twice"),
            ([{**good, "secret_file": "none"}], 66, "webhooks[0].secret_file"),
            ([{**good, "secret_file": "empty"}], 65, "webhooks[0].secret_file"),
            ([{"command": "true", "secret_file": "hook.secret"}], 65, "secret_file"),
            ([{**good, "urls": 1}], 65, "urls"),
            ([{"url": f"http://127.0.0.1:{n + 1}/"} for n in range(17)], 65, "too many")):
        Collector(place, webhooks=webhooks)
        for more in (), ("--check-config",):
            run = place.run("collect", "--config", "c.json", *more)
            run.expect(status, "")
            if words not in run.err or run.err.count("\n") != 1:
                raise Mismatch(f"{run.err!r} should be one line with {words!r}")
    place.put("plain.sh", "#!/bin/sh\n")
    os.chmod(place.path("plain.sh"), 0o644)
    for command, words in (("/nowhere/alarm", "/nowhere/alarm: No such file or directory"),
                           ("./plain.sh", "./plain.sh: cannot be executed"),
                           ("/", "/: cannot be executed"),
                           ("no-such-alarm", "'no-such-alarm' is not in any folder of PATH")):
        Collector(place, webhooks=[good, {"command": [command, "x"]}])
        run = place.run("collect", "--config", "c.json", "--check-config")
        run.expect(65, "")
        if not re.search(r"c.json:1:\d+: webhooks\[1\].command: " + re.escape(words) + r"\n$",
                         run.err):
            raise Mismatch(f"{run.err!r} should say {words!r}")
    Collector(place, webhooks=[{"command": ["true", "x"]}])
    run = place.run("collect", "--config", "c.json", "--check-config")
    run.expect(0, err="")
    if not re.search("^webhooks +command true, x$", run.out, re.MULTILINE):
        raise Mismatch(run.out)
    Collector(place, webhooks=[{**good, "secret_file": "hook.secret", "targets": ["kp"]}])
    run = place.run("collect", "--config", "c.json", "--check-config")
    run.expect(0, err="")


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
