# The work is in scripts/; each can be run by hand.
.DEFAULT_GOAL := help
.PHONY: help serve build test bench lint clean distclean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: ## set up, build and serve http://localhost:3000 (ARGS="--port 3001" to change it)
	@scripts/serve.sh $(ARGS)

build: ## build the release server and the site
	@scripts/build.sh

test: ## run every check and every test, as CI does
	@scripts/test.sh

bench: ## measure the release build: calls and sign-ins a second, a flood, what times give away
	@scripts/bench.sh

lint: ## check formatting and run clippy over both halves
	@scripts/lint.sh

clean: ## remove what was built (keeps .tools and data)
	rm -rf target

distclean: clean ## remove the installed tools too (keeps data)
	rm -rf .tools scripts/node_modules end2end/node_modules examples/verify-node/node_modules
