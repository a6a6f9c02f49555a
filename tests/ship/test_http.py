#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` against receivers on loopback that fail in every way; each record arrives once."""
import json
import os
import signal
import socket
import subprocess
import time

from setting import Setting, cli, expect_all, expect_once, wait_for
import receiver as receivers
import spool as spools
from receiver import Receiver, cut, status, store


def in_setting(test):
    def run(place):
        with Setting(place) as setting:
            test(setting)
    run.__name__ = test.__name__
    return run


def sent(request):
    """(headers, records) of a request."""
    return request[1], [json.loads(line) for line in request[2].splitlines()]


@in_setting
def all_arrive_once_in_each_framing(setting):
    keys = setting.spool.fill(3000)

    def bulk(handler, body):
        handler.server.owner.keep(b"\n".join(body.splitlines()[1::2]))
        handler.answer(200, b'{"took":1,"errors":false,"items":[]}')

    def loki(handler, body):
        for stream in json.loads(body)["streams"]:
            for _time, line in stream["values"]:
                cli.equal(json.loads(line)["type"], stream["stream"]["type"], "label")
                handler.server.owner.keep(line.encode())
        handler.answer(204)

    with Receiver() as plain, Receiver(default=bulk) as elastic, Receiver(default=loki) as other:
        setting.configure({"url": plain.url(), "compression": "zstd", "name": "a",
                           "headers": {"X-Scope": "7"}},
                          {"url": elastic.url(), "framing": "es_bulk", "name": "b"},
                          {"url": other.url(), "framing": "loki", "name": "c",
                           "compression": "none"})
        setting.ship_quietly()
        for one in plain, elastic, other:
            expect_once(one, keys)
        headers, records = sent(plain.requests[0])
        cli.equal(headers["X-Scope"], "7", "further header")
        cli.equal(headers["X-Blockwatch-Vantage"], "v1", "the vantage")
        cli.equal(headers["Content-Encoding"], "zstd", "compression")
        cli.equal(headers["Idempotency-Key"],
                  f"v1-b1-{records[0]['seq']}-{records[-1]['seq']}-{len(records)}", "key")
        first = elastic.requests[0][2].splitlines()[:2]
        cli.equal(json.loads(first[0]),
                  {"create": {"_id": f"v1-b1-{json.loads(first[1])['seq']}"}}, "action")
    # Nothing is left: a second run sends nothing.
    setting.ship_quietly()


@in_setting
def until_empty_says_what_it_delivered(setting):
    setting.spool.fill(400)
    setting.spool.append(spools.line("event", "b1", 401))
    with Receiver() as all_of_it, Receiver() as few:
        setting.configure({"url": all_of_it.url()},
                          {"url": few.url(), "name": "few", "types": ["target"]})
        done = setting.ship().expect(0)
        cli.equal(done.err, f"blockwatch: ship: delivered {len(all_of_it.records)} records to "
                            f"centre, {len(few.records)} records to few\n", "the line")
        setting.ship().expect(0, err="blockwatch: ship: nothing to ship\n")
        setting.spool.append(spools.line("event", "b1", 402))
        setting.ship().expect(0, err="blockwatch: ship: delivered 1 record to centre, "
                                     "0 records to few\n")
        setting.spool.append(spools.line("event", "b1", 403))
        all_of_it.default = status(400)
        done = setting.ship().expect(0)
        cli.equal(done.err.splitlines()[-1], "blockwatch: ship: delivered 0 records to centre "
                                             "(1 set aside), 0 records to few", "the last line")


@in_setting
def filters_choose(setting):
    keys = setting.spool.fill(400)
    setting.spool.append(spools.line("block", "b1", 401, "ir"))
    kinds = {seq: spools.kind_of(seq) for _boot, seq in keys}
    with Receiver() as some, Receiver() as events:
        setting.configure({"url": some.url(), "types": ["block", "vantage"], "targets": ["ir"]},
                          {"url": events.url(), "types": ["event"], "name": "events"})
        setting.ship_quietly()
        expect_once(some, [key for key in keys if kinds[key[1]] == "vantage"] + [("b1", 401)])
        expect_once(events, [key for key in keys if kinds[key[1]] == "event"])


@in_setting
def events_overtake_a_backlog(setting):
    """Everything but events is refused for now: events come at once, old and new ones."""
    keys = setting.spool.fill(5000)
    events = {key for key in keys if spools.kind_of(key[1]) == "event"}

    def act(handler, body):
        if b'"type":"event"' in body:
            store(handler, body)
        else:
            handler.answer(503, Retry_After="60")
    with Receiver(default=act) as there:
        setting.configure({"url": there.url()})
        process = setting.start()
        wait_for(lambda: events <= set(there.records), "the events of the backlog")
        begun = time.monotonic()
        setting.spool.append(spools.line("event", "b1", 5001))
        wait_for(lambda: ("b1", 5001) in there.records, "the new event")
        cli.holds(time.monotonic() - begun < 1, "it is on its way within a second")
        setting.stop(process)
        cli.equal(set(there.records), events | {("b1", 5001)}, "what came")
        there.default = store
        setting.ship().expect(0)
        expect_once(there, keys + [("b1", 5001)])


