#!/bin/sh
# Compares package augment with torchvision and Albumentations, as `make bench
# BENCH=augment` does, but changes nothing in docs/: the turns are saved in
# .lab/bench/results/augment.json. Arguments go to bench.py, like --rounds 5.
set -eu
cd "$(dirname "$0")/../../.."
python=${CONVLAB_LAB:-.lab}/bench/venv/bin/python
if [ ! -e "$python" ]; then
	echo "bench: the Python packages are missing: make bench BENCH=augment" >&2
	exit 1
fi
exec "$python" tests/bench/augment/bench.py "$@"
