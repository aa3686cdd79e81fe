# Where the build's products go. A directory outside the checkout can be shared by several: SCRATCH=~/pgwal make test
SCRATCH ?= .build

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The import check holds the modules to the order that Package.swift gives them.
FLAGS := --scratch-path $(SCRATCH) --explicit-target-dependency-import-check error
RELEASE := $(SCRATCH)/release
# One file that runs without a Swift installation, and with less memory than many libraries take.
STATIC := $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
SOURCES := Package.swift Sources Tests
VERSIONS := $(abspath $(SCRATCH))/postgres-versions

.PHONY: help build demo test unit rules proof drills lint format docs bench clean swift debian

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: swift debian ## The exporter, optimised: .build/release/pgwal_exporter
	swift build -c release $(FLAGS) $(STATIC) --product pgwal_exporter

demo: build ## The exporter at work on a throwaway primary and standby (or on PGWAL_DSN); Ctrl-C ends it
	swift build -c release $(FLAGS) $(STATIC) --product pgwal_demo
	@$(RELEASE)/pgwal_demo $(RELEASE)/pgwal_exporter

test: swift ## Everything: lint, build, all tests on PostgreSQL 13 to 18; installs what is missing
	scripts/install-debian-packages test
	@mkdir -p $(SCRATCH)
	scripts/postgres-versions > $(VERSIONS)
	$(MAKE) --no-print-directory lint rules
	swift build --build-tests $(FLAGS)
	PGWAL_TEST_POSTGRES=$(VERSIONS) swift test --skip-build $(FLAGS)
	$(MAKE) --no-print-directory proof drills

unit: swift debian ## The tests that need no server
	swift test $(FLAGS) --skip '^(IntegrationTests|PostgresTests)\.'

rules: ## The alert rules and their unit tests, the runbooks, the dashboards; a part of test
	alerts/check
	dashboards/check --ci
	@for tests in promcheck:. alerts/rulechecks:alerts dashboards/checks:dashboards; do \
	  PYTHONPATH=. python3 -B -m unittest discover -q -s $${tests%:*} -t $${tests#*:} || exit 1; done

# Needs root, for namespaces of its own.
proof: swift ## Each alert from its cause to a webhook, on real servers, Prometheus and Alertmanager; a part of test
	swift build --product pgwal_exporter $(FLAGS)
	@if [ "$$(id -u)" != 0 ]; then echo "proof: skipped, it needs root"; exit 0; fi; \
	run="alerts/proof/run --exporter $(SCRATCH)/debug/pgwal_exporter --json $(SCRATCH)/proof.json"; \
	$$run || { echo "proof: once more, for the machine may have been late for its own reasons"; $$run; }

# Needs root and network namespaces; where there are none, the lab says so and ends with 77.
drills: swift ## Two sites with real Patroni, and each fault of lab/README.md; a part of test
	swift build --product pgwal_exporter $(FLAGS)
	@scripts/drills $(abspath $(SCRATCH))/debug/pgwal_exporter $(abspath $(SCRATCH))/drills.json

lint: swift ## The formatting of the sources, and the syntax of the scripts
	swift format lint --strict --recursive --parallel $(SOURCES)
	@for script in scripts/* .ci/run lab/install; do bash -n $$script || exit 1; done
	@find lab benchmarks alerts dashboards promcheck -name '*.py' -print0 | xargs -0 python3 -c 'import ast, sys; [ast.parse(open(file).read(), file) for file in sys.argv[1:]]'

format: swift ## Formats the sources
	swift format --in-place --recursive --parallel $(SOURCES)

docs: build ## docs/METRICS.md, from the exporter's own catalogue
	$(RELEASE)/pgwal_exporter metrics --markdown > $(SCRATCH)/METRICS.md
	mv $(SCRATCH)/METRICS.md docs/METRICS.md

bench: build ## Measures the exporter, beside others
	scripts/install-debian-packages bench
	benchmarks/run $(RELEASE)/pgwal_exporter

clean: swift ## Removes what was built
	swift package --scratch-path $(SCRATCH) clean

swift:
	@command -v swift >/dev/null || { echo "Swift is not in PATH. This project needs Swift 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }

debian:
	@scripts/install-debian-packages
