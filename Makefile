# MXTRAX. `make` alone lists what there is. Every target sets up what it needs; done once, that costs nothing.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
ROOT := $(CURDIR)
UV := $(ROOT)/.tools/uv/bin/uv
VENV := $(ROOT)/.venv
SAM := $(ROOT)/.tools/sam/bin/sam
BIN := $(VENV)/bin
CFN_LINT := $(ROOT)/.tools/sam/bin/cfn-lint --include-checks I --regions us-east-1
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

export SAM_CLI_TELEMETRY := 0
export MXTRAX_UV := $(UV)
export MXTRAX_PYTHON := $(BIN)/python

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- set-up: uv first, then one environment for the project and one for each tool that pins its own packages ----------

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 8) and "MXTRAX needs Python 3.8 or later to set itself up.")'
	@rm -rf .tools/uv
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(PYTHON) -m pip install --quiet --require-hashes --target .tools/uv \
		-r requirements/uv.txt 2> >(grep -v "pip as the 'root' user" >&2)
	@touch $@

$(BIN)/mxtrax: $(UV) requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv --quiet --python 3.13 $(VENV)
	@$(UV) pip sync --quiet --python $(VENV) --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(VENV) --no-deps --no-build-isolation --editable .
	@touch $@

.tools/%/ready: $(UV) requirements/%.txt
	@test -x .tools/$*/bin/python || $(UV) venv --quiet --python 3.13 .tools/$*
	@$(UV) pip sync --quiet --python .tools/$* --require-hashes requirements/$*.txt
	@touch $@

# What checks the console: npm's packages, by the Node of PyPI.
NODE := PATH="$(ROOT)/.tools/node/bin:$$PATH"
NPM := $(ROOT)/.tools/npm/node_modules/.bin

.tools/npm/ready: .tools/node/ready requirements/npm/package.json requirements/npm/package-lock.json requirements/npm/.npmrc
	@mkdir -p .tools/npm
	@cp requirements/npm/package.json requirements/npm/package-lock.json requirements/npm/.npmrc .tools/npm
	@cd .tools/npm && $(NODE) npm ci --silent --ignore-scripts
	@touch $@

.tools/lighthouse/ready: .tools/node/ready requirements/lighthouse/package.json requirements/lighthouse/package-lock.json
	@mkdir -p .tools/lighthouse
	@cp requirements/lighthouse/package.json requirements/lighthouse/package-lock.json requirements/lighthouse/.npmrc .tools/lighthouse
	@cd .tools/lighthouse && $(NODE) npm ci --silent --ignore-scripts
	@touch $@

setup: $(BIN)/mxtrax .tools/ministack/ready ## Prepare .venv, with the mxtrax command in it, and the local AWS.

# --- use --------------------------------------------------------------------------------------------------------------

run: setup ## Test a sample fleet on this machine until Ctrl-C (ARGS="--fresh" and others, see mxtrax run --help).
	@$(BIN)/mxtrax run $(ARGS)

demo: setup ## Let every kind of customer misbehave, then cut our inbox off, and check what MXTRAX makes of it.
	@$(BIN)/mxtrax demo $(ARGS)

# --- work -------------------------------------------------------------------------------------------------------------

# The tests of a file stay together, and so do all that run the world of this machine, which has a pace to keep.
SIDE_BY_SIDE := -n auto --dist loadgroup
FAST := --ignore=tests/e2e --ignore=tests/faults --ignore=tests/api/clients

# Lines and branches of the package and the functions, in per cent, that all fast tests together have to run.
FLOOR := 90
COVERED := --cov --cov-report term $(if $(ARGS),,--cov-fail-under=$(FLOOR))

test: setup .tools/clients/ready .tools/npm/ready ## Run all tests, on all processors (ARGS="tests/jobs -k late" for some).
	@$(NODE) node --test --test-reporter dot "tests/web/console/*.test.js"
	@$(BIN)/pytest $(SIDE_BY_SIDE) $(ARGS)

