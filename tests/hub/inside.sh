#!/usr/bin/env bash
# Runs in namespaces of its own, without a network: a class on a hub in the image.
# Usage: inside.sh ROOT WORK USERS, as tests/image/test.sh says it.
set -euo pipefail
root=$1 work=$2 users=$3
node=$(readlink -f "$(command -v node)")
if ldd "$node" | grep -qE 'libnode|not found'; then
	echo "hub test: not run here: this machine's node does not run in the image" && exit 0
fi
ip link set lo up
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir "$root/opt/hub"
cp -r tests/hub/*.py "$work/proxy" "$root/opt/hub/"
cp "$node" "$root/usr/local/bin/node"
# Of what README.md says for a server: who wants completion while typing pays for
# it with memory.
chmod a-x "$root/opt/convlab/src/.lab/bin/gopls"
# Its pages are worked by a browser of this machine, outside of the image: the root of
# this script, the first process here.
pages=(chroot /proc/1/root env -C "$PWD" PATH="$PATH" HOME="$HOME" CONVLAB_LAB="$CONVLAB_LAB" node tests/browser/hub.mjs)
chroot "$root" env -i PATH=/opt/convlab/src/.lab/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	python /opt/hub/class.py "$users" /opt/hub/proxy "${pages[@]}"
