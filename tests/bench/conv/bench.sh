#!/usr/bin/env bash
# Compares the convolution layers with PyTorch on this machine: a Python
# environment of its own in .lab/bench, then conv.py. Options are conv.py's.
set -euo pipefail
cd "$(dirname "$0")/../../.."
lab=${CONVLAB_LAB:-$PWD/.lab}
venv=$lab/bench
if [ ! -e "$venv/done" ]; then
	echo "bench: PyTorch into $venv (about 3 minutes)" >&2
	rm -rf "$venv"
	"${PYTHON:-python3}" -m venv "$venv"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
	touch "$venv/done"
fi
export PJRT_PLUGIN_LIBRARY_PATH=${PJRT_PLUGIN_LIBRARY_PATH:-$lab/plugins} GOMLX_NO_AUTO_INSTALL=1
exec "$venv/bin/python" tests/bench/conv/conv.py "$@"
