# convlab: learn convolutional networks by running them, in Go.
#
# A comment with two signs above a target is its line in `make help`.
SHELL  := bash
PYTHON ?= python3
CUDA   ?=
DONE   := .lab/done
VENV   := .lab/venv

# Targets are named from the checkout's folder and recipes quote what they take
# from the environment, so that the checkout may lie under any path.
export CONVLAB_LAB := $(CURDIR)/.lab
include tools/environment.mk
# Jupyter and npm keep to .lab/ too, out of the home folder.
export JUPYTER_CONFIG_DIR := $(CONVLAB_LAB)/jupyter/config
export JUPYTER_DATA_DIR := $(CONVLAB_LAB)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CONVLAB_LAB)/jupyter/runtime
export IPYTHONDIR := $(CONVLAB_LAB)/jupyter/ipython
export npm_config_cache := $(CONVLAB_LAB)/npm-cache
# A folder for temporary files in which programs run, if the system's is none.
ifneq ($(shell bash tools/temporary.sh),usable)
export TMPDIR := $(CONVLAB_LAB)/tmp
endif
ifeq ($(HOME),)
export HOME := $(CONVLAB_LAB)/home
endif
# The language of `make lab`, zh or en: what the command line says as LANG, else
# that of the user's locale. The words zh and en alone are no locales: programs
# get one that there is.
ifeq ($(origin LANG),command line)
SPOKEN := $(LANG)
ifneq ($(filter zh en,$(LANG)),)
override LANG := C.UTF-8
endif
else
SPOKEN := $(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))
endif
export CONVLAB_LAB_LANG := $(if $(filter zh zh_% zh-% zh.%,$(SPOKEN)),zh,en)
# What was set up holds absolute paths: in a checkout that was moved it is made
# anew, the data set and the trained networks stay.
MOVED := $(shell bash tools/moved.sh)

.PHONY: setup lab test faults notebooks site bench gpu-bundle image image-test hub-test offline-bundle offline-test lock clean help
## this list
help:
	@awk '/^## /{says = substr($$0, 4); next} /^[a-z-]+:/ && says {sub(":.*", ""); printf "make %-14s %s\n", $$0, says} {says = ""}' Makefile

# Each step leaves a file in .lab/done when it is whole and its product is
# there, so a set-up that was cut goes on where it was, and a second one has
# nothing to do.
## bring all that the course needs into .lab/ (CUDA=13 or CUDA=12 adds the CUDA plugin)
setup: $(DONE)/tools $(DONE)/venv $(DONE)/kernel $(DONE)/plugin $(DONE)/data $(DONE)/convlab $(DONE)/hashes $(if $(CUDA),cuda)
	@.lab/bin/convlab doctor

# What was built and fetched, for doctor --full to see whether it still is that.
$(DONE)/hashes: $(DONE)/tools $(DONE)/plugin $(DONE)/convlab
	@bash tools/step.sh $(VENV)/bin/python tools/hashes.py .lab

$(DONE)/checked: tools/check.sh
	@bash tools/check.sh "$$PYTHON"
	@mkdir -p $(@D) && pwd -P >$(DONE)/at.new && mv $(DONE)/at.new $(DONE)/at && touch $@
$(DONE)/checked: export PYTHON := $(PYTHON)

$(DONE)/tools: tools/go.mod tools/go.sum tools/gopls/go.mod tools/gopls/go.sum | $(DONE)/checked
	@echo "setup: building the GoNB kernel, goimports, gopls and staticcheck (about 2 minutes)"
	@GOBIN="$$CONVLAB_LAB/bin" bash tools/step.sh go -C tools install tool
	@GOBIN="$$CONVLAB_LAB/bin" bash tools/step.sh go -C tools/gopls install tool
	@for tool in gonb goimports gopls staticcheck; do \
	  [ -x .lab/bin/$$tool ] || { echo "setup: go built no $$tool in .lab/bin; see what 'go env' says of GOBIN, GOFLAGS and GOOS"; exit 1; }; done
	@touch $@

$(DONE)/venv: tools/python/jupyter.txt tools/jupyter/page_config.json tools/jupyter/overrides.json | $(DONE)/checked
	@echo "setup: JupyterLab into .lab/venv (about 1 minute)"
	@rm -rf .lab/venv && bash tools/step.sh "$$PYTHON" -m venv .lab/venv
	@bash tools/step.sh $(VENV)/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r $<
	@mkdir -p $(VENV)/etc/jupyter/labconfig $(VENV)/share/jupyter/lab/settings
	@cp tools/jupyter/page_config.json $(VENV)/etc/jupyter/labconfig/
	@cp tools/jupyter/overrides.json $(VENV)/share/jupyter/lab/settings/
	@$(VENV)/bin/python -c 'import jupyterlab, nbclient, jupytext'
	@touch $@
$(DONE)/venv: export PYTHON := $(PYTHON)

$(DONE)/kernel: tools/kernel.py tools/atomicfile.py tools/environment.mk $(DONE)/tools $(DONE)/venv | $(DONE)/convlab
	@bash tools/step.sh $(VENV)/bin/python $< .lab
	@touch $@

$(DONE)/plugin: tools/python/xla.txt | $(DONE)/venv
	@bash tools/step.sh bash tools/plugin.sh $(VENV)/bin/python $< .lab cpu libpjrt_cpu.so
	@touch $@

