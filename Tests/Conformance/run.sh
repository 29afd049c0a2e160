#!/usr/bin/env bash
# Shows every rendered file to the tool it is for, and every fixture to the checks themselves; and compares
# Writ's answers about access with those of two other engines (access/).
#
#   Tests/Conformance/run.sh [--no-setup] [--verbose] [FOLDER...]
#
# Without FOLDER: examples/*/generated, generated, the goldens of Sources/Artifacts, and access/. The files in
# fixtures/ always come along: the good must pass, and those with a `.refused` beside them must fail
# for the reasons given there. First runs setup.sh, which installs what is missing; with --no-setup
# a tool that is not there is skipped. Skips are listed and counted. Ends with one line of totals;
# exit 1 when anything failed. The writ that is asked is $WRIT, or the newest in .build.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export WRIT_VENV=${WRIT_VENV:-$root/.venv} PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
case $WRIT_VENV in /*) ;; *) WRIT_VENV=$PWD/$WRIT_VENV ;; esac

setup=yes verbose=no
folders=()
for argument in "$@"; do
  case $argument in
    -h | --help) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    --no-setup) setup=no ;;
    --verbose) verbose=yes ;;
    -*) echo "run: unknown option $argument" >&2; exit 64 ;;
    *) folders+=("$(realpath "$argument")") ;;
  esac
done
[ "$setup" = no ] || "$here/setup.sh"
cd "$root"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob

# --- what there is to check -----------------------------------------------------------------

everything=no
if [ "${#folders[@]}" -eq 0 ]; then
  everything=yes
  folders=(examples/*/generated)
  [ ! -d generated ] || folders+=(generated)
  folders+=(Sources/Artifacts/*/Golden/*/expected)
fi
fixtures=Tests/Conformance/fixtures
python=$WRIT_VENV/tools/bin/python
[ -x "$python" ] || { echo "run: $WRIT_VENV/tools is not there; run Tests/Conformance/setup.sh" >&2; exit 1; }

# Rendered files first: where like is run only once, they are the ones that run.
"$python" "$here/artifacts.py" ${folders[@]+"${folders[@]}"} "$fixtures" >"$work/found"

declare -A arguments=()
manifests=()
guards=()
add() { # PROGRAM WORD...
  local program=$1 word
  shift
  for word in "$@"; do arguments[$program]+="$word"$'\n'; done
}

while IFS=$'\t' read -r kind file companion; do
  refused=()
  [ ! -e "$file.refused" ] || refused=(--refuse)
  case $kind in
    dbt_profiles)
      add dbt_profiles ${refused[@]+"${refused[@]}"} "$file"
      # Fixtures are there to show that a check can fail; only those made for it need a server.
      case $file in "$fixtures"/*/run.*) add dbt_run "$file" ;; "$fixtures"/*) ;; *) add dbt_run "$file" ;; esac
      ;;
    manifest) manifests+=("$file") ;;
    airflow_connections)
      case $file in */import/*) ;; *) add airflow_connections ${refused[@]+"${refused[@]}"} "$file" ;; esac
      case $file in
        */import/*) add airflow_import ${refused[@]+"${refused[@]}"} "$file" ;;
        *) [ "${#refused[@]}" -gt 0 ] || add airflow_import "$file" ;;
      esac
      ;;
    airflow_env)
      add airflow_env ${refused[@]+"${refused[@]}"} "$file"
      case $file in *.manifest.json) manifests+=("$file") ;; esac
      ;;
    fastapi_guard)
      add fastapi_guard ${refused[@]+"${refused[@]}"} "$file"
      case $file in *.json) [ "${#refused[@]}" -gt 0 ] || guards+=("$file") ;; esac
      ;;
    postman_environment | airflow_backend | vault_policies | postgres_grants) add "$kind" ${refused[@]+"${refused[@]}"} "$file" ;;
    holds) add airflow_backend --holds "$file=$companion" ;;
    unknown)
      case $file in "$fixtures"/schema/* | "$fixtures"/reports/* | "$fixtures"/workflows/*) ;; *) printf 'skip\tartifacts\t%s\tfile\tno consumer here reads it\n' "$file" >>"$work/artifacts.out" ;; esac
      ;;
  esac
done <"$work/found"
if [ "${#folders[@]}" -eq 0 ]; then
  printf 'skip\tartifacts\t.\trendered\tno rendered files in the tree, only fixtures\n' >>"$work/artifacts.out"
fi

# --- running --------------------------------------------------------------------------------

# Runs one program on all its files: importing dbt or Airflow takes longer than checking with it.
run() { # VENV PROGRAM [ARGUMENT...]
  local venv=$1 path=$2 program=${2##*/} start=$SECONDS code=0
  shift 2
  local words=("$@") collected=()
  mapfile -t collected < <(printf '%s' "${arguments[$program]:-}")
  words+=(${collected[@]+"${collected[@]}"})
  if [ ! -x "$WRIT_VENV/$venv/bin/python" ]; then
    printf 'skip\t%s\t-\tall\t%s is not installed: run Tests/Conformance/setup.sh\n' "$program" "$venv" >>"$work/$program.out"
    return
  fi
  [ "${#words[@]}" -gt 0 ] || return 0
  "$WRIT_VENV/$venv/bin/python" "$here/$path.py" "${words[@]}" >>"$work/$program.out" 2>>"$work/$program.err" || code=$?
  # A program that dies has not judged anything: that must not look like success.
  if [ "$code" -ne 0 ] && ! grep -q $'^FAIL\t' "$work/$program.out"; then
    printf 'FAIL\t%s\t-\tprogram\tended with %s: %s\n' "$program" "$code" "$(tail -n 3 "$work/$program.err" | tr '\n\t' '  ')" >>"$work/$program.out"
  fi
  echo "$program $((SECONDS - start))" >>"$work/times"
}

