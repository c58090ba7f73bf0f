#!/usr/bin/env bash
# Brings a PJRT plugin, pinned by hash, out of a Python wheel into
# LAB/plugins. Usage: plugin.sh PYTHON REQUIREMENTS LAB DEVICE LIBRARY
#
# The link is made last and renamed into place, so that a plugin is there
# whole or not at all.
set -euo pipefail
python=$1 requirements=$2 lab=$3 device=$4 library=$5
if [ "$(uname -sm)" != "Linux x86_64" ]; then
	echo "setup: no XLA plugin is pinned for $(uname -sm): the course runs on pure Go, which is slow"
	exit 0
fi
echo "setup: fetching the XLA plugin for $device"
folder=$lab/xla-$device
rm -rf "$folder.new" && mkdir -p "$folder.new" "$lab/plugins"
"$python" -m pip download --quiet --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
	--only-binary=:all: --dest "$folder.new" -r "$requirements"
"$python" -m zipfile -e "$folder.new"/*.whl "$folder.new" && rm "$folder.new"/*.whl
rm -rf "$folder" && mv "$folder.new" "$folder"
link=$lab/plugins/pjrt_c_api_${device}_plugin.so
found=$(cd "$lab/plugins" && find "../xla-$device" -name "$library")
if [ -z "$found" ]; then
	echo "setup: the wheel for $device holds no $library" >&2
	exit 1
fi
ln -sfn "$found" "$link.new"
mv -T "$link.new" "$link"
