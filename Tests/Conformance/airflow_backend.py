"""Resolves connections through the secrets backend that a rendered airflow.cfg fragment sets up.

    .venv/airflow/bin/python Tests/Conformance/airflow_backend.py CFG --holds [CFG=]HOLDS.json

Airflow's own configuration reader reads the fragment, its own VaultBackend or SecretsManagerBackend
logs in and asks; a stand-in on the loopback holds what HOLDS.json says, with secrets where it has
references. Only the address is exchanged, and the path of a token file that exists nowhere but in
production. What Airflow then holds must be what was put there, field by field.

HOLDS.json lists entries, alone or below `connections`, `entries` or `secrets`: a `path` and the
connection's `shape` (or `fields`, `value`, `data`). An entry's connection is its `connection`, `id`
or `conn_id`, else the last part of its path.
"""

from __future__ import annotations

import configparser
import importlib
import inspect
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import airflow_setting
from fake_secrets_manager import FakeSecretsManager
from fake_vault import FakeVault
from verdicts import Verdicts, arguments, brief, each_file, paired, unique_keys

VAULT = "airflow.providers.hashicorp.secrets.vault.VaultBackend"
SECRETS_MANAGER = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
SECRET_KWARGS = {"token", "password", "secret_id", "radius_secret", "jwt_token", "gcp_keyfile_dict", "aws_access_key_id", "aws_secret_access_key", "aws_session_token"}
# VaultBackend passes on what it does not know to its client, which takes these.
CLIENT_KWARGS = {"verify", "cert", "timeout", "proxies", "namespace", "allow_redirects", "strict_http"}
TOKEN_FILES = ("jwt_token_path", "kubernetes_jwt_path", "token_path")


@dataclass(frozen=True)
class Entry:
    """A connection that the backend must hold."""

    conn_id: str
    path: str
    shape: dict[str, Any]


def main() -> int:
    parser = arguments(__doc__, files="airflow.cfg fragments with a [secrets] section")
    parser.add_argument("--holds", action="append", default=[], metavar="[CFG=]HOLDS", help="what the backend must hold (repeatable)")
    options = parser.parse_intermixed_args()
    home = airflow_setting.start()
    verdicts = Verdicts("airflow_backend", options.refuse)
    holds = paired(options.holds, [*options.files, *options.refuse])

    def check(path: Path) -> None:
        backend, kwargs = read_fragment(path)
        problems = check_fragment(backend, kwargs)
        verdicts.judge(path, "fragment", problems, detail=backend.rpartition(".")[2])
        if problems:
            return
        for entry in (entry for file in holds.get(path, []) for entry in read_holds(file)):
            verdicts.judge(path, entry.conn_id, resolve(home, backend, kwargs, entry), detail=entry.path)

    return each_file(verdicts, [*options.files, *options.refuse], check)


def read_fragment(path: Path) -> tuple[str, dict[str, Any]]:
    """The backend and its arguments, read as Airflow does: with interpolation, so that `%` must be doubled."""
    parser = configparser.ConfigParser()
    parser.read_string(path.read_text(encoding="utf-8"))
    section = dict(parser["secrets"])
    unknown = set(section) - {"backend", "backend_kwargs", "use_cache", "cache_ttl_seconds"}
    others = set(parser.sections()) - {"secrets"}
    if unknown or others:
        raise ValueError(f"not expected in the fragment: {', '.join(sorted(unknown | others))}")
    kwargs = json.loads(section.get("backend_kwargs", "{}"), object_pairs_hook=unique_keys)
    if not isinstance(kwargs, dict):
        raise ValueError("backend_kwargs is not a JSON object")
    return section["backend"], kwargs


def check_fragment(backend: str, kwargs: dict[str, Any]) -> list[str]:
    if backend not in (VAULT, SECRETS_MANAGER):
        return [f"no stand-in for the backend `{backend}`"]
    known = set(inspect.signature(backend_class(backend).__init__).parameters) | (CLIENT_KWARGS if backend == VAULT else {"region_name", "profile_name", "role_arn"})
    problems = [f"`{name}` is a secret, in a file" for name in sorted(set(kwargs) & SECRET_KWARGS)]
    problems += [f"the backend takes no `{name}`" for name in sorted(set(kwargs) - known)]
    if backend == VAULT and not str(kwargs.get("url", "")).startswith("https://"):
        problems.append("the url is not https")
    return problems


