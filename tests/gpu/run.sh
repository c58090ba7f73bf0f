#!/usr/bin/env bash
# Tries convlab on the GPU of this machine, in under 8 minutes. It needs an
# NVIDIA driver and a Python with the packages jax-cuda13-pjrt (or
# jax-cuda12-pjrt, for the plugin) and torch:
#
#     bash run.sh                      all steps
#     bash run.sh out layers           only these steps; what it makes goes into out/
#
# The steps are doctor, layers, losses, checkpoints and bench. It prints what it
# finds, and ends with 1 if a step failed.
set -uo pipefail
cd "$(dirname "$0")"
out=${1:-out}
mkdir -p "$out" && out=$(cd "$out" && pwd)
shift || true
steps=${*:-doctor layers losses checkpoints bench}
python=${PYTHON:-python3}

plugin=${CUDA_PLUGIN:-$("$python" - <<'P'
import glob, sys
found = [f for p in sys.path for f in sorted(glob.glob(p + "/jax_plugins/xla_cuda1[23]/xla_cuda_plugin.so"))]
print(found[-1] if found else "")
P
)}
if [ -z "$plugin" ]; then
	echo "gpu: $python has no CUDA plugin: pip install jax-cuda13-pjrt, or set CUDA_PLUGIN to the file xla_cuda_plugin.so" >&2
	exit 1
fi
# NVIDIA's libraries lie beside the plugin, in the same Python packages.
packages=$(cd "$(dirname "$plugin")/../.." && pwd)
for folder in "$packages"/nvidia/*/lib "$packages"/nvidia/*/lib64; do
	[ -d "$folder" ] && LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
for folder in "${CUDA_HOME:-}" "$packages/nvidia/cu13" "$packages/nvidia/cuda_nvcc" /usr/local/cuda; do
	[ -n "$folder" ] && [ -e "$folder/bin/ptxas" ] && { export XLA_FLAGS="--xla_gpu_cuda_data_dir=$folder ${XLA_FLAGS:-}"; break; }
done
export LD_LIBRARY_PATH CONVLAB_LAB=$PWD/lab GOMLX_NO_AUTO_INSTALL=1 GOPJRT_CUDA_CHECKS=no GOMLX_BACKEND=xla:cuda
mkdir -p lab/plugins && ln -sfn "$plugin" lab/plugins/pjrt_c_api_cuda_plugin.so

failed=()
step() { # NAME SECONDS COMMAND…
	case " $steps " in *" $1 "*) ;; *) return ;; esac
	local name=$1 limit=$2 start=$SECONDS
	shift 2
	echo "== $name"
	if ! timeout "$limit" "$@"; then failed+=("$name"); echo "== $name FAILED"; fi
	echo "== $name: $((SECONDS - start)) s"
}

# The numbers of PyTorch and of the definition, on the GPU: each fourth case,
# and without trying which algorithm is fastest, for time. The parts run at once.
layers() {
	export CONVLAB_TEST_DEVICE=cuda XLA_FLAGS="${XLA_FLAGS:-} --xla_gpu_autotune_level=0"
	local pids=() status=0
	part() { # NAME PACKAGE TESTS
		(cd "$2" && exec ./gpu.test -test.v -test.short -test.run "$3" >"$out/tests-$1.txt" 2>&1) &
		pids+=($!)
	}
	part layers cnnlib '^TestLayersEqualPyTorch$'
	part more cnnlib 'NetworkLayersEqualPyTorch|LayersEqualONNX'
	part numbers cnnlib 'Definition|PyTorchsNumbers|GradientsEqual|BFloat16|NaN|Reach|MaxPool|Dropout'
	part plans cnnlib 'EveryPlan'
	part train cnnlib/train 'EqualPyTorch|EqualsPyTorch|BFloat16|OnTheDevice|InterruptedTraining|EverythingResumes'
	for pid in "${pids[@]}"; do wait "$pid" || status=1; done
	grep -h -E '^--- |^panic:|_test.go:[0-9]+' "$out"/tests-*.txt | cut -c1-300 | head -80
	return $status
}
checkpoints() { # made on the GPU, continued on the processor in pure Go; and to take along
	bin/check -images images.bin -dir "$out/back" reference || return 1
	cp -r "$out/back" "$out/back-go"
	GOMLX_BACKEND=go bin/check -images images.bin -dir "$out/back-go" -net small resume
	local status=$?
	rm -rf "$out/back-go" "$out"/back/*/epoch-000001-*
	return $status
}
export -f layers checkpoints
export out

echo "convlab $(cat COMMIT), $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader), $plugin"
step doctor 60 bin/convlab doctor
step layers 150 bash -c layers
step losses 150 bin/check -images images.bin -dir reference compare
step checkpoints 100 bash -c checkpoints
step bench 300 "$python" tests/bench/gpu/bench.py --images "$PWD/images.bin"
[ -e lab/bench/results/gpu.json ] && cp lab/bench/results/gpu.json "$out/"
if [ ${#failed[@]} -gt 0 ]; then
	echo "failed: ${failed[*]}"
	exit 1
fi
echo "all is well"
