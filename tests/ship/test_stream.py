#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The collector as consumer of a stream: `ship` publishes, a real nats-server is between them."""
import json
import sqlite3

from setting import Setting, cli, wait_for
from collector import Collector, fill, whole
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
    with Collector(setting.place, server.url()) as collector:
        wait_for(lambda: "no stream BLOCKWATCH yet" in collector.log(), "a line about it")
        cli.equal(json.loads(collector.get("/healthz"))["stream"]["ready"], False, "ready")
        keys = fill(setting.spool, 5000)
        done = setting.ship().expect(0)
        # It ends by the confirmation, long before the ten minutes of the stream are over.
        cli.holds(done.err.endswith("ship: delivered 5000 records to stream\n"), done.err)
        collector.expect_once(keys)
        cli.equal(json.loads(collector.get("/healthz"))["stream"]["error"], None, "health")
        cli.equal(collector.metric("stream_messages_total"), 5000, "messages")
        info = Client(server.port).request("$JS.API.CONSUMER.INFO.BLOCKWATCH.collector")
        cli.equal(info["config"]["ack_policy"], "explicit", "ack policy")
        collector.end()


def consumer(client):
    return client.request("$JS.API.CONSUMER.INFO.BLOCKWATCH.collector")


def wait_for_acks(client, count):
    """All COUNT messages of the stream are acknowledged or thrown away."""
    wait_for(lambda: consumer(client).get("ack_floor", {}).get("stream_seq") == count,
             "acknowledgements")
    cli.equal(consumer(client)["num_ack_pending"], 0, "pending")


def hostile_messages(place):
    with Server(place.path("nats"), config="max_payload: 20MB\n") as server, \
            Collector(place, server.url(), vantages=("v1", "v2")) as collector:
        client = Client(server.port)
        client.create()
        good = whole(1)
        bad = [("v1", b""), ("v1", b"junk"), ("v1", b"\0" * 100), ("v1", b"x" * (9 << 20)),
               ("v1", b"[" * 5000), ("v1", whole(2, vantage="v2").encode()),
               ("v2", whole(2, vantage="v1").encode()),
               ("nobody", whole(2, vantage="nobody").encode()),
               ("v1", (whole(2) + whole(3)).encode()),
               ("v1", whole(2).replace('"kp"', '"k\x1b[2Jp"').encode()),
               ("v1", whole(2).replace('"boot":"b1"', '"boot":"' + "b" * 5000 + '"').encode()),
               ("v1", whole(2).replace('"v1"', '"v1","vantage":"v2"').encode()),
               ("v1", whole(2).replace('"seq":2', '"seq":18446744073709551615').encode())]
        for vantage, data in bad:
            client.request(f"blockwatch.{vantage}.kp.block", data)
        client.request("blockwatch.v1.kp.block", good)
        client.request("blockwatch.v1.kp.block", good.encode().rstrip())
        wait_for_acks(client, len(bad) + 2)
        collector.expect_once([("b1", 1)])
        cli.equal(collector.metric("stream_refused_total"), len(bad), "refused")
        cli.equal(collector.metric("records_known_total"), 1, "known")
        cli.holds(" no record and will not come again; one on blockwatch." in collector.log(),
                  collector.log())
        cli.equal(collector.log().count(" no record and "), 1, collector.log())
        collector.end()
        client.close()


@in_setting
def a_stream_that_is_made_anew(setting, server):
    with Collector(setting.place, server.url()) as collector:
        keys, process = fill(setting.spool, 3000), setting.start()
        collector.wait_for(3000)
        client = Client(server.port)
        client.delete()
        keys += fill(setting.spool, 3000, 3001)
        collector.expect_once(keys)
        cli.holds("nats: the consumer is gone: tried again" in collector.log() or
                  "no stream" in collector.log(), collector.log())
        setting.stop(process)
        collector.end()
        client.close()


@in_setting
def a_database_that_is_locked(setting, server):
    keys = fill(setting.spool, 12000)
    setting.publish()
    with Collector(setting.place, server.url()) as collector:
        collector.wait_for(1)
        database = sqlite3.connect(setting.place.path("c.db"), timeout=30, isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        before = database.execute("SELECT count(*) FROM record").fetchone()[0]
        if before < len(keys):
            wait_for(lambda: "cannot be stored" in collector.log(), "a line about it", 60)
            client = Client(server.port)
            cli.holds(consumer(client)["num_ack_pending"] <= 4000, "messages in memory")
            client.close()
        database.execute("ROLLBACK")
        database.close()
        collector.expect_once(keys)
        collector.end()


def stored(setting, which="stored"):
    try:
        return setting.spool.position("stream")[which]["seq"]
    except FileNotFoundError:
        return 0


@in_setting
def what_is_confirmed_is_stored(setting, server):
    """And what is not is published again to a server that has lost what it acknowledged."""
    with Collector(setting.place, server.url()) as collector:
        keys, process = fill(setting.spool, 3000), setting.start()
        wait_for(lambda: stored(setting) == 3000, "the confirmation")
        collector.end()
        server.keep()
        keys += fill(setting.spool, 3000, 3001)
        wait_for(lambda: stored(setting, "sent") == 6000, "the rest")
        cli.equal(stored(setting), 3000, "stored")
        server.kill()
        server.lose("*")
        server.start()
        wait_for(lambda: "is sent again" in setting.errors(), "a line about it", 30)
        collector.start()
        collector.wait_for(len(keys))
        wait_for(lambda: stored(setting) == 6000, "the second confirmation")
        collector.expect_once(keys)
        client = Client(server.port)
        cli.equal(client.count(), 6000, "messages")
        client.close()
        setting.stop(process)
        collector.end()


if __name__ == "__main__":
    cli.main([records_arrive_once, hostile_messages, a_stream_that_is_made_anew,
              a_database_that_is_locked, what_is_confirmed_is_stored])
