#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` into JetStream, and a collector out of it: over TLS, and with files of credentials."""
import os
import time

from setting import Setting, cli, wait_for
from certificates import make_authority, make_certificate
from collector import Collector, fill
from nats import Server
from nkeys import Account

TLS = """tls {{ cert_file: "{folder}/{name}.pem", key_file: "{folder}/{name}.key"{more} }}\n"""
VERIFY = ', ca_file: "{folder}/ca.pem", verify: true'

# What the users of a vantage and of a collector need, as README.md lists it.
VANTAGE = {"pub": {"allow": ["blockwatch.v1.>", "$JS.API.STREAM.INFO.BLOCKWATCH",
                             "$JS.API.STREAM.CREATE.BLOCKWATCH"]},
           "sub": {"allow": ["_INBOX.>", "blockwatch-stored.v1"]}}
CENTRE = {"pub": {"allow": ["blockwatch-stored.*", "$JS.ACK.BLOCKWATCH.collector.>",
                            "$JS.API.STREAM.INFO.BLOCKWATCH",
                            "$JS.API.STREAM.MSG.GET.BLOCKWATCH",
                            "$JS.API.CONSUMER.*.BLOCKWATCH.collector",
                            "$JS.API.CONSUMER.*.*.BLOCKWATCH.collector"]},
          "sub": {"allow": ["_INBOX.>"]}}


def tls(folder, name="server", verify=False):
    more = VERIFY.format(folder=folder) if verify else ""
    return TLS.format(folder=folder, name=name, more=more)


def sink(server, **more):
    return {"type": "nats", "url": f"tls://127.0.0.1:{server.port}", "timeout": "3s",
            "name": "stream", **more}


def refused(setting, names, words):
    """Each of these sinks says one line, with WORDS in it, and nothing is lost or delivered."""
    process = setting.start()
    wait_for(lambda: all(f"ship: {name}: " in setting.errors() for name in names), "lines")
    setting.stop(process)
    for name in names:
        lines = [line for line in setting.errors().splitlines() if f"ship: {name}: " in line]
        cli.equal(len(lines), 1, setting.errors())
        cli.holds(words in lines[0], lines[0])
        cli.equal(setting.spool.position(name)["sent"]["seq"], 0, "sent")


def collected(place, keys, url, **nats):
    """A collector gets all of them."""
    if not os.path.exists(os.path.join(os.path.dirname(place.program), "blockwatch-collector")):
        return
    with Collector(place, url, **nats) as collector:
        collector.expect_once(keys)
        time.sleep(1)  # so long it has to confirm
        collector.end()


def certificates(place):
    folder = place.folder
    for name in ("ca", "other"):
        make_authority(folder, name)
    for name in ("server", "client"):
        make_certificate(folder, name)
    good = {"ca_file": "ca.pem", "client_certificate": "client.pem", "client_key": "client.key"}
    with Setting(place) as setting, Server(place.path("nats"),
                                           config=tls(folder, verify=True)) as server:
        keys = fill(setting.spool, 500)
        localhost = f"tls://localhost:{server.port}"
        setting.configure(sink(server, **{**good, "ca_file": "other.pem"}, name="wrong-ca"),
                          sink(server, **good, url=localhost, name="host"))
        refused(setting, ("wrong-ca", "host"), "cannot connect: ")
        setting.place.put("err", "")
        setting.configure(sink(server, ca_file="ca.pem", name="no-certificate"))
        refused(setting, ("no-certificate",), "cannot connect: ")
        setting.configure(sink(server, **good))
        setting.publish()
        collected(place, keys, f"tls://127.0.0.1:{server.port}", **good)


def an_expired_certificate(place):
    make_authority(place.folder)
    make_certificate(place.folder, "server", days="-1")
    with Setting(place) as setting, Server(place.path("nats"),
                                           config=tls(place.folder)) as server:
        setting.spool.fill(10)
        setting.configure(sink(server, ca_file="ca.pem"))
        refused(setting, ("stream",), "certificate has expired")
        done = place.run("run", "--config", "c.json", "--check-config", "--connect")
        done.expect(69)
        cli.holds("certificate has expired" in done.out, done.out)


def credentials(place):
    account, stranger = Account(), Account()
    with Setting(place) as setting, Server(place.path("nats"), config=account.config()) as server:
        keys = fill(setting.spool, 500)
        plain = {"url": server.url(), "credentials_file": "v1.creds"}
        for name, text in (("v1", account.credentials("v1", **VANTAGE)),
                           ("centre", account.credentials("centre", **CENTRE)),
                           ("wrong", stranger.credentials("v1")), ("empty", "nothing\n")):
            place.put(f"{name}.creds", text)
            os.chmod(place.path(f"{name}.creds"), 0o640)
        setting.configure(sink(server, **{**plain, "credentials_file": None}, name="none"),
                          sink(server, **{**plain, "credentials_file": "wrong.creds"},
                               name="wrong"),
                          sink(server, **{**plain, "credentials_file": "empty.creds"},
                               name="empty"))
        refused(setting, ("none", "wrong", "empty"), "cannot connect: ")
        setting.configure(sink(server, **plain))
        process = setting.start()
        collected(place, keys, server.url(), credentials_file="centre.creds")
        setting.stop(process)
        cli.equal(setting.spool.position("stream")["sent"]["seq"], 500, "sent")
        if os.path.exists(place.path("c.log")):
            cli.equal(setting.spool.position("stream")["stored"]["seq"], 500, "stored")
        # Its user may publish as no other vantage.
        setting.configure(sink(server, **plain, name="other", subject="blockwatch.v2.{target}"))
        refused(setting, ("other",), "")


if __name__ == "__main__":
    cli.main([certificates, an_expired_certificate, credentials])
