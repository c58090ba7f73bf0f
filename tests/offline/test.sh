#!/usr/bin/env bash
# Sets the offline bundle up without a network, in an empty home folder, and runs
# the first cells of two lessons. Usage: test.sh BUNDLE; `make offline-test`.
set -euo pipefail
cd "$(dirname "$0")/../.."
bundle=$(realpath "$1")
unshare --net true 2>/dev/null || { echo "offline test: not run here: a network namespace cannot be made" && exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/convlab-offline.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/home" "$work/tmp"
tar -xz -C "$work" -f "$bundle"
cat >"$work/inside" <<'END'
set -euo pipefail
ip link set lo up
cd "$HOME"
"$WORK/convlab-offline/run" make setup
echo "offline test: set up in $SECONDS s"
"$WORK/convlab-offline/run" .lab/venv/bin/python tools/first_cell.py notebooks/en/{1.1-convolution,3.1-first-network}.ipynb
END
# Of Go and Python no folder is on the path; make, gcc and python3.N are.
mkdir "$work/bin"
ln -s "$(command -v "python$(cat "$work/convlab-offline/python")")" "$work/bin/"
env -i HOME="$work/home" TMPDIR="$work/tmp" WORK="$work" PATH="$work/bin:/usr/sbin:/usr/bin:/sbin:/bin" unshare --net bash "$work/inside"
echo "offline test: passed in $SECONDS s with $(du -h "$bundle" | cut -f1)"
