# make run and make test do all their set-up themselves; SETUP=skip leaves the system's packages alone.
SETUP ?= scripts/setup.sh
ifeq ($(SETUP),skip)
  override SETUP = @:
endif
ROUNDS ?= 10
# The checkout may belong to somebody else than who builds: git then tells nothing, which must not end a build.
export GOFLAGS += -buildvcs=false
VERSION := $(shell sed -n 's/^ *Version *= *"\(.*\)"/\1/p' FyneApp.toml)

.PHONY: run test lint build vereda field bench bench-link bench-merge fault fuzz pictures clean

run: ## a collector with simulated fieldwork, and the field app in a window
	$(SETUP) run
	@[ -e bin/vereda-field ] || echo "The first build takes some minutes: it compiles the graphics library."
	$(MAKE) --no-print-directory build
	@scripts/run.sh

build: vereda field

vereda: ## the coordinator's command: one static binary
	CGO_ENABLED=0 go build -ldflags "-X main.version=$(VERSION)" -o bin/vereda ./cmd/vereda

field: ## the field app for this desktop
	CGO_ENABLED=1 go build -tags migrated_fynedo -o bin/vereda-field ./fyne-app

test: ## everything: lint, unit tests, what tablets need built for Android, the real programs end to end
	$(SETUP) test
	$(MAKE) --no-print-directory lint
	GOOS=android GOARCH=arm64 CGO_ENABLED=0 go build ./survey/... ./sync/...
	CGO_ENABLED=0 go test -tags ci ./...
	CGO_ENABLED=1 go build -buildvcs=false -tags mobile -o bin/e2e/vereda-mobile ./fyne-app
	CGO_ENABLED=0 go test -count=1 -tags e2e ./fyne-app/e2e

lint: ## gofmt, go vet, staticcheck, tidy modules
	@unformatted=$$(gofmt -l .) && [ -z "$$unformatted" ] || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	CGO_ENABLED=0 go vet -tags ci ./...
	CGO_ENABLED=0 go tool staticcheck -tags ci ./...
	go mod tidy -diff

bench: ## the figures of docs/performance.md
	go test -run '^$$' -bench . -benchmem ./survey/... ./sync/...

bench-merge: ## 100,000 revisions from 1,000 batch files, merged and exported, also by the command; memory with 100 and with 1,000 files
	VEREDA_BENCH_MERGE=1 go test -run 'TestMergingManyFiles|TestImportingManyFiles' -count=1 -v -timeout 30m -p 1 ./sync/archive ./cmd/vereda

bench-link: ## 50 interviews over a bad rural link (root, Linux, ../shared/tools/badlink)
	scripts/bench-link.sh

fault: ## ROUNDS of faults (1,000 if not given), a hundredth more with real programs, and nothing lost: docs/faults.md
	scripts/fault.sh $(if $(filter file,$(origin ROUNDS)),1000,$(ROUNDS))

fuzz: ## every fuzz target for ROUNDS seconds
	scripts/fuzz.sh $(ROUNDS)

pictures: ## the pictures of the README, from the real programs
	$(SETUP) pictures
	scripts/pictures.sh

clean:
	rm -rf bin
