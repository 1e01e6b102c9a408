# The commands of Hejie. Everything needs Go 1.26 and Node 20; the rest is
# installed by the target that needs it.
#
#   make run     open the window (without a display: serve it and say where)
#   make test    set up and run every check, ending with "N passed, N failed"
#   make test-quick  what changed since BASE (HEAD) and what stands on it, sampled
#   make soak    all that is too long for make test (docs/soak.md has the results)
#   make build   build/bin/hejie, and build/bin/hejie-desktop where its libraries are
#   make lint    the linters, the TypeScript compiler and the import rules
#   make setup   install all that the others may need
#   make format  write Go files as the linter wants them
#   make shots   pictures of every screen into build/shots
#   make clean   remove what was built

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

GO ?= go
NPM ?= npm

BIN := build/bin
CACHE := build/cache
LINT := $(CACHE)/tools/golangci-lint

# What the window over GTK and WebKit is built with; webkit2_41 is the only
# WebKit that current Debian still ships.
DESKTOP_TAGS := desktop,production,webkit2_41
GO_BUILD := $(GO) build -trimpath -ldflags "-s -w"

export DESKTOP_TAGS

.PHONY: run test test-quick build lint setup format shots clean sim soak soak-kill soak-cases soak-damage soak-strangers soak-dear \
	versions hejie desktop web lint-go lint-web node-deps tools desktop-libs

# --- build -----------------------------------------------------------------

build: hejie
	@if build/setup.sh has desktop; then $(MAKE) --no-print-directory desktop; else \
		echo "hejie-desktop was left out: its libraries are not installed (make setup installs them)"; fi

versions:
	@build/setup.sh versions

hejie: versions web
	CGO_ENABLED=0 $(GO_BUILD) -o $(BIN)/hejie .

desktop: versions web
	CGO_ENABLED=1 $(GO_BUILD) -tags $(DESKTOP_TAGS) -o $(BIN)/hejie-desktop .

# The interface is built only where it is older than its sources.
WEB_SOURCES = $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune \
	-o -path frontend/.fonts -prune -o -path frontend/test-results -prune -o -name '*.go' -prune -o -type f -print 2>/dev/null)

web: frontend/dist/index.html

frontend/dist/index.html: frontend/node_modules/.installed $(WEB_SOURCES)
	cd frontend && $(NPM) run build
	@touch frontend/dist/.gitkeep $@

# The marker says that npm ci ended well for this lock file.
%/node_modules/.installed: %/package-lock.json | versions
	cd $* && $(NPM) ci --no-audit --no-fund
	@mkdir -p $(@D) && touch $@

# --- run -------------------------------------------------------------------

run: versions
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" != Linux ]; then \
		build/setup.sh install desktop; \
		$(MAKE) --no-print-directory desktop; \
		exec $(BIN)/hejie-desktop; \
	else \
		$(MAKE) --no-print-directory hejie; \
		exec build/serve.sh $(BIN)/hejie; \
	fi

# --- test and lint ---------------------------------------------------------

test: setup tools node-deps web hejie desktop
	@$(GO) run ./test/all

# The inner loop: warm caches, nothing set up.
BASE ?= HEAD
test-quick:
	@$(GO) run ./test/all -quick $(BASE)

node-deps: frontend/node_modules/.installed test/browser/node_modules/.installed test/reader/node_modules/.installed

# The linter type-checks the window as well, so it needs the window's libraries.
lint: versions desktop-libs tools node-deps lint-go lint-web

desktop-libs: versions
	@build/setup.sh install desktop

lint-go: tools web desktop-libs
	$(GO) vet ./...
	$(LINT) run ./...
	$(GO) test -count=1 -run . .

lint-web: node-deps
	cd frontend && $(NPM) run lint && $(NPM) run typecheck
	cd test/browser && $(NPM) run lint

format: tools
	$(LINT) fmt ./...

shots: build/setup.sh hejie node-deps
	build/setup.sh install browser
	cd test/browser && $(NPM) run shots

# Every file of a village's folder, deleted, emptied, cut, zeroed, flipped or put
# back from an older copy, under the real program; the table is printed. The seed
# is printed; HEJIE_SEED=… runs the same again.
soak-damage:
	HEJIE_DAMAGE=all $(GO) test -count=1 -timeout 180m -v -run 'TestDamageMatrix' ./test/review

# The seed is printed; HEJIE_SEED=… runs the same again.
soak-kill:
	HEJIE_KILLS=$${HEJIE_KILLS:-100} $(GO) test -count=1 -timeout 60m -v -run TestKilled ./app/cli

# Whole counties in a simulated world, seed after seed for SIM_SECONDS; prints
# what happened, and fails unless every kind of fault did. A seed that breaks a
# promise is told with its story and the command that plays it again.
sim:
	HEJIE_SIM_SECONDS=$${SIM_SECONDS:-600} HEJIE_SIM_NODES=$${SIM_NODES:-7} HEJIE_SIM_STEPS=$${SIM_STEPS:-200} \
		$(GO) test -count=1 -timeout 0 -v -run TestSoak ./app/sim

# Cases driven at random over three nodes, four a seed, and every pair of steps
# from every situation. HEJIE_SEED=… repeats one seed; HEJIE_CASES=… takes case
# documents from a file, one a line.
soak-cases:
	HEJIE_PAIRS=all $(GO) test -count=1 -v -run "TestEveryPairOverAllTracks|TestEveryReader" ./app/casework
	HEJIE_SEEDS=$${HEJIE_SEEDS:-$$([ -n "$${HEJIE_SEED:-}" ] && echo 1 || echo 500)} $(GO) test -count=1 -timeout 180m -v -run TestDrivenAtRandom ./app/station

# Operations of some hundred bytes that unpack to 10,000 changes, 52 of each kind one
# after another, and what somebody else's saves take meanwhile (docs/review.md, S2).
soak-dear: hejie
	HEJIE_SOAK=1 $(GO) test -count=1 -timeout 60m -v -run 'TestDearOperations' ./test/review

# All that is too long for make test, one after another; docs/soak.md has the last
# results. Hours: each target can be run alone.
soak: sim soak-kill soak-cases soak-damage soak-strangers soak-dear

# 1,000 strangers of each kind that come anew when they are dropped, and how long
# a member's meetings take meanwhile (docs/review.md, S3).
soak-strangers:
	HEJIE_SOAK=1 $(GO) test -count=1 -timeout 60m -v -run 'TestStrangersDisturbNobody|TestANewUnitGetsThrough' ./test/review

# --- setup -----------------------------------------------------------------

setup: versions
	@build/setup.sh install desktop browser window checks

tools: $(LINT)

# Building the linter takes two minutes, so it is kept until its version changes.
$(LINT): build/tools/go.mod build/tools/go.sum | versions
	cd build/tools && $(GO) build -trimpath -o ../cache/tools/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

clean:
	rm -rf $(BIN) $(CACHE) build/shots
	find frontend/dist -mindepth 1 -not -name .gitkeep -delete
