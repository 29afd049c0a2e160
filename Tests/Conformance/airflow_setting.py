"""A throwaway Airflow: its own home and metadata database, set up before Airflow is imported.

Importing Airflow reads its configuration and takes seconds, so `start()` comes first and once.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

# The columns of a connection, as Airflow's own export writes them.
FIELDS = ("conn_type", "description", "host", "login", "password", "schema", "port")


def start(database: bool = False) -> Path:
    """Points Airflow at a fresh home, with an empty migrated database if asked for."""
    home = Path(tempfile.mkdtemp(prefix="writ-airflow-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith(("AIRFLOW_", "VAULT_", "AWS_"))]:
        del os.environ[name]
    os.environ.update(
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__UNIT_TEST_MODE="False",
        AIRFLOW__LOGGING__LOGGING_LEVEL="ERROR",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
    )
    if database:
        shutil.copy(_migrated_database(), home / "airflow.db")
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    return home


def _migrated_database() -> Path:
    """An empty database with Airflow's schema: made once per environment, since migrating takes seconds."""
    cached = Path(sys.prefix) / "conformance" / "airflow.db"
    if not cached.exists():
        cached.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch) / "airflow.db"
            environment = {**os.environ, "AIRFLOW_HOME": scratch, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{made}"}
            subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=environment, check=True, capture_output=True)
            partial = cached.with_suffix(".partial")
            shutil.copy(made, partial)
            partial.rename(cached)
    return cached


def hostile_secret() -> str:
    """A secret that breaks whatever pastes it into a URL, a template or a format string."""
    return f"s'{{{{x}}}}%s@/:?#\"\\ {secrets.token_hex(12)}"


def is_reference(value: object) -> bool:
    """Whether a rendered value stands for a secret: vals' syntax, a placeholder, or an object that names one."""
    if isinstance(value, dict):
        return len(value) > 0 and set(value) <= {"reference", "ref", "secret", "key", "version"}
    return isinstance(value, str) and (value.startswith(("ref+", "secretref+")) or (value.startswith("<") and value.endswith(">")))


def fill(value: Any) -> tuple[Any, int]:
    """A copy with every reference replaced by a secret, and how many there were."""
    if is_reference(value):
        return hostile_secret(), 1
    if isinstance(value, dict):
        filled = {key: fill(inner) for key, inner in value.items()}
        return {key: inner for key, (inner, _) in filled.items()}, sum(count for _, count in filled.values())
    if isinstance(value, list):
        items = [fill(inner) for inner in value]
        return [inner for inner, _ in items], sum(count for _, count in items)
    return value, 0


def differences(connection: Any, wanted: dict[str, Any]) -> list[str]:
    """Where a connection that Airflow holds is not what was meant, field by field."""
    import json

    problems = []
    for field in FIELDS:
        found, meant = getattr(connection, field), wanted.get(field)
        if (found or None) != (meant or None):
            # Never the values themselves: one of them is the secret.
            problems.append(f"{field} differs" if field == "password" else f"{field} is {found!r}, not {meant!r}")
    extra = wanted.get("extra") or {}
    extra = json.loads(extra) if isinstance(extra, str) else extra
    found_extra = connection.extra_dejson
    if found_extra != extra:
        keys = sorted(key for key in set(found_extra) | set(extra) if found_extra.get(key) != extra.get(key))
        problems.append(f"extra differs in {', '.join(keys)}")
    return problems