coverage: setup .tools/npm/ready ## Say which lines and branches the fast tests leave out, of the package and of the console's values.
	@$(NODE) node --test --experimental-test-coverage --test-coverage-include "functions/console/values/*.js" \
		"tests/web/console/*.test.js" | sed -n '/^ℹ file/,$$p'
	@$(BIN)/pytest $(SIDE_BY_SIDE) $(FAST) $(COVERED) $(ARGS)

causes: setup ## Write docs/causes.md from the table of causes.
	@$(BIN)/python -m infra.docs

other-days: setup .tools/npm/ready ## Run the fast tests, with coverage, by another day's clock: in 400 days or more, while summer time begins.
	@TZ=Europe/Berlin $(BIN)/pytest $(SIDE_BY_SIDE) $(FAST) $(COVERED) --clock spring+400d $(ARGS)

faults: setup ## Let every AWS call fail in every way: whatever is retried, doubled or cut short, the outcome is the same.
	@$(BIN)/python -m tests.faults

soak: setup ## Live a day of a fleet of 200 domains in compressed time, with random faults (ARGS="--seed 7").
	@$(BIN)/python -m tests.faults.soak $(ARGS)

alarms: setup ## Play whole days of drawn fleets: are the alarms true? (ARGS="--seeds 1,2 --rivals", --json, see --help).
	@$(BIN)/python -m infra.simulation $(ARGS)

lint: setup .tools/npm/ready ## Check Python and JavaScript: rules, format, types, imports.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NODE) $(NPM)/biome check --error-on-warnings .
	@$(BIN)/python -m infra.docs.openapi >.tools/npm/openapi.json
	@cd .tools/npm && $(NODE) $(NPM)/openapi-typescript openapi.json --root-types --root-types-no-schema-prefix \
		--empty-objects-unknown >api.d.ts
	@$(NODE) $(NPM)/tsc --project tsconfig.json
	@$(NODE) $(NPM)/tsc --project tests/web/console

format: setup .tools/npm/ready ## Format Python and JavaScript.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .
	@$(NODE) $(NPM)/biome check --write .

screenshots: setup ## Take pictures of the console's pages into docs/img (needs chromium; ARGS="FOLDER --all": each page, to look at).
	@$(BIN)/python -m tests.e2e.console.screenshots $(or $(ARGS),docs/img)

validate: setup .tools/sam/ready .tools/checkov/ready ## Lint the templates, and have the stack's checked by checkov.
	@$(SAM) validate --lint --region us-east-1
	@$(CFN_LINT) --ignore-checks I3011 W1100 W1101 -- template.yaml infra/alarms.yaml infra/dashboard.yaml # queues go with the stack; sam writes out what is shared
	@$(CFN_LINT) -- infra/budget.yaml
	@.tools/checkov/bin/checkov --config-file infra/checkov.yaml

check: lint validate test other-days ## Run what CI runs.

build: setup .tools/sam/ready ## Build the stack for Lambda (arm64, Python 3.13), without Docker.
	@$(SAM) build

bench: setup .tools/lighthouse/ready ## Measure (ARGS=--json for one object, ARGS="--only calls,large" for some parts).
	@$(BIN)/python -m infra.bench $(ARGS)

lock: $(UV) .tools/node/ready ## Pin the requirements anew.
	@$(COMPILE) --upgrade pyproject.toml -o layers/vendor/requirements.txt
	@$(COMPILE) --upgrade pyproject.toml --group dev -c layers/vendor/requirements.txt -o requirements/dev.txt
	@$(COMPILE) --upgrade --group ministack -o requirements/ministack.txt
	@$(COMPILE) --upgrade --group sam -o requirements/sam.txt
	@$(COMPILE) --upgrade --group checkov -o requirements/checkov.txt
	@$(COMPILE) --upgrade --group clients -o requirements/clients.txt
	@$(COMPILE) --upgrade --group node -o requirements/node.txt
	@cd requirements/npm && $(NODE) npm update --silent --package-lock-only
	@cd requirements/lighthouse && $(NODE) npm update --silent --package-lock-only

clean: ## Remove everything that was set up or built; what make run keeps in .mxtrax stays.
	@rm -rf .venv .tools .coverage .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help screenshots setup run demo test coverage other-days faults alarms lint format validate check build bench lock clean soak
