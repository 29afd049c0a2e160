"""Loads every output of every profile with dbt's own renderer and Credentials classes, offline.

    .venv/dbt/bin/python Tests/Conformance/dbt_profiles.py FILE…

dbt is easy-going where a rendered file must not be, so these fail too: keys that no Credentials class
knows (dbt ignores them), a secret written out or taken from a variable outside DBT_ENV_SECRET_, a
filter or default on a secret and two secrets in one scalar (dbt works with a placeholder there), and
templates of other tools. Where FILE.manifest.json stands beside it, its variables and those of the
profile must be the same.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

from dbt_files import Use, manifest_variables, read_profiles, read_template, variables_of
from verdicts import Verdicts, arguments, brief, each_file, foreign_templates, paired, walk

# Keys whose value opens something. Matched on the whole key or on its last part after `_`.
SECRET_KEY = re.compile(
    r"(?:.*_)?(?:pass|password|passwd|pwd|passphrase|secret|token|private_key|private_key_id|access_key|access_key_id|api_key)"
    r"|request_data|idp_auth_credentials|refresh_token|Authorization",
    re.IGNORECASE,
)
# A trino certificate's key is a path; everything else above is the secret itself.
PATH_KEYS = {"client_private_key"}
FILTERS = {"int", "as_number", "as_bool", "as_native"}


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--manifest", action="append", default=[], metavar="[FILE=]MANIFEST",
                        help="a manifest elsewhere than beside FILE; without FILE=, for every file")
    parser.add_argument("--require-manifest", action="store_true", help="a file that takes variables and has no manifest fails")
    parser.add_argument("--environment", action="store_true",
                        help="use the variables as they are set, instead of standing in for the missing ones")
    options = parser.parse_intermixed_args()
    verdicts = Verdicts("dbt_profiles", options.refuse)
    manifests = paired(options.manifest, [*options.files, *options.refuse])
    dbt = Dbt()
    environment = dict(os.environ)

    def check(path: Path) -> None:
        os.environ.clear()
        os.environ.update(environment)
        profiles = read_profiles(path)
        if not options.environment:
            stand_in(variables_of(profiles))
        for name, profile in profiles.items():
            check_profile(verdicts, dbt, path, name, profile)
        used, beside = set(variables_of(profiles)), path.with_name(path.name + ".manifest.json")
        listings = [*manifests.get(path, ()), *([beside] if beside.exists() else [])]
        for manifest in listings:
            verdicts.judge(path, "manifest", compare_manifest(used, manifest), detail=f"{len(used)} variables")
        if used and not listings and options.require_manifest and path not in options.refuse:
            verdicts.judge(path, "manifest", ["takes variables, and no manifest says which"])

    return each_file(verdicts, [*options.files, *options.refuse], check)


def compare_manifest(used: set[str], manifest: Path) -> list[str]:
    listed = manifest_variables(manifest)
    problems = []
    if used - listed:
        problems.append(f"used here but not in {manifest.name}: {', '.join(sorted(used - listed))}")
    if listed - used:
        problems.append(f"in {manifest.name} but not used here: {', '.join(sorted(listed - used))}")
    return problems


def stand_in(variables: dict[str, list[Use]]) -> None:
    """Gives each variable without a value or default one that its filter can read."""
    for name, uses in variables.items():
        if name in os.environ or all(use.has_default for use in uses):
            continue
        filters = {f for use in uses for f in use.filters}
        os.environ[name] = "True" if "as_bool" in filters else "1" if filters & FILTERS else f"stand-in-{name.lower()}"


class Dbt:
    """The parts of dbt that load a profile. Importing them costs seconds, so it happens once."""

    def __init__(self) -> None:
        warnings.filterwarnings("ignore")
        from dbt.config.profile import Profile
        from dbt.config.renderer import ProfileRenderer
        from dbt.flags import set_from_args
        from dbt_common.context import set_invocation_context

        set_from_args(argparse.Namespace(PROFILES_DIR=".", PROJECT_DIR=".", WARN_ERROR=False), None)
        self._profile, self._renderer, self._set_context = Profile, ProfileRenderer, set_invocation_context

    def load(self, name: str, profile: dict[str, Any], output: str) -> Any:
        """The credentials of one output, as dbt itself would hold them."""
        self._set_context(os.environ.copy())
        loaded = self._profile.from_raw_profiles({name: profile}, name, self._renderer({}), target_override=output)
        return loaded.credentials

    def known_keys(self, adapter: str, output: dict[str, Any]) -> set[str]:
        """Every key that the adapter reads from this output."""
        credentials = importlib.import_module(f"dbt.adapters.{adapter}").Plugin.credentials
        if not dataclasses.is_dataclass(credentials):  # trino: one class per method, chosen by the data
            credentials = credentials._create_trino_profile(output)
        aliases = getattr(credentials, "_ALIASES", None) or {}
        return {field.name for field in dataclasses.fields(credentials)} | set(aliases) | {"type", "threads", "method"}


def check_profile(verdicts: Verdicts, dbt: Dbt, path: Path, name: str, profile: dict[str, Any]) -> None:
    outputs = profile.get("outputs")
    if not isinstance(outputs, dict) or not outputs:
        verdicts.judge(path, name, ["no outputs"])
        return
    verdicts.judge(path, name, check_frame(profile, outputs), detail=f"target {profile.get('target')}")
    for target, output in outputs.items():
        verdicts.judge(path, f"{name}.{target}", check_output(dbt, name, profile, target, output), detail=str(output.get("type")))


def check_frame(profile: dict[str, Any], outputs: dict[str, Any]) -> list[str]:
    problems = []
    unknown = set(profile) - {"target", "outputs", "config"}
    if unknown:
        problems.append(f"unknown keys beside `outputs`: {', '.join(sorted(unknown))}")
    target = profile.get("target")
    if target is None:
        problems.append("no target: dbt would look for one named `default`")
    elif "{{" not in str(target) and target not in outputs:
        problems.append(f"target `{target}` is not among the outputs")
    return problems


def check_output(dbt: Dbt, name: str, profile: dict[str, Any], target: str, output: dict[str, Any]) -> list[str]:
    problems = check_scalars(output)
    adapter = str(output.get("type"))
    try:
        credentials = dbt.load(name, profile, target)
        unknown = sorted(set(output) - dbt.known_keys(adapter, output))
        if unknown:
            problems.append(f"unknown keys, which dbt ignores: {', '.join(unknown)}")
        problems += check_credentials(adapter, credentials)
    except Exception as error:  # noqa: BLE001 - whatever dbt throws is its verdict
        problems.append(brief(error))
    return problems


def check_scalars(output: dict[str, Any]) -> list[str]:
    """The rules about secrets and templates, for every scalar of an output."""
    problems = []
    for path, value in walk(output):
        problems += [f"`{'.'.join(path)}`: {problem}" for problem in check_scalar(path, value)]
    return problems


def check_scalar(path: tuple[str, ...], value: object) -> list[str]:
    # The key of a list's entry is the list's own.
    key = next(part for part in reversed(path) if not part.isdigit())
    secret_key = SECRET_KEY.fullmatch(key) is not None and key not in PATH_KEYS
    if not isinstance(value, str):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return ["a secret written out"] if secret_key and number else []
    problems = [f"`{mark}` means nothing to dbt" for mark in foreign_templates(value, allowed=("{{", "{%"))]
    template = read_template(value)
    problems += template.problems
    secrets = [use for use in template.uses if use.is_secret]
    if secret_key and not template.uses:
        problems.append("a secret written out")
    elif secret_key and not secrets:
        problems.append("a secret from a variable outside DBT_ENV_SECRET_, which dbt does not mask")
    if len(secrets) > 1:
        problems.append("two secrets in one scalar, which dbt cannot substitute")
    if any(use.has_default for use in secrets):
        problems.append("a secret with a default")
    if any(use.filters for use in secrets):
        problems.append("a filter on a secret, which would see dbt's placeholder")
    unknown = {f for use in template.uses for f in use.filters} - FILTERS
    if unknown:
        problems.append(f"unknown filter {', '.join(sorted(unknown))}")
    return problems


def check_credentials(adapter: str, credentials: Any) -> list[str]:
    """What an adapter itself would only find out while connecting."""
    check = ADAPTER_CHECKS.get(adapter)
    return check(credentials) if check else []


def check_snowflake(credentials: Any) -> list[str]:
    authenticator = (credentials.authenticator or "").lower()
    if authenticator == "workload_identity":
        return [] if credentials.workload_identity_provider else ["workload_identity without workload_identity_provider"]
    if authenticator == "externalbrowser" or authenticator.startswith("https://"):
        return []
    if authenticator in ("oauth", "jwt", "programmatic_access_token"):
        return [] if credentials.token else [f"{authenticator} without token"]
    held = credentials.password or credentials.private_key or credentials.private_key_path
    return [] if held else ["no way to authenticate"]


def check_bigquery(credentials: Any) -> list[str]:
    method = str(credentials.method.value)
    needed = {
        "service-account": ("keyfile",),
        "service-account-json": ("keyfile_json",),
        "external-oauth-wif": ("token_endpoint", "workload_pool_provider_path"),
    }.get(method, ())
    if method == "oauth-secrets" and not credentials.token:
        needed = ("refresh_token", "client_id", "client_secret", "token_uri")
    missing = [name for name in needed if not getattr(credentials, name)]
    return [f"{method} without {', '.join(missing)}"] if missing else []


def check_redshift(credentials: Any) -> list[str]:
    if credentials.method == "oauth_token_identity_center":
        return [] if credentials.token_endpoint else ["oauth_token_identity_center without token_endpoint"]
    from dbt.adapters.redshift.connections import get_connection_method

    get_connection_method(credentials)
    return []


def check_databricks(credentials: Any) -> list[str]:
    credentials.validate_creds()
    return []


def check_athena(credentials: Any) -> list[str]:
    both = bool(credentials.aws_access_key_id) == bool(credentials.aws_secret_access_key)
    problems = [] if both else ["half an access key pair"]
    if not (credentials.s3_staging_dir or credentials.work_group):
        problems.append("neither s3_staging_dir nor work_group")
    return problems


def check_sql_server(credentials: Any) -> list[str]:
    authentication = str(credentials.authentication).lower()
    if authentication == "serviceprincipal":
        missing = [name for name in ("tenant_id", "client_id", "client_secret") if not getattr(credentials, name)]
    elif authentication == "sql" and not credentials.windows_login:
        missing = [name for name in ("UID", "PWD") if not getattr(credentials, name)]
    else:
        missing = []
    return [f"{authentication} without {', '.join(missing)}"] if missing else []


ADAPTER_CHECKS = {
    "athena": check_athena,
    "bigquery": check_bigquery,
    "databricks": check_databricks,
    "fabric": check_sql_server,
    "redshift": check_redshift,
    "snowflake": check_snowflake,
    "sqlserver": check_sql_server,
}


if __name__ == "__main__":
    sys.exit(main())
