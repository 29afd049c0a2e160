"""Runs real `dbt debug` and `dbt run` on rendered profiles, against a throwaway PostgreSQL and DuckDB.

    .venv/dbt/bin/python Tests/Conformance/dbt_run.py FILE…

The file is used as it is rendered. The server is made to fit it: it has the port, the database, the
user and the role that an output names, a certificate for its host where it asks for TLS, and wants a
random password full of characters that break careless templates. That password is in dbt's
environment and nowhere else: afterwards it must not be in dbt's output, its logs or its target folder.
And with another password dbt must fail, or none of this would mean anything.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbt_files import read_profiles, read_template, variables_of
from throwaway_postgres import ThrowawayPostgres, find_programs, free_address
from verdicts import Verdicts, arguments, brief, each_file

TLS_MODES = ("require", "verify-ca", "verify-full")
# Where an output takes a plain value from a variable, the variable gets one of these.
STAND_INS = {"host": "localhost", "port": "55432", "user": "dbt_svc", "dbname": "analytics", "schema": "dbt", "role": "transformer", "path": "stand_in.duckdb"}


@dataclass
class Trial:
    """One output of one profile, about to be run."""

    file: Path
    profile: str
    target: str
    output: dict[str, Any]
    mark: str = field(default_factory=lambda: secrets.token_hex(12))

    @property
    def item(self) -> str:
        return f"{self.profile}.{self.target}"

    @property
    def secret(self) -> str:
        """Hostile on the outside; the mark inside is what must turn up nowhere, however it is escaped."""
        return f"s3'{{{{x}}}}%d@{self.mark}"

    def value(self, key: str) -> str | None:
        """A plain value, as dbt will see it."""
        raw = self.output.get(key)
        if not isinstance(raw, str) or not read_template(raw).uses:
            return None if raw is None else str(raw)
        return STAND_INS.get(key, "stand_in")

    def environment(self) -> dict[str, str]:
        """A value for each variable of the output: the secret, or the plain value of the key that uses it."""
        values = {}
        for key, raw in self.output.items():
            for name, uses in variables_of({key: raw}).items():
                values[name] = self.secret if uses[0].is_secret else self.value(key) or "stand_in"
        return values


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--each-shape", action="store_true", help="run one output of each set of keys, and skip those that are like it")
    options = parser.parse_intermixed_args()
    verdicts = Verdicts("dbt_run", options.refuse)
    bench = Bench(verdicts)
    shapes: set[tuple[str, ...]] = set()

    def check(path: Path) -> None:
        for name, profile in read_profiles(path).items():
            for target, output in profile["outputs"].items():
                trial = Trial(path, name, target, output)
                shape = (str(output.get("type")), str(output.get("sslmode")), *sorted(output))
                reason = why_not(trial) or ("another output of the same keys is run" if options.each_shape and shape in shapes else None)
                if reason is None:
                    shapes.add(shape)
                    bench.run(trial)
                elif output.get("type") in ("postgres", "duckdb"):
                    verdicts.skip(path, trial.item, reason)

    try:
        return each_file(verdicts, [*options.files, *options.refuse], check)
    finally:
        bench.close()


def why_not(trial: Trial) -> str | None:
    """Why an output cannot be run here, if so."""
    output = trial.output
    if output.get("type") == "postgres":
        files = [key for key in ("sslcert", "sslkey", "sslrootcert") if key in output]
        if find_programs() is None:
            return "no PostgreSQL server installed"
        return f"needs {', '.join(files)}, which are not here" if files else None
    if output.get("type") == "duckdb":
        remote = [key for key in ("extensions", "secrets", "attach", "motherduck_token", "plugins") if key in output]
        path = str(output.get("path", ""))
        return f"needs the network for {', '.join(remote) or path}" if remote or path.startswith("md:") else None
    return "not a server that can be had here"


class Bench:
    """Where trials run. Its server is made for the first one that needs it."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        self._postgres: ThrowawayPostgres | None = None
        self._proved_strict = False

    def run(self, trial: Trial) -> None:
        try:
            run = self._run_postgres if trial.output["type"] == "postgres" else self._run_duckdb
            run(trial)
        except Exception as error:  # noqa: BLE001 - a server that does not start is a failure, not a crash
            self._verdicts.judge(trial.file, trial.item, [brief(error)])

    def close(self) -> None:
        if self._postgres:
            self._postgres.remove()

    def _run_postgres(self, trial: Trial) -> None:
        programs = find_programs()
        assert programs is not None, "why_not has looked"
        self._postgres = self._postgres or ThrowawayPostgres(programs)
        server, host, port = self._postgres, trial.value("host") or "localhost", int(trial.value("port") or 5432)
        file = trial.file
        with project(trial) as folder:
            address = free_address(port)
            if address is None:
                address, port = "127.0.0.1", free_port()
                file = with_port(trial, port, folder)
            certificate = server.certificate(host) if trial.value("sslmode") in TLS_MODES else None
            server.start(address, port, certificate)
            try:
                prepare(server, trial)
                # libpq goes to PGHOSTADDR, and still holds the certificate against the host of the profile.
                environment = {"PGHOSTADDR": address, **trial.environment()}
                if certificate:
                    environment["PGSSLROOTCERT"] = str(certificate[0])
                problems = try_dbt(trial, file, folder, environment)
                problems += [] if problems else built_in_postgres(server, trial)
                note = f"postgres on {address}:{port}" + (" (a copy with another port: that one is taken)" if file != trial.file else "")
                self._verdicts.judge(trial.file, trial.item, problems, detail=note)
                if not self._proved_strict and not problems:
                    self._proved_strict = True
                    self._refuses_another_secret(trial, file, folder, environment)
            finally:
                server.stop()

    def _refuses_another_secret(self, trial: Trial, file: Path, folder: Path, environment: dict[str, str]) -> None:
        spoiled = {name: value + "x" if value == trial.secret else value for name, value in environment.items()}
        code, _ = dbt("debug", trial, file, folder, spoiled)
        self._verdicts.judge(trial.file, f"{trial.item} with another secret", [] if code else ["dbt connected all the same"], detail="dbt fails, as it should")

    def _run_duckdb(self, trial: Trial) -> None:
        with project(trial) as folder:
            file = trial.file
            path = trial.value("path") or ":memory:"
            if path.startswith("/"):
                file = copy_of(trial, folder, {"path": (path, str(folder / "moved.duckdb"))})
                path = str(folder / "moved.duckdb")
            # dbt runs in this folder; like any caller, it makes the folders that the database goes into.
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            problems = try_dbt(trial, file, folder, trial.environment())
            problems += [] if problems or path == ":memory:" else built_in_duckdb(folder / path, trial)
            note = f"duckdb in {trial.output.get('path', ':memory:')}" + (" (a copy with a path that exists here)" if file != trial.file else "")
            self._verdicts.judge(trial.file, trial.item, problems, detail=note)


