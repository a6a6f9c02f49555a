#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The collector as consumer of a stream, while it or the server is killed again and again."""
import signal

from setting import cli, wait_for
from collector import Collector, fill
from nats import Client
from test_stream import in_setting, stored


@in_setting
def a_collector_that_is_killed(setting, server):
    """Between commit and acknowledgement, too: what comes again is known."""
    keys = fill(setting.spool, 10000)
    setting.publish()
    client = Client(server.port)
    client.request("$JS.API.CONSUMER.DURABLE.CREATE.BLOCKWATCH.collector",
                   {"stream_name": "BLOCKWATCH",
                    "config": {"durable_name": "collector", "ack_policy": "explicit",
                               "ack_wait": 10 ** 9, "max_deliver": -1, "deliver_policy": "all"}})
    with Collector(setting.place, server.url()) as collector:
        for part in range(1, 4):
            collector.wait_for(2500 * part)
            collector.end(signal.SIGKILL)
            collector.start()
        collector.expect_once(keys)
        collector.end()
        client.close()


@in_setting
def a_server_that_is_killed(setting, server):
    with Collector(setting.place, server.url()) as collector:
        keys, process = [], setting.start()
        for part in range(2):
            keys += fill(setting.spool, 3000, 1 + 3000 * part)
            collector.wait_for(len(keys) - 2999)
            server.kill()
            server.start()
        collector.expect_once(keys)
        setting.stop(process)
        collector.end()


@in_setting
def a_consumer_that_is_ahead_of_its_stream(setting, server):
    """The server has lost messages, and still knows that they were acknowledged."""
    with Collector(setting.place, server.url()) as collector:
        keys, process = fill(setting.spool, 1000), setting.start()
        wait_for(lambda: stored(setting) == 1000, "the confirmation")
        server.keep()
        keys += fill(setting.spool, 2000, 1001)
        wait_for(lambda: stored(setting) == 3000, "the second confirmation")
        setting.stop(process)
        server.kill()
        server.lose("jetstream/*/streams/*/msgs")
        server.start()
        keys += fill(setting.spool, 1000, 3001)
        process = setting.start()
        collector.expect_once(keys)
        setting.stop(process)
        collector.end()


if __name__ == "__main__":
    cli.main([a_collector_that_is_killed, a_server_that_is_killed,
              a_consumer_that_is_ahead_of_its_stream])
