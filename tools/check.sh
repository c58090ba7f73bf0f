#!/usr/bin/env bash
# Says what set-up lacks on this machine, before it starts. Usage: check.sh PYTHON
set -u
bad=0
say() { echo "setup: $1"; bad=1; }

if ! command -v go >/dev/null; then
	say "Go is missing: install Go 1.26.5 or newer (https://go.dev/dl)"
elif ! go list -m >/dev/null 2>&1; then
	say "$(go version 2>&1) cannot read go.mod: $(go list -m 2>&1 | head -1); Go 1.26.5 or newer is needed (https://go.dev/dl)"
fi
if ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
	say "Python 3.10 or newer is missing ($1: $("$1" --version 2>&1)); name another with make PYTHON=python3.12"
elif ! "$1" -c 'import venv, ensurepip' 2>/dev/null; then
	say "$1 lacks venv: on Debian and Ubuntu, apt install python3-venv"
fi
exit $bad
