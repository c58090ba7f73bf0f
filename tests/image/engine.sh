#!/usr/bin/env bash
# Readies buildah for a test and stands in for the base image where that
# cannot be pulled. For other scripts: . tests/image/engine.sh
#
# Says "not run here: REASON" and exits with 0 where a machine cannot do this.
# What is made is in the folder $work (5 GB) and is removed at the script's end.
work=$(mktemp -d "${TMPDIR:-/tmp}/convlab-image.XXXXXX")
storage() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
clean() {
	if [ -e "$work/storage" ]; then storage rm --all >/dev/null 2>&1 || true; fi
	rm -rf --one-file-system "$work"
}
trap clean EXIT

not_here() {
	echo "image test: not run here: $1"
	exit 0
}
[ "$(uname -sm)" = "Linux x86_64" ] || not_here "images are built for Linux on x86-64"
[ "$(id -u)" = 0 ] || not_here "buildah's chroot and a container without a network need root"
for tool in buildah debootstrap; do
	command -v $tool >/dev/null && continue
	command -v apt-get >/dev/null || not_here "there is no $tool, and no apt-get to install it with"
	{ apt-get update && apt-get install --yes --no-install-recommends $tool; } >"$work/apt.log" 2>&1 ||
		not_here "$tool cannot be installed: $(grep -m1 '^E:' "$work/apt.log")"
done
unshare --net true 2>/dev/null || not_here "a network namespace cannot be made"

# Layers on an overlay where the kernel lends one, as copies otherwise.
mkdir -p "$work/try/"{lower,upper,work,on}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
if mount -t overlay overlay -o "lowerdir=$work/try/lower,upperdir=$work/try/upper,workdir=$work/try/work" "$work/try/on" 2>/dev/null; then
	umount "$work/try/on"
	STORAGE_DRIVER=overlay
fi
# base_image NAME pulls it, or makes an image of this name from Debian's
# packages and this machine's Go, certificates and settings of pip.
base_image() {
	if storage pull --quiet "docker.io/library/$1" >/dev/null 2>&1; then
		echo "image test: base $1, as published"
		return
	fi
	echo "image test: base $1 cannot be pulled: Debian bookworm by debootstrap with $(go version | cut -d' ' -f3) stands in for it"
	debootstrap --variant=minbase --include=ca-certificates,gcc,g++,libc6-dev,make,pkg-config bookworm "$work/base" >"$work/debootstrap.log" 2>&1 ||
		not_here "debootstrap failed: $(tail -n 1 "$work/debootstrap.log")"
	rm -rf "$work/base/var/cache/apt/archives/"*.deb
	cp -r "$(go env GOROOT)" "$work/base/usr/local/go"
	cp /etc/ssl/certs/ca-certificates.crt "$work/base/etc/ssl/certs/"
	if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$work/base/etc/"; fi
	local made
	made=$(storage from scratch)
	storage copy --quiet "$made" "$work/base" / >/dev/null
	storage config --env PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd bash "$made"
	storage commit --quiet --rm "$made" "docker.io/library/$1" >/dev/null
	rm -rf "$work/base"
}
