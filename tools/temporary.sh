#!/usr/bin/env bash
# Says "usable" if programs can be written to and run in the folder for
# temporary files. Else it makes .lab/tmp, which the Makefile then uses.
folder=${TMPDIR:-/tmp}
try=$(mktemp -d "$folder/convlab.XXXXXX" 2>/dev/null) &&
	printf '#!/bin/sh\nexit 0\n' >"$try/run" && chmod +x "$try/run" && "$try/run" && ok=1
[ -n "$try" ] && rm -rf "$try"
if [ -n "${ok:-}" ]; then echo usable; else mkdir -p .lab/tmp; fi
