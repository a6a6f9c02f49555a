# SPDX-License-Identifier: Apache-2.0
"""Authorities and certificates for the tests, made with openssl in a folder."""
import os
import shutil
import subprocess

import cli


def openssl(folder, *arguments):
    if not shutil.which("openssl"):
        raise cli.Skip("no openssl")
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder, name="ca"):
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")


def make_certificate(folder, name, days="2", authority="ca"):
    """NAME.pem and NAME.key, for 127.0.0.1. DAYS "-1": it has expired."""
    with open(os.path.join(folder, "ext"), "w", encoding="utf-8") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}", "-keyout",
            f"{name}.key", "-out", f"{name}.csr")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey",
            f"{authority}.key", "-CAcreateserial", "-days", days, "-extfile", "ext", "-out",
            f"{name}.pem")
