#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` into a stream with three replicas, of whose servers one is killed; and into ClickHouse."""
import os
import shutil
import subprocess
import time
import urllib.request

from setting import Setting, cli, wait_for
import nats

CLUSTER = """
server_name: n{number}
cluster {{ name: c, listen: "127.0.0.1:{own}", routes: [{routes}] }}
"""


def start_cluster(folder):
    ports = [nats.free_port() for _server in range(3)]
    routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in ports)
    return [nats.Server(os.path.join(folder, f"n{number}"),
                        config=CLUSTER.format(number=number, own=port, routes=routes))
            for number, port in enumerate(ports)]


def make_stream(port):
    """False while the cluster has no leader, which does not answer."""
    client = nats.Client(port)
    client.socket.settimeout(3)
    try:
        return "error" not in client.create(num_replicas=3, duplicate_window=600 * 10 ** 9)
    except OSError:
        return False
    finally:
        client.close()


def count(port):
    """Messages in the stream; -1 while it has no leader."""
    client = nats.Client(port)
    client.socket.settimeout(3)
    try:
        return client.count()
    except OSError:
        return -1
    finally:
        client.close()


def one_of_three_is_killed(place):
    servers = start_cluster(place.path("nats"))
    try:
        wait_for(lambda: make_stream(servers[0].port), "the stream with three replicas", 90)
        with Setting(place) as setting:
            setting.configure({"type": "nats", "name": "stream", "url": servers[1].url(),
                               "timeout": "5s"})
            keys = setting.spool.fill(20000)
            process = setting.start()
            wait_for(lambda: count(servers[0].port) > 2000, "the first records", 60)
            servers[1].kill()
            time.sleep(2)
            wait_for(lambda: count(servers[0].port) == len(keys), "all of them by another", 120)
            setting.stop(process)
    finally:
        for server in servers:
            server.kill()


def query(port, text, body=None):
    url = f"http://127.0.0.1:{port}/?query=" + urllib.request.quote(text)
    with urllib.request.urlopen(url, body, 20) as answer:
        return answer.read().decode().strip()


def into_clickhouse(place):
    if not shutil.which("clickhouse-server"):
        raise cli.Skip("no clickhouse-server")
    port, native = nats.free_port(), nats.free_port()
    place.put("ch/config.xml", f"""<yandex><logger><level>warning</level>
<log>{place.folder}/ch/log</log><errorlog>{place.folder}/ch/err</errorlog></logger>
<listen_host>127.0.0.1</listen_host><http_port>{port}</http_port><tcp_port>{native}</tcp_port>
<path>{place.folder}/ch/data/</path><tmp_path>{place.folder}/ch/tmp/</tmp_path>
<mark_cache_size>5368709</mark_cache_size><default_profile>default</default_profile>
<users_config>users.xml</users_config></yandex>""")
    place.put("ch/users.xml", """<yandex><profiles><default>
<input_format_skip_unknown_fields>1</input_format_skip_unknown_fields></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></default></users>
<quotas><default></default></quotas></yandex>""")
    process = subprocess.Popen(["clickhouse-server", "--config-file=config.xml"],
                               cwd=place.path("ch"), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers():
        try:
            return query(port, "SELECT 1") == "1"
        except OSError:
            return False
    try:
        wait_for(answers, "clickhouse-server", 60)
        query(port, "CREATE TABLE r (day Date DEFAULT today(), vantage String, boot String, "
                    "seq UInt64, type String) ENGINE = ReplacingMergeTree(day, (vantage, boot, "
                    "seq), 8192)", b"")
        with Setting(place) as setting:
            keys = setting.spool.fill(5000)
            insert = urllib.request.quote("INSERT INTO r FORMAT JSONEachRow")
            setting.configure({"url": f"http://127.0.0.1:{port}/?query={insert}"
                                      "&input_format_skip_unknown_fields=1"})
            setting.ship_quietly()
            cli.equal(query(port, "SELECT count() FROM r FINAL"), str(len(keys)), "records")
            os.unlink(setting.spool.folder + "/positions/centre.json")
            setting.ship_quietly()
            cli.equal(query(port, "SELECT count() FROM r FINAL"), str(len(keys)), "after a repeat")
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    cli.main([one_of_three_is_killed, into_clickhouse])
