#!/usr/bin/env bash
# Builds the image as `make image` does, starts it as its user without a network
# on a root that cannot be written, and runs notebooks in it through a browser;
# then a class on a JupyterHub in it. Usage: test.sh USERS [hub], of which hub
# leaves all but the class out. `make image-test` and `make hub-test` run it.
set -euo pipefail
cd "$(dirname "$0")/../.."
users=$1 only=${2:-all}
. tests/image/engine.sh
base=$(sed -n 's/^FROM \(golang:.*\)/\1/p' docker/Dockerfile)
base_image "$base"
tar -c --exclude=./.lab --exclude=./.git . | tar -x -C "$(mkdir "$work/checkout" && echo "$work/checkout")"
build() {
	local data=()
	if [ -e .lab/done/data ]; then data=(--build-context "data=$PWD/.lab/data"); fi
	storage bud --layers --pull=never --format docker "${data[@]}" -f docker/Dockerfile -t "$1" "$work/checkout" >"$work/build.log" 2>&1 ||
		{ tail -n 40 "$work/build.log" && exit 1; }
}
began=$SECONDS
build convlab
echo "image test: built in $((SECONDS - began)) s"
grep -E 'kernel [0-9.]+ s' "$work/build.log"
echo "image test: size $(storage images --format '{{.Size}}' localhost/convlab), of which the base $(storage images --format '{{.Size}}' "docker.io/library/$base")"
mounted() { storage mount "$(storage from --pull=never localhost/convlab)"; }
if [ "$only" = all ]; then
	printf '\n// changed is what a change of code is tried with.\nfunc changed() int { return 1 }\n' >>"$work/checkout/cnnlib/conv.go"
	began=$SECONDS
	build convlab-changed
	echo "image test: built again after a change of cnnlib in $((SECONDS - began)) s"
	root=$(mounted)
	image() { storage inspect --type image --format "$1" localhost/convlab; }
	image '{{range .Docker.Config.Env}}{{println .}}{{end}}' | sed '/^$/d' >"$work/env"
	image '{{range .Docker.Config.Entrypoint}}{{println .}}{{end}}{{range .Docker.Config.Cmd}}{{println .}}{{end}}' | sed '/^$/d' >"$work/command"
	image '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | sed '1d;/^$/d' >"$work/health"
	[ "$(image '{{.Docker.Config.User}}')" = 1000:100 ] || { echo "image test: the image's user is not 1000" && exit 1; }
	bash tests/image/contents.sh "$root" "$work/env"
	unshare --net --mount --pid --fork --mount-proc bash tests/image/inside.sh "$root" "$work"
fi
root=$(mounted)
mkdir "$work/proxy"
cp tests/hub/package*.json "$work/proxy/"
(cd "$work/proxy" && npm ci --no-audit --no-fund --loglevel=error)
unshare --net --mount --pid --fork --mount-proc bash tests/hub/inside.sh "$root" "$work" "$users"
echo "image test: passed in $SECONDS s"
