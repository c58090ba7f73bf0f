#!/usr/bin/env bash
# Says "usable" if programs can be written to and run in the folder for
# temporary files. Else it makes .lab/tmp, which the Makefile then uses.
folder=${TMPDIR:-/tmp}
# What a killed run left names a process that is no more.
. "$(dirname "$0")/alive.sh"
for old in "$folder"/convlab-try.*; do
	pid=${old##*/convlab-try.} && pid=${pid%%.*}
	[ -O "$old" ] && ! alive "$pid" && rm -rf "$old"
done
try=$(mktemp -d "$folder/convlab-try.$$.XXXXXX" 2>/dev/null) &&
	printf '#!/bin/sh\nexit 0\n' >"$try/run" && chmod +x "$try/run" && "$try/run" && ok=1
[ -n "$try" ] && rm -rf "$try"
if [ -n "${ok:-}" ]; then echo usable; else mkdir -p .lab/tmp; fi
