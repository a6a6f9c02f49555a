#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` into JetStream: a nats-server on loopback, which is killed and loses its stream."""
import json
import os
import re
import signal

from setting import Setting, cli, wait_for
import spool as spools
from nats import Client, Server


def in_setting(test):
    def run(place):
        with Setting(place) as setting, Server(place.path("nats")) as server:
            setting.configure({"type": "nats", "name": "stream", "url": server.url(),
                               "timeout": "3s"})
            test(setting, server)
    run.__name__ = test.__name__
    return run


@in_setting
def records_arrive_once(setting, server):
    keys = setting.spool.fill(3000)
    setting.publish()
    client = Client(server.port)
    info = client.info()
    cli.equal(info["state"]["messages"], len(keys), "messages")
    cli.holds(info["config"]["duplicate_window"] >= 600 * 10 ** 9, "duplicate window")
    cli.equal(info["config"]["subjects"], ["blockwatch.*.*.*"], "subjects")
    subject, headers, data = client.message(1)
    record = json.loads(data)
    cli.equal(subject, f"blockwatch.v1.{record.get('target', '-')}.{record['type']}", "subject")
    cli.holds(f"Nats-Msg-Id:v1-b1-{record['seq']}" in headers.replace(": ", ":"), headers)
    # Sent again from the beginning, the server knows all of it.
    os.unlink(setting.spool.folder + "/positions/stream.json")
    setting.publish()
    cli.equal(client.count(), len(keys), "messages after a second time")
    setting.spool.append(spools.line("vantage", "b1", 3001))
    setting.publish()
    cli.holds(client.message(len(keys) + 1)[0].startswith("blockwatch.v1.-.vantage"), "no target")
    client.close()


@in_setting
def a_killed_server_comes_back(setting, server):
    setting.spool.fill(2000)
    process = setting.start()
    client = Client(server.port)
    wait_for(lambda: client.count() == 2000, "the first records")
    client.close()
    server.kill()
    setting.spool.fill(2000, first=2001)
    wait_for(lambda: "ship: stream: " in setting.errors(), "a line about it")
    server.start()
    client = Client(server.port)
    wait_for(lambda: client.count() == 4000, "all records", 30)
    wait_for(lambda: "takes records again" in setting.errors(), "a line about that")
    cli.equal(setting.errors().count("tried again"), 1, setting.errors())
    setting.stop(process)
    client.close()


@in_setting
def what_is_sent_again_is_backlog(setting, server):
    """The stream is made anew, and takes nothing: all of it waits, and the position says so."""
    setting.spool.fill(1000)
    process = setting.start()
    client = Client(server.port)
    wait_for(lambda: client.count() == 1000, "the first records")
    wait_for(lambda: setting.spool.position("stream")["sent"]["seq"] == 1000, "the position")
    wait_for(lambda: setting.spool.position("stream")["backlog"]["records"] == 0, "no backlog")
    client.delete()
    wait_for(lambda: "error" in client.info(), "its end")
    client.create(max_msgs=1, discard="new")
    setting.spool.append(spools.line("event", "b1", 1001))
    wait_for(lambda: setting.spool.position("stream")["backlog"]["records"] >= 999, "the backlog",
             40)
    setting.stop(process)
    client.close()


@in_setting
def a_lost_stream_is_filled_again(setting, server):
    """It is deleted while all is quiet: what is not confirmed is published again."""
    setting.spool.fill(1000)
    process = setting.start()
    client = Client(server.port)
    wait_for(lambda: client.count() == 1000, "the first records")
    wait_for(lambda: setting.spool.position("stream")["sent"]["seq"] == 1000, "the position")
    client.delete()
    setting.spool.append(spools.line("event", "b1", 1001))
    wait_for(lambda: client.count() == 1001, "all records", 40)
    cli.holds("sent again" in setting.errors(), setting.errors())
    setting.stop(process)
    client.close()


def a_server_that_is_not_there(place):
    with Setting(place) as setting:
        setting.spool.fill(10)
        setting.configure({"type": "nats", "name": "stream", "url": "nats://127.0.0.1:1",
                           "timeout": "2s"})
        process = setting.start()
        wait_for(lambda: "ship: stream: cannot connect" in setting.errors(), "a line about it")
        setting.stop(process, signal.SIGTERM)
        cli.equal(setting.errors().count("\n"), 1, setting.errors())
        done = place.run("run", "--config", "c.json", "--check-config", "--connect")
        done.expect(69)
        cli.holds(re.search(r"sink 'stream' \(nats://127.0.0.1:1\): cannot connect", done.out),
                  done.out)


@in_setting
def check_config_connects(setting, _server):
    done = setting.place.run("run", "--config", "c.json", "--check-config", "--connect")
    done.expect(0, err="")
    cli.holds("takes records\n" in done.out, done.out)


if __name__ == "__main__":
    cli.main([records_arrive_once, a_killed_server_comes_back, a_lost_stream_is_filled_again,
              what_is_sent_again_is_backlog, a_server_that_is_not_there, check_config_connects])