def backend_class(backend: str) -> type:
    module, _, name = backend.rpartition(".")
    return getattr(importlib.import_module(module), name)


def read_holds(path: Path) -> list[Entry]:
    document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
    for key in ("connections", "entries", "secrets"):
        if isinstance(document, dict) and key in document:
            document = document[key]
    if isinstance(document, dict):
        document = [{"connection": name, **entry} for name, entry in document.items()]
    return [read_entry(entry) for entry in document]


def read_entry(entry: dict[str, Any]) -> Entry:
    path = entry["path"].replace("/data/", "/", 1).strip("/")
    shape = next(entry[key] for key in ("shape", "fields", "value", "data") if key in entry)
    conn_id = entry.get("id") or entry.get("conn_id") or entry.get("connection") or path.rpartition("/")[2]
    return Entry(conn_id, path, shape)


def resolve(home: Path, backend: str, kwargs: dict[str, Any], entry: Entry) -> list[str]:
    """Puts an entry where the policy says it is, and asks Airflow for the connection by its id."""
    filled, references = airflow_setting.fill(entry.shape)
    if not references:
        return ["no reference in its shape: nothing for a backend to keep"]
    try:
        with stand_in(home, backend, kwargs, entry.path, filled) as (adjusted, requests):
            connection = ask(home, backend, adjusted, entry.conn_id)
            if connection is None:
                return [f"not found; the backend asked for: {'; '.join(requests) or 'nothing'}"]
    except Exception as error:  # noqa: BLE001 - whatever Airflow throws is its verdict
        return [brief(error)]
    return airflow_setting.differences(connection, filled)


@contextmanager
def stand_in(home: Path, backend: str, kwargs: dict[str, Any], path: str, held: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """A backend that holds one connection, and the arguments that lead there."""
    if backend == SECRETS_MANAGER:
        with FakeSecretsManager({path: json.dumps(held)}) as manager:
            # A key pair of its own, so that boto3 does not go looking for one on the network.
            os.environ.update(AWS_ENDPOINT_URL=manager.address, AWS_ACCESS_KEY_ID="stand-in", AWS_SECRET_ACCESS_KEY="stand-in")
            yield {key: value for key, value in kwargs.items() if key not in ("profile_name", "role_arn")}, manager.requests
        return
    with FakeVault({path: held}) as vault:
        vault.tokens.add("stand-in")
        os.environ["VAULT_TOKEN"] = "stand-in"
        token_file = home / "token"
        token_file.write_text("stand-in", encoding="utf-8")
        adjusted = {**kwargs, "url": vault.address, **{name: str(token_file) for name in TOKEN_FILES if name in kwargs}}
        if kwargs.get("auth_type") == "kubernetes":
            adjusted["kubernetes_jwt_path"] = str(token_file)
        yield adjusted, vault.requests


def ask(home: Path, backend: str, kwargs: dict[str, Any], conn_id: str) -> Any:
    """What a fresh Airflow with this airflow.cfg says, asked as a task would ask."""
    import airflow.configuration as configuration
    from airflow.exceptions import AirflowNotFoundException
    from airflow.models.connection import Connection

    written = configparser.RawConfigParser()
    written["secrets"] = {"backend": backend, "backend_kwargs": json.dumps(kwargs).replace("%", "%%")}
    file = home / "airflow.cfg"
    with file.open("w", encoding="utf-8") as stream:
        written.write(stream)
    configuration.AIRFLOW_CONFIG = str(file)
    configuration.conf = configuration.initialize_config()
    backends = configuration.initialize_secrets_backends()
    if type(backends[0]).__name__ != backend.rpartition(".")[2]:
        raise RuntimeError(f"Airflow did not take up {backend}")
    # The metadata database is no part of the question: what the backend does not hold is not there.
    configuration.secrets_backend_list[:] = backends[:2]
    try:
        found = backends[0].get_connection(conn_id=conn_id)
        return found and Connection.get_connection_from_secrets(conn_id)
    except AirflowNotFoundException:
        return None


if __name__ == "__main__":
    sys.exit(main())
