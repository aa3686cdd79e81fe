# Where the build's products go. A directory outside the checkout can be shared by several: SCRATCH=~/pgwal make test
SCRATCH ?= .build

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The import check holds the modules to the order that Package.swift gives them.
FLAGS := --scratch-path $(SCRATCH) --explicit-target-dependency-import-check error
RELEASE := $(SCRATCH)/release
# One file that runs without a Swift installation, and with less memory than many libraries take.
LINUX := $(filter Linux,$(shell uname))
STATIC := $(if $(LINUX),--static-swift-stdlib)
# Leaves out what nothing reaches: with each function in a section of its own, with nothing exported, with the toolchain's own linker.
# What only Swift's runtime uses of C++ is in the file, too; relocations are packed where the C library (glibc 2.36) can read that.
LIBSTDCXX = $(wildcard $(shell clang -print-file-name=libstdc++.a 2>/dev/null))
PACKS = $(shell printf 'glibc 2.36\n%s\n' "$$(getconf GNU_LIBC_VERSION)" | sort -CV && echo yes)
LINKED = $(addprefix -Xlinker ,--version-script=$(CURDIR)/scripts/link/no-exports.map -T $(CURDIR)/scripts/link/no-unwinding.ld \
  --icf=safe $(if $(LIBSTDCXX),'--remap-inputs=*/libstdc++.so=$(LIBSTDCXX)') $(if $(PACKS),-z pack-relative-relocs))
SECTIONS = -Xswiftc -Xfrontend -Xswiftc -function-sections -Xcc -ffunction-sections -Xcc -fdata-sections
SMALL = $(if $(LINUX),-Xswiftc -use-ld=lld $(SECTIONS) $(LINKED))
# What is built, for --version. Only release builds are told: the others would be linked anew with each commit.
STAMP = $(shell scripts/version)
RELEASE_BUILD = env $(STAMP) swift build -c release $(FLAGS) $(STATIC) $(SMALL)
SOURCES := Package.swift Sources Tests fuzz
VERSIONS := $(abspath $(SCRATCH))/postgres-versions

MAKE_PART := $(MAKE) --no-print-directory

.PHONY: help build demo test quick unit tests servers rules proof engines noise drills tsan asan fuzz mutate coverage lint format docs bench clean \
  packages deb rpm image chart sbom packages-test packages-trial release packaging-tools swift debian debian-test versions exporter test-build

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: swift debian ## The exporter, optimised: .build/release/pgwal_exporter
	$(RELEASE_BUILD) --product pgwal_exporter

demo: build ## The exporter at work on a throwaway primary and standby (or on PGWAL_DSN); Ctrl-C ends it
	$(RELEASE_BUILD) --product pgwal_demo
	@$(RELEASE)/pgwal_demo $(RELEASE)/pgwal_exporter

# What can run side by side does. SERIAL=1: one after the other. The proof and the drills mostly wait for real time; as long as they
# share a lane they take turns, and SITES_LANE= gives each its own.
SERIAL ?=
SITES_LANE ?= alone in sites
PART := BUILT=1

test: swift ## Everything: lint, build, all tests on PostgreSQL 13 to 19; installs what is missing
	scripts/install-debian-packages test
	@mkdir -p $(SCRATCH)
	@scripts/lanes $(if $(SERIAL),--serial) --logs $(SCRATCH)/lanes \
	  "versions: scripts/postgres-versions > $(VERSIONS)" \
	  "build alone in swift: $(MAKE_PART) test-build" \
	  "lint: $(MAKE_PART) lint" \
	  "rules: $(MAKE_PART) rules" \
	  "testbed: testbed/check test" \
	  "unit after build alone in swift: $(MAKE_PART) unit $(PART)" \
	  "servers after build versions alone in swift: $(MAKE_PART) servers $(PART)" \
	  "fuzz after unit: $(MAKE_PART) fuzz SECONDS=20 $(PART)" \
	  "proof after build versions $(SITES_LANE): $(MAKE_PART) proof $(PART)" \
	  "engines after build $(SITES_LANE): $(MAKE_PART) engines $(PART)" \
	  "lab: lab/install || [ \$$? = 77 ]" \
	  "packages after build lab: $(MAKE_PART) packages-trial $(PART)" \
	  "drills after build lab $(SITES_LANE): $(MAKE_PART) drills $(PART)"

