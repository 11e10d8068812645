"""Fetch the few front-end files we serve, once, by exact version: `python tools/vendor.py`.

The result is committed, so that running the app, the tests and the checks need neither Node nor a network.
vendor.json keeps name, version, licence and the sha256 of every file; a test recomputes them.
"""
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "blueprints" / "static"
VENDOR = STATIC / "vendor"
SPRITE = STATIC / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"

SERVED = {
    ("bootstrap", "5.3.9"): ["dist/css/bootstrap.min.css"],
    ("htmx.org", "4.0.1"): ["dist/htmx.min.js"],
}
ICONS = ("bootstrap-icons", "1.13.2")
SYMBOLS = """
    archive arrow-counterclockwise arrow-down arrow-left arrow-repeat arrow-right arrow-up bank binoculars book
    box-arrow-right building calendar3 chat-left-text check check-circle-fill check-lg check2 check2-all check2-circle
    chevron-down chevron-left chevron-right circle circle-half clock-history cloud-check-fill cloud-slash-fill
    dash-lg download envelope exclamation-octagon-fill exclamation-triangle exclamation-triangle-fill eye
    file-earmark file-earmark-check file-earmark-spreadsheet file-earmark-word file-earmark-x flag flag-fill funnel
    hourglass-split inbox info-circle-fill keyboard lightbulb link-45deg list list-nested list-ul lock-fill moon
    paperclip pencil people-fill person-circle plus-lg question-circle search send shield-exclamation shield-lock
    star-fill sun table trash upload x-circle x-lg x-octagon-fill
"""


def unpacked(name, version, folder):
    """The package's folder, as npm packs it for that exact version."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = folder / name
    with tarfile.open(folder / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def licence_of(package):
    return json.loads((package / "package.json").read_text())["license"]


def record(package, name, version, paths):
    return {
        "name": name,
        "version": version,
        "licence": licence_of(package),
        "files": {path.relative_to(STATIC).as_posix(): sha256(path) for path in paths},
    }


def serve(package, name, version, listed):
    folder = VENDOR / f"{name}-{version}"
    folder.mkdir(parents=True)
    paths = []
    for source in [*listed, "LICENSE"]:
        paths.append(folder / Path(source).name)
        shutil.copyfile(package / source, paths[-1])
    return record(package, name, version, paths)


def draw_sprite(package, name, version):
    """One small file of symbols, used as `icons.svg#name`; the licence stands beside the other vendored ones."""
    ElementTree.register_namespace("", SVG.strip("{}"))
    sprite = ElementTree.Element(f"{SVG}svg")
    for symbol in SYMBOLS.split():
        icon = ElementTree.parse(package / "icons" / f"{symbol}.svg").getroot()
        drawn = ElementTree.SubElement(sprite, f"{SVG}symbol", id=symbol, viewBox=icon.get("viewBox"))
        drawn.extend(list(icon))
    ElementTree.indent(sprite, space="")
    SPRITE.write_text(ElementTree.tostring(sprite, encoding="unicode") + "\n")
    licence = VENDOR / f"{name}-{version}" / "LICENSE"
    licence.parent.mkdir(parents=True)
    shutil.copyfile(package / "LICENSE", licence)
    return record(package, name, version, [SPRITE, licence])


def main():
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        served = [serve(unpacked(*package, folder), *package, listed) for package, listed in SERVED.items()]
        served.append(draw_sprite(unpacked(*ICONS, folder), *ICONS))
    (VENDOR / "vendor.json").write_text(json.dumps(served, indent=2) + "\n")
    for package in served:
        print(package["name"], package["version"], package["licence"], len(package["files"]), "files")


if __name__ == "__main__":
    main()
