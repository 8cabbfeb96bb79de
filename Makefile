# Everything a person or CI calls. `make demo` and `make test` need Python 3.11+, make and a package
# index; what needs more has a target of its own that installs it or says why it cannot.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ENV := $(VENV)/.installed
STACK ?= dev
.DEFAULT_GOAL := help

# What a target cannot do without: a word of the caller's, a program of the machine.
given = @$(if $($(1)),:,echo 'make $@: $(1) is missing, as in $(2)' >&2; exit 2)
needs = @command -v $(1) >/dev/null || { echo 'make $@: $(1) is missing, see $(2)' >&2; exit 1; }

.PHONY: help
help: ## What there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# --- The environment: one virtual environment, every package pinned by hash
$(ENV): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo '$(PYTHON) is no Python 3.11 or newer: name one, as in PYTHON=python3.13' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: env
env: $(ENV) ## Make the environment (the others do so by themselves)

# --- The system on this machine
.PHONY: demo up down send
demo: $(ENV) ## Run the whole system and its scenario on an embedded AWS, and check every transaction
	@$(BIN)/python -m local demo
up: $(ENV) ## Leave the system running on this machine; PORT=... of its AWS, a free one by default
	@$(BIN)/python -m local up $(if $(PORT),--port "$(PORT)")
down: $(ENV) ## Stop it and remove what it left
	@$(BIN)/python -m local down
send: $(ENV) ## Send FILE=... of transactions into the running system
	$(call given,FILE,FILE=mine.jsonl (one transaction a line))
	@$(BIN)/python -m local send "$(FILE)"

# --- A stack that runs, this machine's or one on AWS
.PHONY: control smoke drift
# Where nobody says which stack, an order never leaves this machine.
control smoke: STACK := $(if $(findstring file,$(origin STACK)),local,$(STACK))
control: $(ENV) ## Steer STACK=... : ARGS="status", ARGS="disable payment-processing --reason ..."
	@$(BIN)/python -m control --stack $(STACK) $(or $(ARGS),--help)
smoke: $(ENV) ## Send a transaction of its own through STACK=... and wait for its outcome
	@$(BIN)/python -m control.smoke --stack $(STACK)
