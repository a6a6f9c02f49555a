# SPDX-License-Identifier: Apache-2.0
"""Operators, accounts and users of a nats-server: keys, JWTs, and files of credentials."""
import base64
import hashlib
import json
import time

import cli

PREFIX = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
SEED = 18 << 3


def _encode(data):
    return base64.b32encode(data).decode().rstrip("=")


def _checked(data):
    """With its CRC-16 (XMODEM) behind it."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return _encode(data + crc.to_bytes(2, "little"))


def _url64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Key:
    """An Ed25519 key in the notation of NATS."""

    def __init__(self, kind):
        try:
            from cryptography.hazmat.primitives import serialization as forms
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        except ImportError as error:
            raise cli.Skip("no python3-cryptography") from error
        raw = (forms.Encoding.Raw, forms.PrivateFormat.Raw, forms.NoEncryption())
        self.kind, self.private = kind, Ed25519PrivateKey.generate()
        public = self.private.public_key().public_bytes(forms.Encoding.Raw, forms.PublicFormat.Raw)
        prefix = PREFIX[kind]
        self.public = _checked(bytes([prefix]) + public)
        self.seed = _checked(bytes([SEED | prefix >> 5, (prefix & 31) << 3]) +
                             self.private.private_bytes(*raw))

    def issue(self, subject, name, **nats):
        """A JWT about the key SUBJECT, signed by this one."""
        claims = {"iat": int(time.time()), "iss": self.public, "sub": subject.public, "name": name,
                  "nats": {"type": subject.kind, "version": 2, **nats}}
        claims["jti"] = _encode(hashlib.sha256(json.dumps(claims).encode()).digest())
        text = (_url64(b'{"typ":"JWT","alg":"ed25519-nkey"}') + "." +
                _url64(json.dumps(claims).encode()))
        return text + "." + _url64(self.private.sign(text.encode()))


PLAIN = {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": True,
         "conn": -1, "leaf": -1}
LIMITS = {**PLAIN, "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}


class Account:
    """An operator with an account beside that of the system; config() is what a server has."""

    def __init__(self):
        self.operator, self.key, self.system = Key("operator"), Key("account"), Key("account")

    def config(self):
        accounts = "".join(
            f"{key.public}: {self.operator.issue(key, name, limits=limits)}\n"
            for key, name, limits in ((self.key, "A", LIMITS), (self.system, "SYS", PLAIN)))
        return (f"operator: {self.operator.issue(self.operator, 'O')}\nresolver: MEMORY\n"
                f"system_account: {self.system.public}\nresolver_preload: {{\n{accounts}}}\n")

    def credentials(self, name, **permissions):
        """The text of a credentials file. PERMISSIONS: pub, sub, each {"allow": [...]}."""
        user = Key("user")
        jwt = self.key.issue(user, name, subs=-1, data=-1, payload=-1, **permissions)
        return (f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
                f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n")
