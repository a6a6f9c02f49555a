#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` over TLS: nginx in front of a receiver asks for a client certificate."""
import os
import shutil
import subprocess

from setting import Setting, cli, expect_once, wait_for
from certificates import make_authority, make_certificate
import nats
from receiver import Receiver

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl; client_max_body_size 40k;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    ssl_client_certificate {folder}/ca.pem; ssl_verify_client on;
    location / {{ proxy_pass http://127.0.0.1:{back}; }}
  }}
}}
"""


class Front:
    """nginx with TLS before the receiver at port BACK."""

    def __init__(self, folder, back):
        self.port = nats.free_port()
        with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(NGINX.format(folder=folder, port=self.port, back=back))
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", folder + "/nginx.conf", "-e",
                                         folder + "/nginx.log"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(folder + "/nginx.pid"), "nginx")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()


def client_certificates(place):
    os.environ["PATH"] += ":/usr/sbin"
    if not shutil.which("nginx"):
        raise cli.Skip("no nginx")
    folder = place.folder
    make_authority(folder)
    make_authority(folder, "other")
    make_certificate(folder, "server")
    make_certificate(folder, "client")
    with Setting(place) as setting, Receiver() as there, Front(folder, there.port) as front:
        keys = setting.spool.fill(2000)
        url = f"https://127.0.0.1:{front.port}/v1/records"
        good = {"ca_file": "ca.pem", "client_certificate": "client.pem", "client_key": "client.key"}
        setting.configure({"url": url, **good, "ca_file": "other.pem", "name": "wrong-ca"},
                          {"url": url, "ca_file": "ca.pem", "name": "no-certificate"},
                          {"url": url.replace("127.0.0.1", "localhost"), **good, "name": "host"})
        process = setting.start()
        names = ("wrong-ca", "no-certificate", "host")
        wait_for(lambda: all(f"ship: {name}: " in setting.errors() for name in names), "lines")
        setting.stop(process)
        for name in names:
            cli.equal(setting.errors().count(f"ship: {name}: "), 1, setting.errors())
        cli.holds(setting.spool.position("wrong-ca")["failures"].get("tls", 0) > 0, "tls")
        cli.equal(there.records, {}, "nothing came")
        # nginx refuses bodies of more than 40 kB: they are halved.
        setting.configure({"url": url, **good, "compression": "none"})
        setting.ship_quietly()
        expect_once(there, keys)


if __name__ == "__main__":
    cli.main([client_certificates])
