#!/usr/bin/env bash
# Packs one file that sets a machine without a network up: the checkout, Go, its
# modules, Python's packages, the XLA plugin and the data set. Run by
# `make offline-bundle`: tools/offline.sh PYTHON FILE
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 file=$2
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
bundle=$folder/convlab-offline
mkdir -p "$bundle/convlab" "$bundle/data" "$bundle/wheels"

echo "bundle: the checkout, Go and the data set"
tar -c --exclude=./.lab --exclude=./.git --exclude=.ipynb_checkpoints . | tar -x -C "$bundle/convlab"
tar -c -C "$(go env GOROOT)/.." --dereference --exclude=go/test --exclude='testdata' "$(basename "$(go env GOROOT)")" | tar -x -C "$bundle"
[ -e "$bundle/go" ] || mv "$bundle/$(basename "$(go env GOROOT)")" "$bundle/go"
cp .lab/data/*.bin "$bundle/data/"

echo "bundle: Go's modules"
# Those that this machine has come from its own cache.
here=$(go env GOMODCACHE)/cache/download
for module in . tools tools/gopls; do
	GOMODCACHE=$folder/mod GOPROXY="file://$here,$(go env GOPROXY)" go -C "$module" mod download
done
mv "$folder/mod/cache/download" "$bundle/modules"
rm -rf "$bundle/modules/sumdb"

echo "bundle: Python's packages and the XLA plugin"
for list in jupyter xla; do
	"$python" -m pip download --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
		--dest "$bundle/wheels" -r "tools/python/$list.txt"
done
"$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' >"$bundle/python"

install -m 755 tools/offline_run.sh "$bundle/run"
tar -c -C "$folder" convlab-offline | gzip -1 >"$file.new"
mv "$file.new" "$file"
echo "bundle: $(du -h "$file" | cut -f1) in $file. On the other machine: tar xzf ${file##*/} && convlab-offline/run make setup && convlab-offline/run make lab"
