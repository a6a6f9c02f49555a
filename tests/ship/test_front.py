#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ship` over TLS: nginx in front of a receiver, and of the collector as packaging says it."""
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess

from setting import Setting, cli, expect_once, wait_for
from certificates import make_authority, make_certificate
import nats
from receiver import Receiver
from test_collect import CONFIG, OTHER, TOKEN, Collector, story

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

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


PACKAGED = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/collector.conf;
}}
"""


def nginx():
    os.environ["PATH"] += ":/usr/sbin"
    if not shutil.which("nginx"):
        raise cli.Skip("no nginx")


def packaged(folder, port, back):
    """packaging/nginx-collector.conf with other ports and certificates, and what goes around it."""
    with open(os.path.join(ROOT, "packaging", "nginx-collector.conf"), encoding="utf-8") as file:
        text = file.read()
    for before, after in (("127.0.0.1:8080", f"127.0.0.1:{back}"),
                          ("listen 443 ", f"listen 127.0.0.1:{port} "),
                          ("listen [::]:443 ", f"listen [::1]:{port} "),
                          ("/etc/ssl/centre.example.pem", f"{folder}/server.pem"),
                          ("/etc/ssl/private/centre.example.key", f"{folder}/server.key"),
                          ("#ssl_client_certificate /etc/ssl/vantages-ca.pem",
                           f"ssl_client_certificate {folder}/ca.pem"),
                          ("#ssl_verify_client on", "ssl_verify_client on")):
        cli.equal(text.count(before), 2 if "8080" in before else 1, before)
        text = text.replace(before, after)
    if not os.path.exists("/proc/net/if_inet6"):
        text = re.sub(r"listen \[::1\].*", "", text)
    with open(os.path.join(folder, "collector.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    return PACKAGED.format(folder=folder)


class Front:
    """nginx with TLS before the receiver at port BACK."""

    def __init__(self, folder, back, text=None):
        self.port = nats.free_port()
        text = text(folder, self.port, back) if text else NGINX.format(
            folder=folder, port=self.port, back=back)
        with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run(["nginx", "-t", "-p", folder, "-c", folder + "/nginx.conf", "-e",
                               folder + "/nginx.log"], capture_output=True, text=True, check=False)
        cli.equal(done.returncode, 0, done.stderr)
        cli.holds("[warn]" not in done.stderr, done.stderr)
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", folder + "/nginx.conf", "-e",
                                         folder + "/nginx.log"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.getsize(folder + "/nginx.pid") > 0, "nginx")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()


def client_certificates(place):
    nginx()
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


def over_tls(place, port):
    """A connection of a reader or vantage that has a certificate."""
    context = ssl.create_default_context(cafile=place.path("ca.pem"))
    context.load_cert_chain(place.path("client.pem"), place.path("client.key"))
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)


def the_collector_behind_nginx(place):
    """As packaging/nginx-collector.conf has it: records come by, and an event goes on at once."""
    nginx()
    if not os.path.exists(os.path.join(os.path.dirname(place.program), "blockwatch-collector")):
        raise cli.Skip("no collector")
    folder = place.folder
    make_authority(folder)
    make_certificate(folder, "server")
    make_certificate(folder, "client")
    place.put("v1.token", "a-token-of-v1-that-is-long\n")
    os.chmod(place.path("v1.token"), 0o600)
    vantages = CONFIG["vantages"] + [{"name": "v1", "token_file": "v1.token"}]
    with Setting(place) as setting, Collector(place, vantages=vantages) as collector, \
            Front(folder, collector.port, packaged) as front:
        stream = over_tls(place, front.port)
        stream.request("GET", "/v1/events", headers={"Accept": "text/event-stream"})
        answer = stream.getresponse()
        cli.equal(answer.readline(), b": blockwatch\n", "the stream begins before an event comes")
        for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
            post = over_tls(place, front.port)
            post.request("POST", "/v1/records", story(vantage, True),
                         {"Authorization": "Bearer " + token})
            cli.equal(json.loads(post.getresponse().read())["taken"], 124, "records of " + vantage)
            post.close()
        line = answer.readline()
        while not line.startswith(b"data: "):
            line = answer.readline()
        cli.holds(json.loads(line[6:])["to"] in ("dark", "partly-dark"), line)
        stream.close()
        # Records of `ship`, whose name the token must have.
        setting.spool.fill(200)
        setting.configure({"url": f"https://127.0.0.1:{front.port}/v1/records",
                           "ca_file": "ca.pem", "client_certificate": "client.pem",
                           "client_key": "client.key", "token_file": "v1.token"})
        os.rename(place.path("c.json"), place.path("ship.json"))
        done = place.run("ship", "--config", "ship.json", "--until-empty").expect(0)
        cli.holds("delivered" in done.err, done.err)
        known = {one["name"] for one in collector.ask("GET", "/v1/vantages")[1]}
        cli.equal(known, {"fra1", "sgp1", "v1"}, "vantages")
        cli.equal(over_tls_status(place, front.port, "/t/kp"), 200, "the page")


def over_tls_status(place, port, path):
    connection = over_tls(place, port)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


if __name__ == "__main__":
    cli.main([client_certificates, the_collector_behind_nginx])