quick: swift debian-test test-build ## The tests on one version of PostgreSQL only: make quick VERSION=18
	@mkdir -p $(SCRATCH)
	@scripts/postgres-versions "" $(or $(VERSION),18) > $(VERSIONS)-quick
	PGWAL_TEST_POSTGRES=$(VERSIONS)-quick $(SWIFT_TEST)

# The tests with real servers; all others are those of `unit`.
SERVERS := ^(IntegrationTests|PostgresTests)\.
# A part of `make test` finds everything built, and may run while another one does.
BUILT ?=
# Without the check of imports, which the build has made.
SWIFT_TEST := swift test --skip-build --scratch-path $(SCRATCH)

# Of these, those that keep time: they are no company for tests that compute on all processors.
TIMED := ^(PatroniTests\.|MonitoringTests\.|MetricsServerTests\.|WebServerTests\.|TimeSupportTests\.|JudgementTests\.GrowthTests)

unit: swift debian test-build ## The tests that need no server
	$(SWIFT_TEST) --skip '$(SERVERS)|$(TIMED)'
	$(SWIFT_TEST) --filter '$(TIMED)'

servers: swift debian-test test-build versions ## The tests with real servers, PostgreSQL 13 to 19; a part of test
	PGWAL_TEST_POSTGRES=$(VERSIONS) $(SWIFT_TEST) --filter '$(SERVERS)'

tsan: swift debian ## The tests that need no server, under the thread sanitizer
	swift test --scratch-path $(SCRATCH)-tsan --sanitize thread --skip '$(SERVERS)|$(TIMED)'
	swift test --scratch-path $(SCRATCH)-tsan --sanitize thread --skip-build --filter '$(TIMED)'

asan: swift debian versions ## The client of libpq and its tests, under the address sanitizer
	scripts/small-package Postgres $(SCRATCH)-asan/package
	PGWAL_TEST_POSTGRES=$(VERSIONS) ASAN_OPTIONS=detect_leaks=0 \
	  swift test --package-path $(SCRATCH)-asan/package --scratch-path $(SCRATCH)-asan --sanitize address --filter '^PostgresTests\.'

SECONDS ?= 1800

fuzz: swift debian ## Looks for inputs that break something, each fuzzer for SECONDS; 20 seconds each are a part of test
	nice fuzz/run --work $(SCRATCH)/fuzz --seconds $(SECONDS) --jobs 2

MODULE ?= Judgement
COUNT ?= 20
SEED ?= 1

mutate: swift debian ## Breaks MODULE in COUNT places, one at a time, and says what its tests did not see
	scripts/mutate --count $(COUNT) --seed $(SEED) --work $(SCRATCH)-mutate $(MODULE)

coverage: swift debian ## How much of each module the tests without servers run
	swift test --scratch-path $(SCRATCH)-coverage --enable-code-coverage --skip '$(SERVERS)'
	@scripts/coverage $(SCRATCH)-coverage

