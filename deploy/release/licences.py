#!/usr/bin/env python3
"""Prints the licences of the works of others in the program: a list of the crates, then each text once.

    deploy/release/licences.py [TARGET TRIPLE]

The texts are those that the crates carry, and those beside the assets of GraphiQL: most licences ask that their
notice travels with the program.
"""

import re
import sys

import packages

NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)([-_.].*)?$", re.I)
RULE = "-" * 80


def texts(package):
    """Returns the licence and notice files of a package and of the C sources in it."""
    files = sorted(path for path in package.folder.rglob("*") if NAMES.match(path.name) and path.is_file())
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in files]


def normalize(text):
    """Returns the text without the differences of line breaks and indents."""
    return " ".join(text.split())


def report(target):
    linked = [package for package in packages.load_packages(target) if package.is_linked]
    published = [package for package in linked if package.is_published]
    lines = [f"caunoi for {target} contains {len(published)} crates of others.", ""]
    carriers, originals = {}, {}
    for package in linked:
        name = f"{package.name} {package.version}"
        found = texts(package)
        if package.is_published:
            lines.append(f"{name}: {package.license}" + ("" if found else " (the crate carries no text)"))
        for text in found:
            originals.setdefault(normalize(text), text)
            carriers.setdefault(normalize(text), {})[name] = True
    for text, names in carriers.items():
        lines += ["", RULE, ", ".join(names), RULE, "", originals[text]]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(sys.argv[1] if len(sys.argv) > 1 else packages.host()))
