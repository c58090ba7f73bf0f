#!/bin/sh
# Compares package augment with torchvision and Albumentations; prints a
# markdown table. The first run makes a Python environment in .lab/ (some GB,
# because torch brings CUDA). Arguments go to bench.py, like --rounds 15.
set -eu
cd "$(dirname "$0")/../../.."
env=.lab/bench-augment
if [ ! -e "$env/ready" ]; then
	echo "bench: making a Python environment with torchvision and Albumentations" >&2
	python3 -m venv "$env"
	"$env/bin/python" -m pip install --quiet -r tests/bench/augment/requirements.txt
	touch "$env/ready"
fi
go build -o "$env/augment" ./tests/bench/augment
exec "$env/bin/python" tests/bench/augment/bench.py --program "$env/augment" "$@"