@contextmanager
def project(trial: Trial) -> Iterator[Path]:
    """A dbt project with one table, for the profile of a trial."""
    folder = Path(tempfile.mkdtemp(prefix="writ-dbt-"))
    try:
        (folder / "models").mkdir()
        (folder / "models" / "conformance_probe.sql").write_text("select 1 as id\n", encoding="utf-8")
        (folder / "dbt_project.yml").write_text(
            f"name: conformance\nversion: '1.0'\nprofile: {json.dumps(trial.profile)}\nmodels:\n  conformance:\n    +materialized: table\n",
            encoding="utf-8")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def role_of(trial: "Trial") -> str | None:
    """The role that an output names. dbt hands it to `set role` as it stands, so it may be a quoted identifier."""
    role = trial.value("role")
    if role and role.startswith('"'):
        return role[1:-1].replace('""', '"')
    return role


def prepare(server: ThrowawayPostgres, trial: Trial) -> None:
    """The user, role, and database that the output names. The database is new each time."""
    user, role, database = trial.value("user") or "", role_of(trial), trial.value("dbname") or ""
    server.sql("""
        select format('create role %I', :'user') where not exists (select from pg_roles where rolname = :'user') \\gexec
        alter role :"user" login password :'secret';
        select format('drop database if exists %I', :'database') where :'database' <> 'postgres' \\gexec
        select format('create database %I', :'database') where :'database' <> 'postgres' \\gexec
        alter database :"database" owner to :"user";
        """, user=user, secret=trial.secret, database=database)
    if role:
        server.sql("""
            select format('create role %I', :'role') where not exists (select from pg_roles where rolname = :'role') \\gexec
            grant :"role" to :"user";
            grant create on database :"database" to :"role";
            \\connect :"database"
            grant all on schema public to :"role";
            """, user=user, role=role, database=database)


def try_dbt(trial: Trial, file: Path, folder: Path, environment: dict[str, str]) -> list[str]:
    problems, printed = [], ""
    for command in ("debug", "run"):
        code, said = dbt(command, trial, file, folder, environment)
        printed += said
        if code:
            problems.append(f"dbt {command} failed: {said[-600:].replace(trial.mark, '…')}")
            break
    if trial.mark in printed:
        problems.append("the secret is in dbt's output")
    held = [path for path in folder.rglob("*") if path.is_file() and trial.mark.encode() in path.read_bytes()]
    return problems + [f"the secret is in {path.relative_to(folder)}" for path in held]


def dbt(command: str, trial: Trial, file: Path, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Runs dbt as a user would, with nothing in its environment but what it is given."""
    profiles = folder / "profiles"
    profiles.mkdir(exist_ok=True)
    # dbt wants the file to be called profiles.yml, whatever its rendered name.
    shutil.copy(file, profiles / "profiles.yml")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", "--no-version-check", "--no-send-anonymous-usage-stats", "--debug",
         command, "--project-dir", str(folder), "--profiles-dir", str(profiles), "--target", trial.target],
        cwd=folder, env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=180)
    return done.returncode, done.stdout


def built_in_postgres(server: ThrowawayPostgres, trial: Trial) -> list[str]:
    """Whether the table stands where the profile says, and belongs to whom it says."""
    owner = server.sql("select tableowner from pg_tables where schemaname = :'schema' and tablename = 'conformance_probe';",
                       inside=trial.value("dbname") or "", schema=trial.value("schema") or "")
    wanted = role_of(trial) or trial.value("user")
    return [] if owner == wanted else [f"the table is owned by {owner or 'nobody: it is not there'}, not by {wanted}"]


def built_in_duckdb(path: Path, trial: Trial) -> list[str]:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute("select schema_name from duckdb_tables() where table_name = 'conformance_probe'").fetchall()
    wanted = trial.value("schema") or "main"
    return [] if found == [(wanted,)] else [f"the table is not in schema {wanted}"]


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def with_port(trial: Trial, port: int, folder: Path) -> Path:
    return copy_of(trial, folder, {"port": (trial.value("port") or "5432", str(port))})


def copy_of(trial: Trial, folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """The rendered text with a few scalars exchanged, where the world outside cannot be made to fit it."""
    text = trial.file.read_text(encoding="utf-8")
    for key, (old, new) in changes.items():
        for quote in ("", '"', "'"):
            text = text.replace(f"{key}: {quote}{old}{quote}", f"{key}: {quote}{new}{quote}")
    copy = folder / "copy.yml"
    copy.write_text(text, encoding="utf-8")
    return copy


if __name__ == "__main__":
    sys.exit(main())
