#!/usr/bin/env python3
"""Prints the bill of materials of the program: CycloneDX 1.6, JSON.

    deploy/release/sbom.py [TARGET TRIPLE]

The same sources give the same text: it has no serial number, and a time only if SOURCE_DATE_EPOCH states one.
"""

import datetime
import json
import os
import sys
import urllib.parse

import packages


def reference(package):
    """Returns the package URL, or a plain id: a package URL of an unpublished crate would name a stranger's."""
    if not package.is_published:
        return package.id
    return f"pkg:cargo/{package.name}@{urllib.parse.quote(package.version, safe='')}"


def component(package):
    kind = "application" if package.name == packages.PROGRAM else "library"
    described = {
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        # Macros run during the build; their code is not in the binary.
        "scope": "required" if package.is_linked else "excluded",
        "licenses": [{"expression": package.license}],
    }
    if package.sha256:
        described["hashes"] = [{"alg": "SHA-256", "content": package.sha256}]
    if package.is_published:
        described["purl"] = reference(package)
    if package.repository:
        described["externalReferences"] = [{"type": "vcs", "url": package.repository}]
    return described


def bill(target):
    program, *others = packages.load_packages(target)
    references = {package.id: reference(package) for package in [program, *others]}
    metadata = {
        "component": component(program),
        "properties": [{"name": "caunoi:target", "value": target}],
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        time = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
        metadata["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": [component(package) for package in others],
        "dependencies": [
            {"ref": references[package.id], "dependsOn": [references[id] for id in package.uses]}
            for package in [program, *others]
        ],
    }


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else packages.host()
    print(json.dumps(bill(target), indent=1, ensure_ascii=False))
