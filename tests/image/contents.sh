#!/usr/bin/env bash
# Says what is wrong with the files of an image: what others than root may
# write, secrets, a bill of materials that lacks something.
# Usage: contents.sh ROOT ENV, of which ENV is a file with the image's variables.
set -euo pipefail
root=$1 env=$2
bad=0
say() { echo "image test: $1" && bad=1; }

open=$(find "$root/opt/convlab" ! -type l \( -perm /022 -o ! -uid 0 \) -print -quit)
[ -z "$open" ] || say "${open#"$root"} could be changed by a user"
closed=$(find "$root/opt/convlab" ! -type l ! -perm -004 -print -quit)
[ -z "$closed" ] || say "${closed#"$root"} could not be read by a user"

secret=$(find "$root/opt" "$root/etc" "$root/root" "$root/home" "$root/tmp" \( -name .netrc -o -name .npmrc -o -name .pypirc -o -name .git \
	-o -name .git-credentials -o -name id_rsa -o -name id_dsa -o -name id_ecdsa -o -name id_ed25519 -o -path '*/.docker/config.json' \) -print -quit)
[ -z "$secret" ] || say "${secret#"$root"} may hold a secret"
# Tornado carries a key for its own tests.
keys=$(grep -rIlE -e '^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----' "$root/opt" "$root/etc" "$root/root" "$root/home" |
	grep -vE '/tornado/test/|/go/mod/.*_test\.go$|/go/mod/.*/testdata/' | head -n 1 || true)
[ -z "$keys" ] || say "${keys#"$root"} holds a private key"
grep -iE '^[A-Z_]*(TOKEN|SECRET|PASSWORD|CREDENTIAL)[A-Z_]*=' "$env" && say "a variable of the image may hold a secret"

chroot "$root" /opt/convlab/src/.lab/venv/bin/python - <<'END' || bad=1
import json
bill = json.load(open("/opt/convlab/sbom.cdx.json"))
named = {part["name"] for part in bill["components"]}
references = [part["bom-ref"] for part in bill["components"]]
assert bill["bomFormat"] == "CycloneDX" and len(set(references)) == len(references), "no CycloneDX document"
missing = {"libc6", "jupyterlab", "jupyterhub", "github.com/gomlx/gomlx", "github.com/janpfeifer/gonb", "go", "pjrt_c_api_cpu_plugin.so"} - named
assert not missing, f"the bill of materials lacks {missing}"
print(f"image test: {len(named)} parts in the bill of materials; no secrets, nothing a user can change")
END
exit $bad
