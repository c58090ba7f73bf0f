#!/usr/bin/env bash
# Runs a command in the course of this bundle, which needs no network then:
#
#     convlab-offline/run make setup
#     convlab-offline/run make lab LANG=zh
#
# The machine must have bash, make, gcc with its headers, and the Python that the
# file `python` names, with venv. All else is here; the bundle must stay where it
# was when it was set up.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
python=python$(cat "$here/python")
for program in "$python" make gcc; do
	if ! command -v "$program" >/dev/null; then
		echo "run: $program is missing: on Debian and Ubuntu, apt install $python-venv make gcc libc6-dev, from a copy of the packages" >&2
		exit 1
	fi
done
if [ ! -e "$here/convlab/.lab/data" ]; then
	mkdir -p "$here/convlab/.lab"
	mv "$here/data" "$here/convlab/.lab/data"
fi
# Hashes in go.sum and in the lists of packages are compared as always.
unset GOROOT
export PATH="$here/go/bin:$PATH" GOTOOLCHAIN=local GOPROXY="file://$here/modules" GOSUMDB=off
export PIP_NO_INDEX=1 PIP_FIND_LINKS="$here/wheels"
export PYTHON=$python
cd "$here/convlab"
exec "$@"
