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
	say "Python 3.10 or newer is missing ($1: $(command -v "$1" >/dev/null && "$1" --version 2>&1 || echo not found)); name another with make PYTHON=python3.12"
elif ! "$1" -c 'import venv, ensurepip' 2>/dev/null; then
	say "$1 lacks venv: on Debian and Ubuntu, apt install python3-venv"
fi
if command -v go >/dev/null; then
	cc=$(go env CC)
	if ! command -v "${cc%% *}" >/dev/null; then
		say "the C compiler $cc is missing, which XLA is called through: on Debian and Ubuntu, apt install gcc libc6-dev"
	elif ! printf '#include <stdlib.h>\nint main(void) { return 0; }\n' | $cc -x c -o /dev/null - 2>/dev/null; then
		say "the C compiler $cc does not compile a program of one line: on Debian and Ubuntu, apt install libc6-dev"
	fi
fi
case $PWD in
*[,:]* | *$'\n'*) say "the checkout is in $PWD: commas, colons and line ends in its path would take tools apart; move it" ;;
esac
. "$(dirname "$0")/alive.sh"
for old in .lab/try.*; do # of killed runs: the process that they name is no more
	pid=${old#.lab/try.} && pid=${pid%%.*}
	[ -e "$old" ] && ! alive "$pid" && rm -f "$old"
done
mkdir -p .lab && try=$(mktemp .lab/try.$$.XXXXXX) && printf '#!/bin/sh\nexit 0\n' >"$try" && chmod +x "$try"
if [ -z "${try:-}" ]; then
	say "$PWD/.lab cannot be written to"
elif ! "$try" 2>/dev/null; then
	say "programs in $PWD/.lab may not be run (a file system mounted with noexec?): move the checkout"
fi
[ -n "${try:-}" ] && rm -f "$try"
exit $bad
