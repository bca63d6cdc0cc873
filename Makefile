# The development tools have modules of their own (internal/tools), so that the service's go.mod
# names only what the service uses. Go builds them once and caches them.
TOOL := go tool -modfile=internal/tools/go.mod
NPM_TOOL := internal/tools/npm-tool

TESTFLAGS ?=
BENCH ?= .

.DEFAULT_GOAL := help
.PHONY: run test openapi lint fmt bench bench-http help

run: ## start the service with the embedded database in ./data
	go run ./cmd/barometer serve

test: ## run all tests on both databases (TESTFLAGS=-race, …)
	internal/tools/with-postgres go test $(TESTFLAGS) ./...

openapi: ## write openapi.yaml from the code
	go generate ./api

lint: ## check format, code and openapi.yaml; changes nothing
	@unformatted=$$($(TOOL) gofumpt -l .) && \
		{ [ -z "$$unformatted" ] || { echo "not formatted (make fmt):"; echo "$$unformatted"; exit 1; }; }
	go vet ./...
	$(TOOL) golangci-lint run
	$(NPM_TOOL) redocly lint --config internal/tools/redocly.yaml openapi.yaml
	$(NPM_TOOL) spectral lint --ruleset internal/tools/.spectral.yaml --fail-severity warn openapi.yaml

fmt: ## format the Go code
	$(TOOL) gofumpt -w .

bench: ## run the Go benchmarks on both databases (BENCH=pattern)
	internal/tools/with-postgres go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

bench-http: ## measure the service over HTTP
	internal/tools/bench-http

help: ## list these targets
	@sed -n 's/^\([a-z-]*\): *## */\1\t/p' $(MAKEFILE_LIST) | expand -t 12
