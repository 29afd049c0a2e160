#!/usr/bin/env bash
# Installs what the real consumers need, and nothing that is there already.
#
#   Tests/Conformance/setup.sh [system] [tools] [access] [api] [dbt] [airflow]     (all six by default)
#
# system    Debian/Ubuntu packages: libgit2, libyaml, PostgreSQL and a few programs
# tools     <venv>/tools:   uv, jsonschema, junitparser, PyYAML, zizmor, pre-commit, shellcheck, and published schemas
# access    <venv>/access:  Cedar, PyYAML
# api       <venv>/api:     FastAPI, uvicorn, an OpenID provider, mypy and ruff
# dbt       <venv>/dbt:     dbt and its ten adapters
# airflow   <venv>/airflow: Airflow and the providers of the rendered connection types
#
# <venv> is .venv at the top of the tree, or $WRIT_VENV. $WRIT_PYTHON names the Python to use.
# An environment is rebuilt when its requirements or its Python change, so a second run is instant.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
venvs=${WRIT_VENV:-$root/.venv}
requirements=$here/requirements

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- system packages ------------------------------------------------------------------------

postgres_server() {
  have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# What is missing is asked of the machine, not of dpkg: a hand-built libgit2 counts as well.
missing_packages() {
  if ! have pkg-config; then
    echo pkg-config libgit2-dev libyaml-dev
  else
    pkg-config --exists libgit2 || echo libgit2-dev
    pkg-config --exists yaml-0.1 || echo libyaml-dev
  fi
  have git || echo git
  have curl || echo curl
  have openssl || echo openssl
  have jq || echo jq
  have psql || echo postgresql-client
  postgres_server || echo postgresql
  [ -n "$(find_python)" ] || echo python3 python3-venv
}

install_packages() {
  local missing sudo=()
  mapfile -t missing < <(missing_packages | tr ' ' '\n' | sort -u)
  if [ "${#missing[@]}" -eq 0 ]; then
    say "system packages: all there"
    return
  fi
  local by_hand="apt-get update && apt-get install -y ${missing[*]}"
  have apt-get || die "missing: ${missing[*]} (Debian's names); install them with your package manager"
  if [ "$(id -u)" -ne 0 ]; then
    if ! have sudo || ! sudo -n true 2>/dev/null; then
      # Asking for a password is fine in front of a person, and a hang anywhere else.
      { have sudo && [ -t 0 ]; } || die "missing: ${missing[*]}; run as root: $by_hand"
    fi
    sudo=(sudo)
  fi
  say "installing system packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "could not install ${missing[*]}; run as root: $by_hand"
  fi
  rm -f "$log"
}

# --- Python ---------------------------------------------------------------------------------

# Prints the first Python that really starts, is of a version both tools support, and can make
# virtual environments. A name in PATH proves nothing: version managers leave dead shims there.
find_python() {
  local candidate
  for candidate in ${WRIT_PYTHON:+"$WRIT_PYTHON"} python3.12 python3.11 python3.10 python3.13 python3 /usr/bin/python3; do
    if "$candidate" - >/dev/null 2>&1 <<'PY'
import ensurepip, sys, venv
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
PY
    then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
}

# A stamp is the Python's version and the digest of everything that decides an environment's contents.
stamp_of() {
  { "$python" -c 'import sys; print(sys.version, sys.executable)'; cat "$@"; } | sha256sum | cut -d' ' -f1
}

is_current() { # NAME STAMP
  [ -x "$venvs/$1/bin/python" ] && [ "$(cat "$venvs/$1/.writ-stamp" 2>/dev/null)" = "$2" ]
}

report_size() { # NAME SECONDS
  say "$1: ready in $2 s, $(du -sm "$venvs/$1" | cut -f1) MB"
}

install_tools() {
  local stamp start=$SECONDS
  stamp=$(stamp_of "$requirements/tools.txt" "$here/setup.sh")
  if is_current tools "$stamp"; then
    say "tools: up to date"
    return
  fi
  say "tools: installing with $python"
  "$python" -m venv --clear "$venvs/tools"
  "$venvs/tools/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$requirements/tools.txt"
  install_sarif_schema
  echo "$stamp" >"$venvs/tools/.writ-stamp"
  report_size tools $((SECONDS - start))
}

# OASIS' schema as published, from a source archive on PyPI that carries it: no other package there does.
install_sarif_schema() {
  local archive=sarif_pydantic-0.6.2 digest=6352a05f9d03f181b8d9c71a46bdacc4fcff9d8ade5364858b425ba0c0994ed7 folder
  folder=$(mktemp -d)
  "$venvs/tools/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-binary :all: \
    --dest "$folder" sarif-pydantic==0.6.2
  tar -xzf "$folder/$archive.tar.gz" -C "$folder" "$archive/sarif-schema-2.1.0.json"
  echo "$digest  $folder/$archive/sarif-schema-2.1.0.json" | sha256sum --check --quiet || die "the schema of SARIF is not the one that was pinned"
  mv "$folder/$archive/sarif-schema-2.1.0.json" "$venvs/tools/sarif-schema-2.1.0.json"
  rm -rf "$folder"
}

# The lists are complete and pinned, hence --no-deps: it is also what leaves out the one package
# that cannot be built from PyPI alone (see overrides.txt).
install_environment() { # NAME
  local name=$1 stamp start=$SECONDS
  stamp=$(stamp_of "$requirements/$name.txt")
  if is_current "$name" "$stamp"; then
    say "$name: up to date"
    return
  fi
  [ -x "$venvs/tools/bin/uv" ] || install_tools
  say "$name: installing $(grep -c '==' "$requirements/$name.txt") pinned packages"
  "$venvs/tools/bin/uv" venv --quiet --clear --python "$python" "$venvs/$name"
  "$venvs/tools/bin/uv" pip install --quiet --no-deps --python "$venvs/$name/bin/python" -r "$requirements/$name.txt"
  echo "$stamp" >"$venvs/$name/.writ-stamp"
  report_size "$name" $((SECONDS - start))
}

main() {
  case ${1:-} in
    -h | --help) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
  esac
  local part parts=("$@")
  [ "${#parts[@]}" -gt 0 ] || parts=(system tools access api dbt airflow)
  mkdir -p "$venvs"
  # Two runs at once take turns; the second then finds everything up to date.
  if have flock; then
    exec 9>"$venvs/.lock"
    flock 9
  fi
  for part in "${parts[@]}"; do
    [ "$part" = system ] && { install_packages; continue; }
    python=$(find_python)
    [ -n "$python" ] || die "no Python 3.10 to 3.13 with venv found; install python3-venv, or set WRIT_PYTHON"
    case $part in
      tools) install_tools ;;
      access | api | dbt | airflow) install_environment "$part" ;;
      *) die "unknown part '$part' (system, tools, access, api, dbt, airflow)" ;;
    esac
  done
}

main "$@"
