#!/usr/bin/env bash
# Packs what a machine with CUDA, Python and PyTorch, but without Go or a
# network, needs to try convlab on its GPU:
#
#     tests/gpu/bundle.sh .lab     makes .lab/gpu/convlab-gpu.tar.xz
#
# There: tar xf convlab-gpu.tar.xz && bash convlab-gpu/run.sh. The CUDA plugin
# is not in it: run.sh takes that of the Python packages. The losses that the GPU
# must come to are made here, on the CPU.
set -euo pipefail
cd "$(dirname "$0")/../.."
lab=$(cd "${1:?the lab folder}" && pwd)
folder=$lab/gpu/convlab-gpu
rm -rf "$lab/gpu" && mkdir -p "$folder"/{bin,lab/bench/bin,tests/bench,tools,cnnlib/train}

echo "gpu-bundle: building the programs and tests"
build() { go build -trimpath -ldflags='-s -w' -o "$1" "$2"; }
build "$folder/bin/convlab" ./cmd/convlab
build "$folder/bin/check" ./tests/gpu/check
build "$folder/lab/bench/bin/network" ./tests/bench/network
for package in cnnlib cnnlib/train; do
	go test -c -trimpath -ldflags='-s -w' -o "$folder/$package/gpu.test" "./$package"
	cp -r "$package/testdata" "$folder/$package/"
done
cp tests/gpu/run.sh "$folder/"
cp tools/atomicfile.py "$folder/tools/"
cp tests/bench/turns.py "$folder/tests/bench/"
cp -r tests/bench/network tests/bench/gpu "$folder/tests/bench/"
rm -f "$folder"/tests/bench/*/*.go
echo "$(git rev-parse --short=12 HEAD)$([ -z "$(git status --porcelain -uno)" ] || echo ' with changes')" >"$folder/COMMIT"

echo "gpu-bundle: the losses that the CPU comes to"
head -c $((2000 * 3073)) "$lab/data/data_batch_1.bin" >"$folder/images.bin"
GOMLX_BACKEND=xla:cpu "$folder/bin/check" -images "$folder/images.bin" -dir "$folder/reference" reference

rm -f "$folder"/reference/*/epoch-000001-*
# A dictionary larger than a program finds what the programs have in common.
echo "gpu-bundle: packing"
tar -C "$lab/gpu" -cf - convlab-gpu | xz -T1 --lzma2=preset=3,dict=64MiB >"$lab/gpu/new"
mv "$lab/gpu/new" "$lab/gpu/convlab-gpu.tar.xz"
echo "gpu-bundle: $lab/gpu/convlab-gpu.tar.xz, $(($(wc -c <"$lab/gpu/convlab-gpu.tar.xz") / 1000000)) MB"
