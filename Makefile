# The commands of this project; `make` alone lists them. Each installs what it is missing, or says what that is.
SHELL := /bin/bash
.DEFAULT_GOAL := help

WRIT := .build/debug/writ

.PHONY: help demo test unit conformance lint format bench fuzz sanitize generate setup build release clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what building needs: libgit2, libyaml
	@command -v swift >/dev/null || { echo "error: no Swift toolchain in PATH; Swift 6.2 or newer is needed: https://www.swift.org/install/linux/" >&2; exit 1; }
	@Tests/Conformance/setup.sh system

build: setup ## Build writ (debug)
	swift build --product writ

release: setup ## Build writ for release, static where the machine can
	@scripts/release.sh

demo: build ## Check policies/, render every artifact and show the result
	@scripts/demo.sh $(WRIT)

unit: setup ## Run the tests in Swift
	scripts/unit.sh

conformance: build ## Show everything that is rendered to the real tools: dbt, Airflow, PostgreSQL, Postman's rules
	Tests/Conformance/setup.sh
	Tests/Conformance/run.sh

test: unit generated conformance ## Run every test, real consumers included

.PHONY: generated
generated: build ## Fail where a generated file is stale
	swift run dev generate --check
	scripts/check-rendered.sh $(WRIT)

generate: build ## Write schemas, references, the starter policy and every example's generated files
	swift run dev generate
	scripts/check-rendered.sh $(WRIT) --write

lint: ## Check the style of code and scripts
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@shellcheck=$$(command -v shellcheck || command -v .venv/tools/bin/shellcheck); \
	if [ -n "$$shellcheck" ]; then "$$shellcheck" --external-sources scripts/*.sh Tests/Conformance/*.sh ci/*.sh; else echo "skipped: shellcheck is not installed"; fi

format: ## Put code into the project's style
	swift format --in-place --recursive --parallel Package.swift Sources Tests

bench: setup ## Measure against the controls; writes Benchmarks/RESULTS.md
	Benchmarks/run.py --writ "$$(scripts/release.sh)" $(BENCH)

fuzz: setup ## Fuzz every parser with libFuzzer; FUZZ="policy batch" SECONDS_EACH=600 for some, and longer
	scripts/fuzz.sh $(FUZZ)

sanitize: setup ## Run the tests of the core under the address and the thread sanitizer
	scripts/sanitize.sh address
	scripts/sanitize.sh thread

clean: ## Delete what was built
	rm -rf .build