SOURCES := $(shell find . -path ./.lab -prune -o -name '*.go' -print)
$(DONE)/convlab: go.mod go.sum $(SOURCES) | $(DONE)/checked
	@echo "setup: building the commands convlab, convserve and convkernel"
	@bash tools/step.sh go build -o .lab/bin/ ./cmd/convlab ./cmd/convserve ./cmd/convkernel
	@touch $@

# The CUDA plugin and NVIDIA's libraries: 3 GB. The script moves the link when
# the version changes, so it always runs; a second run needs no network.
.PHONY: cuda
cuda: | $(DONE)/venv
	@PYTHON=$(VENV)/bin/python bash tools/step.sh bash tools/cuda.sh .lab $(CUDA)

$(DONE)/browser: tests/browser/package.json tests/browser/package-lock.json | $(DONE)/checked
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo "setup: the browser test needs Node.js 20 or newer with npm (https://nodejs.org)"; exit 1; }
	@echo "setup: a browser for the tests (90 MB)"
	@mkdir -p .lab/browser && cp tests/browser/package.json tests/browser/package-lock.json .lab/browser/
	@rm -rf .lab/npm-cache/_cacache/tmp
	@cd .lab/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(DONE)/data: | $(DONE)/convlab
	@.lab/bin/convlab data
	@touch $@

# Everything that is checked. The long ones (real training, notebooks,
# browser) run after the others and print what they do.
## setup, then every test
test: export CONVLAB_TEST_ALL = 1
test: setup $(DONE)/browser
	@unformatted=$$(gofmt -l $(SOURCES)); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...
	.lab/bin/staticcheck ./...
	go test -timeout 40m $$(go list ./... | grep -v '^convlab/tests\(/faults\)\?$$')
	CGO_ENABLED=0 CONVLAB_TEST_ALL= go test -short ./internal/backend ./cmd/convserve ./cnnlib
	go run ./tests/bench/network -short
	go test -v -count=1 -p 1 -timeout 40m ./tests/faults ./tests

## setup, then a package that tries convlab on a machine with CUDA (docs/gpu.md)
gpu-bundle: setup
	@bash tests/gpu/bundle.sh .lab

DATA ?= baked
## the course as a container image, by docker, podman or buildah (CUDA=13; DATA=mounted leaves the data set out)
image:
	@bash docker/image.sh "convlab$(if $(CUDA),:cuda)" "$(CUDA)" "$(DATA)"

USERS ?= 4
## setup, then build the image, work in it through a browser without a network, and a class of USERS=4 on a hub in it (root)
image-test: setup $(DONE)/browser
	@bash tests/image/test.sh $(USERS)

## setup, then only the class on a hub in the image (root; USERS=30)
hub-test: setup $(DONE)/browser
	@bash tests/image/test.sh $(USERS) hub

## setup, then one file that sets a machine without a network up (docs/image.md)
offline-bundle: setup
	@bash tools/offline.sh $(VENV)/bin/python .lab/convlab-offline.tar.gz

## set the offline bundle up in an empty home folder without a network (root)
offline-test:
	@bash tests/offline/test.sh .lab/convlab-offline.tar.gz

# Everything that the package tests/faults tries, as often as it can.
FAULTS ?= .
## setup, then kill, fill, flip, interrupt what can be, for hours, into docs/reliability.md (FAULTS=Kill for one sort)
faults: export CONVLAB_TEST_ALL = 1
faults: setup $(DONE)/browser
	go test -v -count=1 -timeout 24h -run '$(FAULTS)' ./tests/faults -full

## setup, then rebuild and execute all notebooks (trains: about 40 minutes on 2 cores; PARTS="3.1 3.4" for some)
notebooks: setup
	$(VENV)/bin/python notebooks/build.py $(PARTS)

# The peers that `make bench` times this library beside.
$(DONE)/bench: tests/bench/requirements.txt | $(DONE)/checked
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && command -v g++ >/dev/null || \
	  { echo "bench: needs Python 3.11 or newer (PYTHON=python3.12) and, for torch.compile, g++"; exit 1; }
	@echo "bench: PyTorch, JAX, torchvision and Albumentations into .lab/bench/venv (7 GB, about 5 minutes)"
	@rm -rf .lab/bench/venv && bash tools/step.sh "$$PYTHON" -m venv .lab/bench/venv
	@bash tools/step.sh .lab/bench/venv/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@
$(DONE)/bench: export PYTHON := $(PYTHON)

BENCH ?= network nets conv augment
## setup, then our speed beside PyTorch, JAX and others, into docs/benchmarks.md (BENCH=conv for one; 7 GB, 30 minutes)
bench: setup $(DONE)/bench
	@for b in $(BENCH); do .lab/bench/venv/bin/python tests/bench/$$b/bench.py || exit 1; done
	go run ./tests/bench/report $(BENCH:%=.lab/bench/results/%.json)

## setup, then JupyterLab on the course (LANG=zh or LANG=en)
lab: setup
	@exec $(VENV)/bin/jupyter lab --config=tools/jupyter/server_config.py $(FLAGS)

## the course as a web site that needs no server and no network, in site/
site: | $(DONE)/venv
	@$(VENV)/bin/python notebooks/website.py site

## lock what tools/python/jupyter.in and tests/bench/requirements.in ask for, with hashes, for every platform
lock:
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -o tools/python/jupyter.txt tools/python/jupyter.in
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate -c tools/python/jupyter.txt -o tools/python/hub.txt tools/python/hub.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o tests/bench/requirements.txt tests/bench/requirements.in

## remove .lab/
clean:
	rm -rf .lab
