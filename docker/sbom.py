"""Prints what is inside an image, as one CycloneDX document: Debian's packages,
Python's, Go's modules in every program, and the XLA plugin with its hash.

Run while the image is built: python docker/sbom.py >sbom.cdx.json
"""
import hashlib
import importlib.metadata
import json
import pathlib
import re
import subprocess
from urllib.parse import quote

lab = pathlib.Path("/opt/convlab/src/.lab")


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def component(kind, name, version, purl, **more):
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, **more}


components = {}


def add(one):
    components[one["bom-ref"]] = one


for line in said("dpkg-query", "--show", "--showformat", "${Package}\t${Version}\t${Architecture}\n").splitlines():
    name, version, architecture = line.split("\t")
    add(component("library", name, version, f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={architecture}"))
for package in importlib.metadata.distributions():
    name, version = package.metadata["Name"], package.version
    add(component("library", name, version, f"pkg:pypi/{quote(re.sub('[-_.]+', '-', name).lower())}@{quote(version)}"))
# "	dep	MODULE	VERSION	SUM" and "	path	PACKAGE"; a program's own module has the word mod.
for program in sorted(lab.glob("bin/*")):
    for line in said("go", "version", "-m", str(program)).splitlines():
        words = line.split()
        if words[0] in ("dep", "mod") and words[2] != "(devel)":
            add(component("library", words[1], words[2], f"pkg:golang/{quote(words[1], safe='/')}@{quote(words[2])}"))
go = said("go", "env", "GOVERSION").strip().removeprefix("go")
add(component("application", "go", go, f"pkg:golang/toolchain@{go}"))
for plugin in sorted(lab.glob("plugins/*.so")):
    digest = hashlib.sha256(plugin.read_bytes()).hexdigest()
    add(component("file", plugin.name, digest[:12], f"pkg:generic/{plugin.name}@{digest[:12]}", hashes=[{"alg": "SHA-256", "content": digest}]))
document = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "metadata": {"component": {"type": "container", "bom-ref": "convlab", "name": "convlab"}},
    "components": [components[ref] for ref in sorted(components)],
}
print(json.dumps(document, indent=1))