@in_setting
def events_are_first_after_an_outage(setting):
    """While all is refused, each request of other records comes right after one of events."""
    keys = setting.spool.fill(2000)
    order = []

    def act(handler, body):
        kind = "event" if b'"type":"event"' in body else "rest"
        with handler.server.owner.lock:
            refuses = order.count("rest") < 3
            order.append(kind)
        if refuses:
            handler.answer(503)
        else:
            store(handler, body)
    with Receiver(default=act) as there:
        setting.configure({"url": there.url()})
        setting.ship().expect(0)
        expect_once(there, keys)
    rest = [i for i, kind in enumerate(order) if kind == "rest"]
    cli.holds(all(order[i - 1] == "event" for i in rest[1:4]), order)
    cli.equal(spools.kind_of(there.order[0][1]), "event", "the first record that is stored")


@in_setting
def one_lane_that_succeeds_wakes_the_other(setting):
    """Other records are refused until an event has come: they follow it within two seconds."""
    setting.spool.append(spools.line("block", "b1", 1))
    refused, came = [], {}

    def act(handler, body):
        kind = "event" if b'"type":"event"' in body else "rest"
        if kind == "rest" and "event" not in came:
            refused.append(time.monotonic())
            handler.answer(503)
            return
        came.setdefault(kind, time.monotonic())
        store(handler, body)
    with Receiver(default=act) as there:
        setting.configure({"url": there.url(), "name": "centre"})
        process = setting.start("--until-empty")
        wait_for(lambda: len(refused) >= 4, "refusals")
        setting.spool.append(spools.line("event", "b1", 2))
        cli.equal(process.wait(20), 0, "exit status")
        setting.running.remove(process)
        cli.holds(came["rest"] - came["event"] < 2, came)


@in_setting
def new_lines_are_seen_at_once(setting):
    with Receiver() as there:
        setting.configure({"url": there.url()})
        process = setting.start()
        wait_for(lambda: os.path.exists(setting.spool.folder + "/positions/.lock"), "start")
        setting.spool.append(spools.line("event", "b1", 1)[:50])
        setting.spool.append(spools.line("event", "b1", 1)[50:])
        wait_for(lambda: ("b1", 1) in there.records, "the event")
        setting.stop(process)
        expect_once(there, [("b1", 1)])


@in_setting
def answers_that_ask_for_patience(setting):
    keys = setting.spool.fill(300)
    with Receiver(script=[status(503, Retry_After="1"), status(500), cut, status(429)]) as there:
        setting.configure({"url": there.url()})
        done = setting.ship().expect(0)
        expect_once(there, keys)
        cli.holds(1 <= done.err.count("is tried again") <= 4, done.err)
        cli.holds("centre: takes records again" in done.err, done.err)
        failures = setting.spool.position("centre")["failures"]
        # libcurl itself sends again what a kept connection has cut off.
        cli.holds(3 <= sum(failures.values()) <= 4, failures)


@in_setting
def too_large_is_halved(setting):
    keys = setting.spool.fill(1000)
    with Receiver(default=receivers.too_large(100)) as there:
        setting.configure({"url": there.url()})
        setting.ship_quietly()
        expect_once(there, keys)
        cli.equal(setting.spool.refused(), [], "set aside")


@in_setting
def a_poisoned_batch_blocks_nothing(setting):
    keys = setting.spool.fill(2000)
    poison = b'"seq":1500,'

    def act(handler, body):
        if poison in body:
            handler.answer(400, b"I do not like line 1500")
        else:
            store(handler, body)
    with Receiver(default=act) as there:
        setting.configure({"url": there.url()})
        done = setting.ship().expect(0)
        (records, reason), = setting.spool.refused()
        aside = {(boot.decode(), int(seq)) for boot, seq in receivers.KEY.findall(records)}
        cli.holds(("b1", 1500) in aside, "the poison is set aside")
        cli.holds("400" in reason and "I do not like line 1500" in reason, reason)
        cli.equal(done.err.count("set aside in spool/refused"), 1, "lines about it")
        expect_once(there, set(keys) - aside)


@in_setting
def a_sink_at_fault_sets_nothing_aside(setting):
    keys = setting.spool.fill(200)
    with Receiver(script=[status(code) for code in (401, 403, 404, 409, 301)]) as there:
        setting.configure({"url": there.url()})
        done = setting.ship().expect(0)
        expect_once(there, keys)
        cli.equal(setting.spool.refused(), [], "set aside")
        cli.equal(done.err.count("centre: the receiver answers"), 1, done.err)