run_schemas() {
  local schema good=() bad=() file
  for file in "$fixtures"/schema/*; do
    case $file in
      *.schema.json | *.refused) ;;
      *) if [ -e "$file.refused" ]; then bad+=(--refuse "$file"); else good+=("$file"); fi ;;
    esac
  done
  run tools json_schema "$fixtures/schema/pets.schema.json" "${good[@]}" "${bad[@]}"
  run tools json_schema --refuse "$fixtures/schema/wrong.schema.json"
  [ "$everything" = no ] || run tools outputs "$work/outputs"
  for schema in schemas/*.json; do
    good=()
    # A golden that renders nothing is there for its mistakes, which a schema may refuse as well.
    case ${schema##*/} in
      policy.*)
        mapfile -t good < <(
          find policies examples/*/policies -type f \( -name '*.yaml' -o -name '*.yml' \) 2>/dev/null | sort
          for file in Sources/Artifacts/*/Golden/*/policies/*.yaml; do
            [ ! -d "$(dirname "$(dirname "$file")")/expected" ] || echo "$file"
          done
        )
        ;;
      writ.*) mapfile -t good < <(ls writ.yaml examples/*/writ.yaml 2>/dev/null) ;;
      manifest.*) good=(${manifests[@]+"${manifests[@]}"}) ;;
      fastapi-guard.*) good=(${guards[@]+"${guards[@]}"}) ;;
      *) good=("$work/outputs/${schema##*/}"/*.json) ;;
    esac
    run tools json_schema "$schema" ${good[@]+"${good[@]}"}
  done
}

# The reports that are expected of `check` and `diff`, and those that must be refused.
run_reports() {
  local file words=()
  for file in Tests/PolicyCompilerTests/Reports/*/expected.* Tests/PolicyCompilerTests/Diffs/*/expected.{sarif,rdjson,junit.xml,github,md}; do
    words+=("$file")
  done
  for file in "$fixtures"/reports/*; do
    case $file in *.refused) ;; *) if [ -e "$file.refused" ]; then words+=(--refuse "$file"); else words+=("$file"); fi ;; esac
  done
  run tools reports "${words[@]}"
}

# What runs on code hosts: actions, workflows, jobs, hooks and scripts.
run_workflows() {
  local file words=(--writ "${WRIT:-.build/debug/writ}")
  for file in action.yml ci/gitlab.yml .pre-commit-hooks.yaml ci/*.sh examples/*/.github/workflows/*.yml; do words+=("$file"); done
  for file in "$fixtures"/workflows/* "$fixtures"/workflows/*/*; do
    if [ -e "$file.refused" ]; then words+=(--refuse "$file"); fi
  done
  run tools workflows "${words[@]}"
}

run_airflow() {
  run airflow airflow_connections
  run airflow airflow_import
  run airflow airflow_backend
  run airflow airflow_env
}

run_dbt() {
  run dbt dbt_profiles --require-manifest
  run dbt dbt_run --each-shape
}

# Two lanes: the slow part of each is Python importing its tool, on one core.
run_airflow &
airflow_lane=$!
run tools postman_environment
random_policies=0
made_up=0
[ "$everything" = no ] || random_policies=60 made_up=30
run tools vault_policies --writ "${WRIT:-.build/debug/writ}" --random "$random_policies"
run tools postgres_grants --policies "$made_up"
run_schemas
run_reports
[ "$everything" = no ] || run_workflows
[ "$everything" = no ] || run access access/decisions --decisions 20000
proofs=()
[ "$everything" = no ] || proofs=(--live --seeds 1-24)
run api fastapi_guard ${proofs[@]+"${proofs[@]}"}
run_dbt
wait "$airflow_lane"

# --- what came of it ------------------------------------------------------------------------

cat "$work"/*.out >"$work/all"
[ "$verbose" = no ] || grep -P '^(ok)\t' "$work/all" || true
grep -P '^skip\t' "$work/all" || true
grep -P '^FAIL\t' "$work/all" || true
awk -F'\t' -v times="$work/times" '
  $1 == "ok" || $1 == "FAIL" || $1 == "skip" { count[$2, $1]++; names[$2] = 1; total[$1]++ }
  END {
    while ((getline line < times) > 0) { split(line, part, " "); seconds[part[1]] += part[2] }
    for (name in names)
      printf "%-20s %4d passed %4d failed %4d skipped %4d s\n", name, count[name, "ok"], count[name, "FAIL"], count[name, "skip"], seconds[name] | "sort"
    close("sort")
    printf "conformance: %d passed, %d failed, %d skipped\n", total["ok"], total["FAIL"], total["skip"]
    exit total["FAIL"] > 0 || total["ok"] == 0
  }' "$work/all"
