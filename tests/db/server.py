# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of its own for a test: in a temporary folder, on a socket there and on a
port of 127.0.0.1, as a user that is not root."""
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

USER = "postgres"
PASSWORD = "s3cret-p%40ss"  # as it stands in a URL


def programs():
    """The folder of initdb and postgres; None: there is no server."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.path.dirname(found[-1]) if found else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self):
        self.bin = programs()
        self.folder = tempfile.mkdtemp(prefix="blockwatch-pg-")
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.process = None
        self.owner = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam(USER)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        secret = os.path.join(self.folder, "password")
        with open(secret, "w", encoding="ascii") as file:
            file.write("s3cret-p@ss\n")
        if self.owner:
            os.chown(secret, self.owner["user"], self.owner["group"])
        self.run("initdb", "-D", self.data, "-U", "collector", "-E", "UTF8", "--locale=C",
                 "--no-sync", "-A", "scram-sha-256", "--pwfile", secret)

    def run(self, name, *arguments):
        subprocess.run([os.path.join(self.bin, name), *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, **self.owner)

    def start(self, *options):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.bin, "postgres"), "-D", self.data, "-p", str(self.port),
                 "-k", self.folder, "-h", "127.0.0.1", "-c", "fsync=off",
                 "-c", "shared_buffers=16MB", "-c", "max_connections=20",
                 "-c", "autovacuum=off", *options],
                cwd=self.folder, stdout=log, stderr=log, **self.owner)
        for _ in range(400):
            probe = subprocess.run(
                [os.path.join(self.bin, "pg_isready"), "-q", "-h", self.folder, "-p",
                 str(self.port)], check=False)
            if probe.returncode == 0:
                return self
            assert self.process.poll() is None, self.log()
            time.sleep(0.05)
        raise AssertionError("the server does not start: " + self.log())

    def stop(self, signal=None):
        """Ends it at once, as a crash does, or by a signal."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal or 3)  # SIGQUIT
            self.process.wait(20)

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:]

    def url(self, database="postgres"):
        return f"postgresql://collector:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def sql(self, text):
        """Runs statements; returns what psql prints, unaligned."""
        result = subprocess.run(
            [os.path.join(self.bin, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
             self.url(), "-c", text], check=True, capture_output=True, text=True)
        return result.stdout.strip()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