@in_setting
def bulk_is_judged_item_by_item(setting):
    setting.spool.fill(3, first=1, each=3)

    def items(*codes):
        def act(handler, body):
            lines = body.splitlines()[1::2]
            cli.equal(len(lines), len(codes), "records of the request")
            for line, code in zip(lines, codes):
                if code < 300:
                    handler.server.owner.keep(line)
            handler.answer(200, json.dumps({"errors": True, "items": [
                {"create": {"status": code, "error": {"reason": f"because {code}"}}}
                for code in codes]}).encode())
        return act
    with Receiver(script=[status(500), items(201, 400, 201)]) as there:
        setting.configure({"url": there.url("/_bulk"), "framing": "es_bulk", "name": "first"})
        done = setting.ship().expect(0)
        cli.equal(done.err.count("first: takes records again"), 1, done.err)
        position = setting.spool.position("first")
        cli.equal(position["failures"], {"server": 1, "set-aside": 1}, "failures of the first")
        cli.holds(position["last_success"], "success of the first")
    setting.spool.forget_refused()
    with Receiver(script=[items(201, 400, 429), items(409)]) as there:
        setting.configure({"url": there.url("/_bulk"), "framing": "es_bulk"})
        setting.ship().expect(0)
        expect_once(there, [("b1", 1)])
        (records, reason), = setting.spool.refused()
        cli.holds(b'"seq":2,' in records and reason == "because 400", reason)
        cli.equal(setting.spool.position("centre")["failures"], {"busy": 1, "set-aside": 1},
                  "failures by reason")
    setting.spool.forget_refused()
    with Receiver(script=[items(400, 201, 404)]) as there:
        setting.configure({"url": there.url("/_bulk"), "framing": "es_bulk", "name": "third"})
        setting.ship().expect(0)
        (records, _reason), = setting.spool.refused()
        cli.equal([seq for _boot, seq in receivers.KEY.findall(records)], [b"1", b"3"],
                  "one batch of all that were refused")
        cli.equal(setting.spool.refused_reasons(), [(1, "because 400"), (2, "because 404")],
                  "each has its own reason")


@in_setting
def our_collector_confirms(setting):
    setting.spool.fill(500)
    with Receiver(default=receivers.collector) as there:
        setting.configure({"url": there.url()})
        setting.ship_quietly()
        position = setting.spool.position("centre")
        cli.equal(position["stored"]["seq"], 500, "stored without a replay window")
        cli.holds(abs(position["clock_offset_s"]) < 2, "offset of the clock")
        cli.equal(position["backlog"], {"records": 0, "bytes": 0, "age_s": 0}, "backlog")


@in_setting
def endless_answers_are_cut_off(setting):
    keys = setting.spool.fill(100)

    def endless(handler, body):
        handler.server.owner.keep(body)
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            handler.close_connection = True
    with Receiver(default=endless) as there:
        setting.configure({"url": there.url()})
        setting.ship().expect(0)
        expect_once(there, keys)


@in_setting
def what_cannot_be_reached(setting):
    """DNS failure, a closed port, a port that never speaks TLS, nonsense: one line each."""
    setting.spool.fill(50)
    silent = socket.create_server(("127.0.0.1", 0))
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    nonsense = subprocess.Popen(
        ["python3", "-c", "import socket;s=socket.create_server(('127.0.0.1',0));"
         "print(s.getsockname()[1],flush=True)\n"
         "while 1:\n c,_=s.accept();c.recv(9);c.sendall(b'SSH-2.0-x\\r\\n'*9);c.close()"],
        stdout=subprocess.PIPE, text=True)
    try:
        other = int(nonsense.stdout.readline())
        setting.configure({"url": "http://no-such-host.invalid/", "name": "dns"},
                          {"url": f"http://127.0.0.1:{port}/", "name": "closed"},
                          {"url": f"https://127.0.0.1:{silent.getsockname()[1]}/", "name": "tls"},
                          {"url": f"http://127.0.0.1:{other}/", "name": "nonsense"})
        process = setting.start()
        names = ("dns", "closed", "tls", "nonsense")
        wait_for(lambda: all(f"ship: {name}: " in setting.errors() for name in names), "a line")
        setting.stop(process)
        for name in names:
            cli.equal(setting.errors().count(f"ship: {name}: "), 1, f"lines about {name}")
            cli.equal(setting.spool.position(name)["sent"]["seq"], 0, "sent")
            cli.equal(setting.spool.position(name)["backlog"]["records"], 50, "backlog")
        cli.holds(setting.spool.position("dns")["failures"].get("dns", 0) > 0, "failures by reason")
    finally:
        nonsense.kill()
        nonsense.wait()
        silent.close()


