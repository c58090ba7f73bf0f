#!/usr/bin/env bash
# Runs a command of set-up with a folder for temporary files of its own, in
# .lab, and removes it; folders of killed runs too, whose names tell a process
# that is no more. So what go and pip leave when they are killed does not pile
# up, and what go builds comes into place by a rename, as it is on one disk.
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
"$@"