rules: ## The alert rules and their unit tests, the runbooks, the dashboards; a part of test
	alerts/check
	dashboards/check --ci
	@for tests in promcheck:. alerts/rulechecks:alerts dashboards/checks:dashboards packaging/tests:packaging scripts/tests:.; do \
	  PYTHONPATH=. python3 -B -m unittest discover -q -s $${tests%:*} -t $${tests#*:} || exit 1; done

# Needs root, for namespaces of its own.
proof: swift exporter versions ## Each alert from its cause to a webhook, on real servers, Prometheus and Alertmanager; a part of test
	@if [ "$$(id -u)" != 0 ]; then echo "proof: skipped, it needs root"; else PGWAL_TEST_POSTGRES=$(VERSIONS) alerts/proof/run --exporter $(SCRATCH)/debug/pgwal_exporter --json $(SCRATCH)/proof.json; fi

# Minutes of real time, most of them waited: the rules are as they are. Needs root.
engines: swift exporter ## The rules over two sites: a failover and a split brain, by VictoriaMetrics and by a federation; a part of test
	@if [ "$$(id -u)" != 0 ]; then echo "engines: skipped, it needs root"; else alerts/proof/engines --exporter $(SCRATCH)/debug/pgwal_exporter; fi

MINUTES ?= 45

noise: swift exporter ## A healthy primary and standby for MINUTES (45), in real time: nothing but an info may fire. Needs root
	alerts/proof/run --exporter $(SCRATCH)/debug/pgwal_exporter --noise $(MINUTES)

# Needs root and network namespaces; where there are none, the lab says so and ends with 77.
drills: swift exporter ## Two sites with real Patroni, and each fault of lab/README.md; a part of test
	@scripts/drills $(abspath $(SCRATCH))/debug/pgwal_exporter $(abspath $(SCRATCH))/drills.json

lint: swift ## The formatting of the sources, and the syntax of the scripts
	swift format lint --strict --recursive --parallel $(SOURCES)
	@for script in $$(grep -slE '^#!.*bash' scripts/* .ci/run lab/install benchmarks/run testbed/check packaging/checks/*); do bash -n $$script || exit 1; done
	testbed/check lint

format: swift ## Formats the sources
	swift format --in-place --recursive --parallel $(SOURCES)

docs: build ## docs/METRICS.md, from the exporter's own catalogue
	$(RELEASE)/pgwal_exporter metrics --markdown > $(SCRATCH)/METRICS.md
	mv $(SCRATCH)/METRICS.md docs/METRICS.md

# Made of the release binary as it is, or of one that is given: BINARY=…
BINARY ?= $(RELEASE)/pgwal_exporter
PACKAGES := $(SCRATCH)/packages
PACK = packaging/build $@ --binary $(BINARY) --out $(PACKAGES)

packages: deb rpm image chart sbom ## Packages of the release binary, in .build/packages; each alone: make deb, rpm, image, chart, sbom

deb rpm image chart sbom: packaging-tools
	$(PACK)

packages-test: packaging-tools ## The packages at work: a booted Debian system, crun, lintian, rpmlint, Helm; after make build, as root
	packaging/test --binary $(BINARY) --work $(PACKAGES)

# Of the debug build, linked once more: a release build takes as long as all the rest. Needs root.
TRIAL := $(SCRATCH)/trial/pgwal_exporter

packages-trial: swift exporter ## The same of packages that are made of the debug build; a part of test
	@if [ "$$(id -u)" != 0 ]; then echo "packages-trial: skipped, it needs root"; else \
	  scripts/install-debian-packages packaging && scripts/link-static $(SCRATCH) $(TRIAL) && \
	  packaging/test --trial --binary $(TRIAL) --work $(SCRATCH)/trial/packages; fi

# SNAPSHOT=1: of a commit that has no tag, to see what would become of it.
SNAPSHOT ?=

release: swift ## All of them of a tagged commit, with the source, notes, checksums and a bill of materials
	packaging/release check $(if $(SNAPSHOT),--snapshot)
	$(MAKE_PART) build
	rm -rf $(PACKAGES)
	$(MAKE_PART) packages
	packaging/release finish --binary $(RELEASE)/pgwal_exporter --out $(PACKAGES) $(if $(SNAPSHOT),--snapshot)

bench: build ## Measures the exporter, beside others
	scripts/install-debian-packages bench
	benchmarks/run $(RELEASE)/pgwal_exporter

clean: swift ## Removes what was built
	swift package --scratch-path $(SCRATCH) clean
	rm -rf $(SCRATCH)-tsan $(SCRATCH)-asan $(SCRATCH)-mutate $(SCRATCH)-coverage $(SCRATCH)/fuzz

swift:
	@command -v swift >/dev/null || { echo "Swift is not in PATH. This project needs Swift 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }

debian:
	@$(if $(BUILT),:,scripts/install-debian-packages)

packaging-tools:
	@scripts/install-debian-packages packaging
	@test -x $(BINARY) || { echo "There is no $(BINARY): make build" >&2; exit 1; }

debian-test:
	@$(if $(BUILT),:,scripts/install-debian-packages test)

versions:
	@mkdir -p $(SCRATCH)
	@$(if $(BUILT),:,scripts/postgres-versions > $(VERSIONS))

test-build:
	@$(if $(BUILT),:,swift build --build-tests $(FLAGS))

exporter:
	@$(if $(BUILT),:,swift build --product pgwal_exporter $(FLAGS))