@in_setting
def a_slow_reader_is_given_up(setting):
    """It takes the connection and reads nothing."""
    setting.spool.fill(3000)
    server = socket.create_server(("127.0.0.1", 0))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    setting.configure({"url": f"http://127.0.0.1:{server.getsockname()[1]}/", "timeout": "1s",
                       "compression": "none"})
    process = setting.start()
    wait_for(lambda: "ship: centre: " in setting.errors(), "a line")
    wait_for(lambda: setting.spool.position("centre")["failures"].get("timeout"), "its reason")
    setting.stop(process)
    server.close()


@in_setting
def kill_9_repeats_one_request_at_most(setting):
    keys = setting.spool.fill(20000)
    with Receiver() as there:
        setting.configure({"url": there.url()})
        for part in range(1, 4):
            process = setting.start()
            wait_for(lambda part=part: len(there.records) >= part * 4000, "records")
            setting.stop(process, signal.SIGKILL)
        setting.ship().expect(0)
        expect_all(there, keys, most=4)


@in_setting
def secrets_and_rights(setting):
    """The token is read as root, then root is given up; it stands in the header alone."""
    setting.spool.fill(10)
    token = setting.place.put("token", "s3cret\n")
    os.chmod(setting.place.path(token), 0o644)
    with Receiver() as there:
        setting.configure({"url": there.url(), "token_file": "token"})
        done = setting.ship().expect(0)
        cli.equal(there.requests[0][1]["Authorization"], "Bearer s3cret", "token")
        cli.holds("everybody can read" in done.err and "s3cret" not in done.err, done.err)
        os.chmod(setting.place.path(token), 0o600)
        credentials = os.path.dirname(setting.place.path(setting.place.put("cred/token", "two\n")))
        os.chmod(setting.place.path("cred/token"), 0o600)
        setting.spool.append(spools.line("event", "b1", 11))
        setting.ship_quietly(CREDENTIALS_DIRECTORY=credentials)
        cli.equal(there.requests[-1][1]["Authorization"], "Bearer two", "credential of systemd")
        process = setting.start()
        wait_for(lambda: "positions" in os.readlink(f"/proc/{process.pid}/fd/{lock_of(process)}"),
                 "lock")
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            fields = dict(line.split(":\t", 1) for line in file)
        if os.geteuid() == 0:
            cli.holds("0" not in fields["Uid"].split() + fields["Gid"].split(), fields["Uid"])
        for name in ("CapPrm", "CapEff", "CapAmb"):
            cli.equal(int(fields[name], 16), 0, name)
        cli.equal(fields["NoNewPrivs"].strip(), "1", "no new privileges")
        second = setting.place.run("ship", "--config", "c.json")
        second.expect(69)
        cli.holds("another `ship` is at work" in second.err, second.err)
        setting.stop(process)
    os.unlink(setting.place.path(token))
    setting.place.run("ship", "--config", "c.json").expect(66)


def lock_of(process):
    """The descriptor of the lock, or standard input while there is none."""
    for name in os.listdir(f"/proc/{process.pid}/fd"):
        try:
            if os.readlink(f"/proc/{process.pid}/fd/{name}").endswith("positions/.lock"):
                return name
        except OSError:
            pass
    return "0"


@in_setting
def check_config_connects(setting):
    with Receiver() as good, Receiver(default=status(401)) as bad:
        setting.configure({"url": good.url()})
        done = setting.place.run("run", "--config", "c.json", "--check-config", "--connect")
        done.expect(0, err="")
        cli.holds(f"sink 'centre' ({good.url()}): takes records\n" in done.out, done.out)
        cli.equal(good.requests[0][2], b"", "the request")
        setting.configure({"url": good.url()}, {"url": bad.url(), "name": "bad"})
        done = setting.place.run("run", "--config", "c.json", "--check-config", "--connect")
        done.expect(69)
        cli.holds("sink 'bad'" in done.out and "401" in done.out, done.out)


if __name__ == "__main__":
    cli.main([all_arrive_once_in_each_framing, until_empty_says_what_it_delivered, filters_choose,
              events_overtake_a_backlog,
              events_are_first_after_an_outage, one_lane_that_succeeds_wakes_the_other,
              new_lines_are_seen_at_once, answers_that_ask_for_patience, too_large_is_halved,
              a_poisoned_batch_blocks_nothing, a_sink_at_fault_sets_nothing_aside,
              bulk_is_judged_item_by_item, our_collector_confirms, endless_answers_are_cut_off,
              what_cannot_be_reached, a_slow_reader_is_given_up,
              kill_9_repeats_one_request_at_most, secrets_and_rights, check_config_connects])
