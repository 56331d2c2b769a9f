# The commands of this repository; `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run test bench schema docs words check audit sbom dist build-report

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start the server with the shipped data (http://127.0.0.1:8080)
	tests/build/run

test: ## Run every test on SQLite and PostgreSQL; brings up what is missing
	tests/run

bench: ## Measure the ministry's numbers with generated data; SCALES="100000 1000000" says how much
	tests/bench/run $(SCALES)

# Written beside and moved, so that a build that fails leaves the old schema in place.
schema: ## Regenerate schema/schema.graphql from the code
	cargo run --locked --bin caunoi -- schema > schema/schema.graphql.new
	mv schema/schema.graphql.new schema/schema.graphql

docs: ## Build the API documentation with warnings denied, and check the documents
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items --locked
	cargo test -p caunoi-tests --test it --locked -- docs:: examples::examples_have

words: ## Count words that the style forbids, in comments and documents
	tests/words

check: ## Formatting and lints, as the gate runs them
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

audit: ## Compare the dependencies with the advisories of RustSec, and check licences, sources and duplicates
	tests/supply/deny all

sbom: ## Print the bill of materials of the program (CycloneDX, JSON)
	@deploy/release/sbom.py

dist: ## Build the release files of this platform in dist/
	deploy/release/dist

build-report: ## Build from nothing, and print what takes time and space
	tests/build/report

fuzz: ## Try a million random inputs for each parser; INPUTS and SEED say otherwise
	CAUNOI_FUZZ_INPUTS=$(or $(INPUTS),1000000) CAUNOI_FUZZ_SEED=$(or $(SEED),2) \
		cargo test --workspace --locked --test it --lib -- fuzz:: any_ no_random_token_is_accepted parameters_are_read_as_they_were_written

attack: ## Send every attack to the program and print the cost of each
	tests/attack/run