drift: $(ENV) ## Whether STACK=... is still what the program says: changes nothing (needs pulumi)
	$(call needs,pulumi,https://www.pulumi.com/docs/iac/download-install/)
	pulumi preview --stack $(STACK) --refresh --expect-no-changes --diff --non-interactive \
		--policy-pack policy --policy-pack-config policy.json

# --- What the GitHub workflows call besides
.PHONY: commit login
commit: ## The commit that REF names, or HEAD; refused where it is not of main
	@commit="$$(git rev-parse --verify --quiet --end-of-options "$${REF:-HEAD}^{commit}")" && \
		git merge-base --is-ancestor "$$commit" origin/main && echo "$$commit" || \
		{ echo "$${REF:-HEAD} is no commit of main" >&2; exit 1; }
login: $(ENV) ## Log in to Pulumi Cloud's PULUMI_ORGANIZATION by GitHub's identity, without a key
	@$(BIN)/python -m tools.login

# --- Change
.PHONY: new-service
new-service: $(ENV) ## Make a service in one step: NAME=meter-reading TYPE=meter_reading
	$(call given,NAME,NAME=meter-reading TYPE=meter_reading)
	$(call given,TYPE,NAME=meter-reading TYPE=meter_reading)
	@$(BIN)/python -m tools.new_service "$(NAME)" "$(TYPE)"

# --- Proof
.PHONY: test unit integration e2e test-policy test-new-service
test: $(ENV) ## All tests that need nothing else: unit, integration, end to end
	$(BIN)/pytest -q -n 3 --dist loadfile tests/e2e tests/integration tests/unit
unit: $(ENV) ## Unit tests
	$(BIN)/pytest -q -n 2 --dist loadfile tests/unit
integration: $(ENV) ## Tests on the embedded AWS
	$(BIN)/pytest -q -n 2 --dist loadfile tests/integration
test-policy: $(ENV) ## The policy pack: each control, and every mutant of the infrastructure
	$(BIN)/pytest -q -n 2 --dist loadfile tests/policy
e2e: $(ENV) ## The demo as a test
	$(BIN)/pytest -q tests/e2e
test-new-service: $(ENV) ## The guide to a new service, and all of that once more in a copy that has one
	$(BIN)/pytest -q tests/new_service

.PHONY: check lint format types
check: lint types ## Lint, format and types
lint: $(ENV) ## Lint and format, changing nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
format: $(ENV) ## Mend what can be mended
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
types: $(ENV) ## Types, strict
	$(BIN)/basedpyright

.PHONY: workflows
workflows: $(ENV) ## Check the GitHub workflows: zizmor, and actionlint (needs Go)
	$(BIN)/zizmor --offline --config .github/zizmor.yml .github
	$(call needs,go,https://go.dev/dl/)
	cd tools/actionlint && go tool actionlint -color $(CURDIR)/.github/workflows/*.yaml

.PHONY: documents
documents: $(ENV) ## Make the generated parts of docs/ and of the pack's page anew
	@$(BIN)/python -m tools.documents
	@$(BIN)/python -m policy.readme

# --- What others change
.PHONY: links audit sbom
links: $(ENV) ## Fetch every page that the project points to, and name the dead links
	@$(BIN)/python -m tools.links
audit: $(ENV) ## Look every locked package up for known vulnerabilities; one that is skipped fails
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/dev.txt -r requirements/containers.txt
sbom: $(ENV) ## What is in each image, as CycloneDX in .local/sbom
	@$(BIN)/python -m tools.sbom
.PHONY: lock
lock: ## Lock every dependency with hashes (needs uv)
	$(call needs,uv,https://docs.astral.sh/uv/)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements/containers.in -o requirements/containers.txt # has its own versions, for an image
	for part in handlers program policy local; do \
		uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			-c requirements/dev.txt requirements/$$part.in -o requirements/$$part.txt; done

# --- Policy: what may exist, decided before it does
STACKS := dev staging prod
.PHONY: policy policy-sarif
policy: $(ENV) ## Judge the first preview of STACK=... by the policy pack, without the engine
	@$(BIN)/python -m local.policy_check $(STACK)
policy-sarif: $(ENV) ## The same for every shared stack, as SARIF in .local/policy
	@mkdir -p .local/policy
	@failed=0; for stack in $(STACKS); do $(BIN)/python -m local.policy_check $$stack \
		--format sarif --output .local/policy/$$stack.sarif || failed=1; done; exit $$failed

# --- The real Pulumi engine: one on PATH, or built from locked Go modules
.PHONY: engine preview deploy destroy test-engine
engine: $(ENV) ## Put a Pulumi CLI into .engine (needs pulumi, or Go)
	@$(BIN)/python -m local.engine.build
preview: $(ENV) ## What `pulumi up` of STACK=... would do: from nothing, and of local to what runs
	@$(BIN)/python -m local.engine preview --stack $(STACK)
deploy destroy: STACK := $(if $(findstring file,$(origin STACK)),local,$(STACK))
deploy: $(ENV) ## Make or update STACK=local by the engine, and leave the system running
	@$(BIN)/python -m local.engine deploy --stack $(STACK)
destroy: $(ENV) ## Remove it again
	@$(BIN)/python -m local.engine destroy --stack $(STACK)
test-engine: engine ## The program, the provider and the pack under the engine
	$(BIN)/pytest -q tests/engine

# --- Measured
.PHONY: bench bench-quick bench-all
bench: $(ENV) ## Measure everything, beside its rivals, in one run (at most 10 minutes)
	@$(BIN)/python -m bench
bench-quick: $(ENV) ## The same in a minute
	@$(BIN)/python -m bench --quick
bench-all: $(ENV) ## The circuit's whole grid: a quarter of an hour of CPU
	@$(BIN)/python -m bench --all

# --- What needs more than Python: each installs it, or says why it cannot
.PHONY: images image services compose test-docker
SERVICES := $(sort $(subst _,-,$(notdir $(patsubst %/app.py,%,$(wildcard handlers/*/app.py)))))
images: $(addprefix image-,$(SERVICES)) ## Build the image of every service (needs Docker)
image: $(if $(SERVICE),image-$(SERVICE)) ## Build one: SERVICE=payment-processing
	$(call given,SERVICE,SERVICE=payment-processing)
image-%:
	@$(if $(filter $*,$(SERVICES)),:,echo 'there is no service $*: there are $(SERVICES)' >&2; exit 2)
	$(call needs,docker,https://docs.docker.com/engine/install/)
	docker build --build-arg SERVICE=$* -f handlers/Dockerfile -t $* .
services: ## The services that have an image, as JSON
	@printf '["%s"]\n' "$$(echo $(SERVICES) | sed 's/ /", "/g')"
compose: $(ENV) ## Docker Compose: the plugin, or one built by Go (needs Docker)
	@$(BIN)/python -m local.containers.compose
test-docker: engine ## Build, start and call the images
	$(BIN)/pytest -q tests/docker
.PHONY: test-browser
test-browser: $(ENV) ## Press every button of the local page in a real browser
	@{ command -v chromium && command -v chromedriver; } >/dev/null || \
		$(BIN)/python -m local.packages chromium chromium-driver || true # the tests say it then
	$(BIN)/pytest -q tests/browser
