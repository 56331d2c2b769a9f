"""The packages that the program is made of, as cargo resolves them for one platform.

Cargo is the only source: its tree (which features and platforms choose), its metadata (licences, folders) and
Cargo.lock (hashes). So the bill of materials and the licences name what is built, no more and no less.
"""

import dataclasses
import json
import pathlib
import re
import subprocess
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = "caunoi-server"
# A line of `cargo tree --prefix depth`, such as `3serde v1.0.229 (*)`.
LINE = re.compile(r"(?P<depth>\d+)(?P<name>\S+) v(?P<version>\S+)")


@dataclasses.dataclass
class Package:
    """A package, the ids of the packages that it uses, and whether its code is in the binary (else it only builds)."""

    name: str
    version: str
    license: str
    repository: str | None
    folder: pathlib.Path
    is_published: bool
    sha256: str | None
    is_linked: bool
    uses: list[str]

    @property
    def id(self):
        return f"{self.name}@{self.version}"


def cargo(*arguments):
    command = ["cargo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def host():
    """Returns the platform that cargo builds for when nothing else is said."""
    report = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"^host: (.*)$", report, re.M)[1]


def load_tree(target, edges):
    """Returns the ids of the packages that each package uses, by its id."""
    lines = cargo("tree", "--locked", "-p", PROGRAM, "-e", edges, "--target", target, "--prefix", "depth", "--format", "{p}")
    uses = {}
    path = []
    for line in map(LINE.match, lines.splitlines()):
        id = f"{line['name']}@{line['version']}"
        del path[int(line["depth"]):]
        if path:
            uses[path[-1]].add(id)
        path.append(id)
        uses.setdefault(id, set())
    return uses


def load_packages(target):
    """Returns the packages of the program for a platform, the program first, the others by name."""
    tree = load_tree(target, "normal")
    linked = load_tree(target, "normal,no-proc-macro")
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    hashes = {f"{package['name']}@{package['version']}": package.get("checksum") for package in lock["package"]}
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target))
    packages = [
        Package(
            name=package["name"],
            version=package["version"],
            # The slash is the old way to write OR.
            license=re.sub(r"\s*/\s*", " OR ", package["license"]),
            repository=package["repository"],
            folder=pathlib.Path(package["manifest_path"]).parent,
            is_published=package["source"] is not None,
            sha256=hashes[id],
            is_linked=id in linked,
            uses=sorted(tree[id]),
        )
        for package in metadata["packages"]
        if (id := f"{package['name']}@{package['version']}") in tree
    ]
    return sorted(packages, key=lambda package: (package.name != PROGRAM, package.name, package.version))
