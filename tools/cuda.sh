#!/usr/bin/env bash
# Brings the XLA plugin for CUDA and NVIDIA's libraries into the lab folder:
#
#     tools/cuda.sh .lab 13      (or 12)
#
# Each package is pinned by hash and unpacked once, so that a run that was cut
# goes on with the next package, and a second run needs no network. The link
# in plugins/ comes last: convlab finds the plugin only when all is there.
set -euo pipefail

lab=${1:?the lab folder} cuda=${2:?12 or 13}
case $cuda in
12 | 13) ;;
*) echo "setup: CUDA=$cuda: use 12 or 13" >&2; exit 2 ;;
esac
if [ "$(uname -sm)" != "Linux x86_64" ]; then
	echo "setup: CUDA plugins are for Linux on x86-64, this is $(uname -sm)" >&2
	exit 2
fi
python=${PYTHON:-python3}
requirements=$(cd "$(dirname "$0")" && pwd)/python/xla-cuda$cuda.txt
mkdir -p "$lab/plugins" "$lab/cuda$cuda/.got"
root=$(cd "$lab/cuda$cuda" && pwd)

# A package and its hashes are one logical line.
packages=()
while IFS= read -r line; do
	packages+=("$line")
done < <(sed -e '/^#/d' "$requirements" | sed -e ':a' -e '/\\$/N' -e 's/\\\n *//' -e 'ta')
n=0
for line in "${packages[@]}"; do
	n=$((n + 1))
	package=${line%% *}
	[ -e "$root/.got/$package" ] && continue
	echo "setup: CUDA $cuda: $package ($n of ${#packages[@]})"
	rm -rf "$root/.wheel"
	mkdir "$root/.wheel"
	printf '%s\n' "$line" >"$root/.wheel/requirements.txt"
	"$python" -m pip download --quiet --no-deps --no-cache-dir --require-hashes --only-binary=:all: \
		--dest "$root/.wheel" -r "$root/.wheel/requirements.txt"
	"$python" -m zipfile -e "$root"/.wheel/*.whl "$root"
	rm -rf "$root/.wheel"
	touch "$root/.got/$package"
done

# XLA looks for ptxas and libdevice in nvidia/, go-xla for nvidia/ beside the
# folder of the plugin.
tools=../cuda_nvcc
[ "$cuda" = 13 ] && tools=../cu13
(cd "$root/nvidia" && find . -path '*/bin/*' -type f -exec chmod +x {} +)
mkdir -p "$root/nvidia/bin"
ln -sfn "$tools/bin/ptxas" "$root/nvidia/bin/ptxas"
ln -sfn "${tools#../}/nvvm" "$root/nvidia/nvvm"
ln -sfn ../nvidia "$root/jax_plugins/nvidia"

ln -sfn "../cuda$cuda/jax_plugins/xla_cuda$cuda/xla_cuda_plugin.so" "$lab/plugins/.cuda.new"
mv -T "$lab/plugins/.cuda.new" "$lab/plugins/pjrt_c_api_cuda_plugin.so"
echo "setup: the XLA plugin for CUDA $cuda is here"
if [ ! -e /proc/driver/nvidia/version ] && [ ! -e /dev/dxg ]; then
	echo "setup: no NVIDIA driver is loaded on this machine: convlab will not use it before there is one"
fi
