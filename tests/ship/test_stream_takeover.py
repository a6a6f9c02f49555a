#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two collectors over one PostgreSQL database and one durable consumer: both take messages, and
are killed in turns."""
import os
import signal
import sys
import time

from setting import cli, wait_for
from collector import Collector, fill
from nats import Client
from test_stream import in_setting

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "db"))
import server as databases  # noqa: E402


def wait_for_records(database, count):
    until = time.monotonic() + 90
    while int(database.sql("SELECT count(*) FROM record")) < count:
        cli.holds(time.monotonic() < until, "the records")
        time.sleep(0.1)


@in_setting
def both_take_messages(setting, server):
    if not databases.programs():
        raise cli.Skip("no PostgreSQL server")
    database = databases.Server().start()
    try:
        take_turns(setting, server, database)
    finally:
        database.close()


def take_turns(setting, server, database):
    keys = fill(setting.spool, 12000)
    setting.publish()
    client = Client(server.port)
    client.request("$JS.API.CONSUMER.DURABLE.CREATE.BLOCKWATCH.collector",
                   {"stream_name": "BLOCKWATCH",
                    "config": {"durable_name": "collector", "ack_policy": "explicit",
                               "ack_wait": 10 ** 9, "max_deliver": -1, "deliver_policy": "all"}})
    client.close()
    with Collector(setting.place, server.url(), "a", store=database.url()) as first, \
            Collector(setting.place, server.url(), "b", store=database.url()) as second:
        for turn, killed in enumerate((first, second, first), 1):
            wait_for_records(database, 2500 * turn)
            killed.end(signal.SIGKILL)
            killed.start()
        wait_for_records(database, len(keys))
        cli.equal(database.sql("SELECT count(*), count(DISTINCT seq), max(seq) FROM record"),
                  f"{len(keys)}|{len(keys)}|{len(keys)}", "records")
        wait_for(lambda: first.get("/v1/events") == second.get("/v1/events"), "the same events")
        wait_for(lambda: first.metric("stream_waiting") == 0, "the stream")
        cli.equal(first.metric("leads") + second.metric("leads"), 1, "leaders")
        taken = [c.metric("stream_messages_total") for c in (first, second)]
        cli.holds(taken[1] > 0, f"both take messages: {taken}")
        first.end()
        second.end()


if __name__ == "__main__":
    cli.main([both_take_messages])
