#!/usr/bin/env bash
# Builds the image with docker, podman or buildah, whichever is there.
# Usage: image.sh TAG CUDA DATA, of which CUDA is 12, 13 or empty and DATA
# baked or mounted. `make image` runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
if docker info >/dev/null 2>&1; then
	build=(docker build)
elif command -v podman >/dev/null; then
	build=(podman build --format docker) # the other format has no health check
elif command -v buildah >/dev/null; then
	build=(buildah build --layers --format docker)
else
	echo "image: no container engine answers: start docker, or install podman or buildah (apt install buildah)" >&2
	exit 1
fi
# What was downloaded once is not downloaded again.
if [ "$3" = baked ] && [ -e .lab/done/data ]; then build+=(--build-context "data=.lab/data"); fi
echo "image: ${build[*]}"
exec "${build[@]}" -f docker/Dockerfile -t "$1" --build-arg "CUDA=$2" --build-arg "DATA=$3" .
