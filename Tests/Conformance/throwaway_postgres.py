"""A PostgreSQL server for one test: its own data directory, gone afterwards.

It listens on an address of the loopback network that nothing else uses, so that it can have the very
port that a rendered file names, even while another server has that port on 127.0.0.1.
"""

from __future__ import annotations

import glob
import os
import random
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps it out of PATH, one for each version."""
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(Path(path).parts[-3].partition(".")[0]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def free_address(port: int) -> str | None:
    """A loopback address on which the port is free, if there is one."""
    for _ in range(8):
        address = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return address
    return None


class ThrowawayPostgres:
    """Made once, started for each output on the port it names. Everyone but its superuser needs a password."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="writ-postgres-"))
        self._data = self.folder / "data"
        # PostgreSQL refuses to run as root.
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._identity = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self.folder, "nobody", "nogroup")
        self.folder.chmod(0o755)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        hba = self._data / "pg_hba.conf"
        hba.write_text("local all postgres trust\nhost all all 127.0.0.0/8 scram-sha-256\n", encoding="utf-8")
        self.port = 0

    def start(self, address: str, port: int, certificate: tuple[Path, Path] | None = None) -> None:
        self.port = port
        options = f"-p {port} -k {self.folder} -c listen_addresses={address} -c fsync=off -c password_encryption=scram-sha-256"
        if certificate:
            options += f" -c ssl=on -c ssl_cert_file={certificate[0]} -c ssl_key_file={certificate[1]}"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def certificate(self, host: str) -> tuple[Path, Path]:
        """A self-signed certificate for a host, and its key."""
        certificate, key = self.folder / "server.crt", self.folder / "server.key"
        for path in (certificate, key):
            path.unlink(missing_ok=True)
        kind = "IP" if host.replace(".", "").isdigit() else "DNS"
        self._run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                  "-subj", "/CN=throwaway", "-addext", f"subjectAltName={kind}:{host}", "-keyout", str(key), "-out", str(certificate))
        return certificate, key

    def stop(self) -> None:
        if self.port:
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")
            self.port = 0

    def remove(self) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, script: str, inside: str = "postgres", **variables: str) -> str:
        """Runs a script as the superuser; `:'name'` and `:"name"` in it are its variables, quoted."""
        settings = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port),
                         "-U", "postgres", "-d", inside, *settings, script=script)

    def _run(self, program: str, *arguments: str, script: str = "") -> str:
        path = self._programs / program
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(self.folder)}
        # pg_ctl's server inherits its streams: a pipe would never close, a file does not matter.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run([str(path if path.exists() else program), *arguments], input=script, text=True, stdout=output,
                                  stderr=subprocess.STDOUT, cwd=self.folder, env=environment, check=False, **self._identity)
            output.seek(0)
            said = output.read()
        if done.returncode:
            raise RuntimeError(f"{program}: {said.strip()}")
        return said.strip()
