#!/usr/bin/env bash
# The main job, start to end, on the policy of this repository: check it, render it, look at what came out.
set -euo pipefail
writ=$1

run() {
  printf '\n$ writ %s\n' "$*"
  "$writ" "$@"
}

show() {
  printf '\n--- %s\n' "$1"
  sed -n '1,40p' "$1"
}

run check
run render
show generated/dbt/profiles.yml
show generated/dbt/profiles.yml.manifest.json
show generated/airflow/connections.json.manifest.json
show generated/postman/orders.prod.postman_environment.json
printf '\nNo file holds a secret: the manifests say which variable takes which reference.\n'
# shellcheck disable=SC2016
printf 'Next: edit policies/, break something, and run `writ check` again (%s).\n' "$writ"
