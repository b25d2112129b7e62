#!/usr/bin/env python3
"""What a build is made of, as a CycloneDX 1.5 bill of materials: Tools/sbom.py FILE.json

Swift packages as they were resolved (with the service where TIDDU_SERVICE=1), Debian's packages of Deployment/packages.txt as they are
installed here, and the models with their checksums. Needs swift, dpkg-query and the packages of `make deps`.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
# By what is in their repositories.
MIT = {"Yams", "GRDB"}
MODELS_LICENCE = "CC-BY-SA-4.0"
DEBIAN_LICENCES = {
    "cairo": "LGPL-2.1-only OR MPL-1.1", "curl": "curl", "hdf5": "BSD-3-Clause", "leptonlib": "BSD-2-Clause",
    "libspng": "BSD-2-Clause", "sqlite3": "blessing", "openssl": "Apache-2.0", "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "tiff": "libtiff", "libjpeg-turbo": "IJG AND BSD-3-Clause", "libwebp": "BSD-3-Clause", "libzip": "BSD-3-Clause", "zlib": "Zlib",
    "fonts-dejavu": "Bitstream-Vera", "fonts-lohit-knda": "OFL-1.1",
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def licence(expression):
    return [{"expression": expression}]


def swift_packages():
    found = {}

    def walk(package):
        for dependency in package["dependencies"]:
            found[dependency["name"]] = dependency
            walk(dependency)

    walk(json.loads(output("swift", "package", "show-dependencies", "--format", "json")))
    for name, package in sorted(found.items()):
        address = package["url"].removesuffix(".git").removeprefix("https://")
        yield {
            "type": "library", "bom-ref": f"swift:{name}", "name": name, "version": package["version"],
            "purl": f"pkg:swift/{address}@{package['version']}",
            "licenses": licence("MIT" if name in MIT else "Apache-2.0"),
        }


def swift_itself():
    version = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    return {
        "type": "library", "bom-ref": "swift", "name": "Swift's libraries", "version": version,
        "licenses": licence("Apache-2.0 WITH Swift-exception"),
    }


def debian_packages():
    names = (ROOT / "Deployment/packages.txt").read_text().split()
    lines = output("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\t${Architecture}\n", *names).splitlines()
    for line in sorted(lines):
        name, version, source, architecture = line.split("\t")
        yield {
            "type": "library", "bom-ref": f"deb:{name}", "name": name, "version": version,
            "purl": f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch={architecture}",
            "licenses": licence(DEBIAN_LICENCES[source]),
        }


def models():
    for path in sorted((ROOT / "Models").glob("*.safetensors")):
        yield {
            "type": "machine-learning-model", "bom-ref": f"model:{path.stem}", "name": path.stem,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            "licenses": licence(MODELS_LICENCE),
        }


version = re.search(r'programVersion = "(.*)"', (ROOT / "Sources/Support/ProgramVersion.swift").read_text())[1]
components = [*swift_packages(), swift_itself(), *debian_packages(), *models()]
document = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "metadata": {
        "component": {
            "type": "application", "bom-ref": "tiddu", "name": "tiddu", "version": version, "licenses": licence("Apache-2.0"),
        }
    },
    "components": components,
    "dependencies": [{"ref": "tiddu", "dependsOn": [component["bom-ref"] for component in components]}],
}
target = pathlib.Path(sys.argv[1] if len(sys.argv) == 2 else sys.exit("usage: Tools/sbom.py FILE.json"))
part = target.with_suffix(".part")
part.write_text(json.dumps(document, indent=2) + "\n")
os.replace(part, target)
print(f"{target}: {len(components)} components")
