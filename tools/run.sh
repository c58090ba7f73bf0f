#!/usr/bin/env bash
# Trains a recipe on CIFAR-10, measures it on the test set and keeps in
# recipes/runs what it said (NAME.log), its figures (NAME.json) and its curves
# (NAME.png). Cut, the same command goes on. Commit before, so that the commit
# in them is what ran. AS keeps it under another name than the recipe's, which
# begins it.
#
#     bash tools/run.sh fast
#     bash tools/run.sh plain --epochs 20
#     AS=plain-80 bash tools/run.sh plain --valid 5000
set -euo pipefail
cd "$(dirname "$0")/.."
recipe=$1
name=${AS:-$1}
shift
export CONVLAB_LAB=${CONVLAB_LAB:-$PWD/.lab} GOMLX_NO_AUTO_INSTALL=1
runs=${CONVLAB_RUNS:-$CONVLAB_LAB/runs}
program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
commit=$(git rev-parse HEAD)
git diff --quiet HEAD -- '*.go' go.mod go.sum || commit+=", changed since"
go build -ldflags "-X 'main.built=$commit'" -o "$program/convlab" ./cmd/convlab
mkdir -p recipes/runs "$runs/$name-run"
for folder in recipes/runs "$runs/$name-run"; do # what cannot be kept is found out now, not after hours
	try=$(mktemp "$folder/.try.XXXXXX") && rm -f "$try" || { echo "run: $folder cannot be written to" >&2; exit 1; }
done
: >>"recipes/runs/$name.log"
TIMEFORMAT='%R s in all, %U s of processor time (user), %S s (system)'
{
	echo "$(date -u +%F), load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
	time "$program/convlab" train --recipe "$recipe" --seed 1 --dir "$runs/$name-run" "$@"
	time "$program/convlab" eval "$recipe" --seed 1 --dir "$runs/$name-run" --report "recipes/runs/$name"
} 2>&1 | tee -a "recipes/runs/$name.log"
