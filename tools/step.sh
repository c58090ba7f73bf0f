#!/usr/bin/env bash
# Runs a command of set-up with a folder for temporary files of its own, in
# .lab, and removes it; folders of killed runs too, whose names tell a process
# that is no more. So what go and pip leave when they are killed does not pile
# up, and what go builds comes into place by a rename, as it is on one disk.
#
# Of a Python program that Ctrl-C ends, the traceback is not shown.
# Usage: step.sh COMMAND…
set -euo pipefail
. "$(dirname "$0")/alive.sh"
tmp=$CONVLAB_LAB/tmp
mkdir -p "$tmp"
for old in "$tmp"/step.*; do
	alive "${old##*/step.}" || rm -rf "$old"
done
export TMPDIR=$tmp/step.$$
mkdir "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT
untraced() {
	trap '' INT # it goes on to the end of what it reads
	awk '/^(Traceback|Fatal Python error|ERROR: Exception)/ { held = 1 }
		held { text = text $0 "\n"; if (/^KeyboardInterrupt/) interrupted = 1; next }
		{ print; fflush() }
		END { if (!interrupted) printf "%s", text }' >&2
}
{ "$@" 2>&1 >&3 | untraced; } 3>&1
