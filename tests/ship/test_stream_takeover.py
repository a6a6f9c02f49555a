#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two collectors over one PostgreSQL database and one durable consumer: one works, and when it is
killed the other takes its place."""
import os
import signal
import sys
import time

from setting import cli
from collector import Collector, fill
from nats import Client
from test_stream import in_setting

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "db"))
import server as databases  # noqa: E402


def start_when_free(collector):
    """As a service manager does: until the database is free."""
    until = time.monotonic() + 60
    while True:
        try:
            return collector.start()
        except cli.Mismatch:
            cli.holds("another collector" in collector.log(), collector.log())
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def wait_for_records(database, count):
    until = time.monotonic() + 90
    while int(database.sql("SELECT count(*) FROM record")) < count:
        cli.holds(time.monotonic() < until, "the records")
        time.sleep(0.1)


@in_setting
def another_takes_over(setting, server):
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
            Collector(setting.place, server.url(), "b", store=database.url(),
                      starts=False) as second:
        for turn, (working, waiting) in enumerate(((first, second), (second, first)), 1):
            wait_for_records(database, 3000 * turn)
            working.end(signal.SIGKILL)
            start_when_free(waiting)
        wait_for_records(database, len(keys))
        cli.equal(database.sql("SELECT count(*), count(DISTINCT seq), max(seq) FROM record"),
                  f"{len(keys)}|{len(keys)}|{len(keys)}", "records")
        first.end()


if __name__ == "__main__":
    cli.main([another_takes_over])
