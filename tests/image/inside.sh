#!/usr/bin/env bash
# Runs in namespaces of its own, without a network: starts the image on a root
# that cannot be written and works in it with a browser.
# Usage: inside.sh ROOT WORK, as tests/image/test.sh says it.
set -euo pipefail
root=$1 work=$2
ip link set lo up
mkdir -p "$work/home" && chown 1000:100 "$work/home"
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$work/home" "$root/home/jovyan"
mount -o remount,bind,ro "$root"

token=$(od -An -N 24 -tx1 /dev/urandom | tr -d ' \n')
mapfile -t env <"$work/env"
mapfile -t command <"$work/command"
mapfile -t health <"$work/health"
as_user() { chroot --userspec=1000:100 "$root" env -i -C /home/jovyan "${env[@]}" HOME=/home/jovyan CONVLAB_FAST=1 JUPYTER_TOKEN="$token" "$@"; }
as_user "${command[@]}" >"$work/server.log" 2>&1 &
server=$!
SECONDS=0
until as_user "${health[@]}" 2>"$work/health.log"; do
	if [ $SECONDS -gt 60 ] || ! kill -0 $server; then
		cat "$work/server.log" "$work/health.log" && exit 1
	fi
	sleep 0.5
done
echo "image test: healthy after $SECONDS s"

as_user touch /opt/convlab/src/try 2>/dev/null && echo "image test: the root can be written" && exit 1
as_user python /opt/convlab/src/tools/first_cell.py work/convlab/en/{1.1-convolution,3.1-first-network}.ipynb | tee "$work/cells"
awk '{ if ($6 + 0 > 10 || $9 + 0 > 10) exit 1 }' "$work/cells" || { echo "image test: a first cell took over 10 s: the caches are cold" && exit 1; }
for notebook in en/1.1-convolution.ipynb zh/3.1-first-network.ipynb; do
	node tests/browser/open.mjs "http://127.0.0.1:8888/?token=$token" "$notebook" "$work/screenshot.png" || { tail -n 30 "$work/server.log" && exit 1; }
done
for status in /proc/[0-9]*/status; do
	at=$(readlink "${status%status}root" 2>/dev/null) || continue
	if [ "$at" = "$root" ] && ! grep -q '^Uid:	1000	1000	1000	1000$' "$status"; then
		echo "image test: not the image's user: $(grep -E '^(Name|Uid):' "$status")" && exit 1
	fi
done
echo "image test: all of its processes are user 1000's"
kill $server
wait $server || true
