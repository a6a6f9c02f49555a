#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` into JetStream over TLS, with certificates and with a file of credentials."""

import os

from setting import Setting, cli, wait_for
from certificates import make_authority, make_certificate
from nats import Server
from nkeys import Account

TLS = """tls {{ cert_file: "{folder}/{name}.pem", key_file: "{folder}/{name}.key"{more} }}\n"""
VERIFY = ', ca_file: "{folder}/ca.pem", verify: true'

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

def certificates(place):
    folder = place.folder
    for name in ("ca", "other"):
        make_authority(folder, name)
    for name in ("server", "client"):
        make_certificate(folder, name)
    good = {"ca_file": "ca.pem", "client_certificate": "client.pem", "client_key": "client.key"}
    with Setting(place) as setting, Server(place.path("nats"),
                                           config=tls(folder, verify=True)) as server:
        keys = setting.spool.fill(500)
        localhost = f"tls://localhost:{server.port}"
        setting.configure(sink(server, **{**good, "ca_file": "other.pem"}, name="wrong-ca"),
                          sink(server, **good, url=localhost, name="host"))
        refused(setting, ("wrong-ca", "host"), "cannot connect: ")
        setting.place.put("err", "")
        setting.configure(sink(server, ca_file="ca.pem", name="no-certificate"))
        refused(setting, ("no-certificate",), "cannot connect: ")
        setting.configure(sink(server, **good))
        cli.holds(f"{len(keys)} records" in setting.ship_quietly().err, "delivered")

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
        keys = setting.spool.fill(500)
        plain = {"url": server.url(), "credentials_file": "v1.creds"}
        for name, text in (("v1", account.credentials("v1")),
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
        cli.holds(f"{len(keys)} records" in setting.ship_quietly().err, "delivered")

if __name__ == "__main__":
    cli.main([certificates, an_expired_certificate, credentials])
