"""Whether all curves are drawn: check_svg.py FOLDER. Says what is not, and ends with status 1."""
import os
import sys
import xml.etree.ElementTree as ElementTree

from check_json import CURVES

SVG = "{http://www.w3.org/2000/svg}"


def findings(folder):
    files = sorted(os.listdir(folder))
    if files != sorted(f"{name}.svg" for name in CURVES):
        yield f"files are {files}"
    for file in files:
        try:
            root = ElementTree.parse(os.path.join(folder, file)).getroot()
        except ElementTree.ParseError as error:
            yield f"{file}: {error}"
            continue
        if root.tag != f"{SVG}svg":
            yield f"{file}: begins with {root.tag}"
        for shape in ("polyline", "circle", "text"):
            if not root.findall(f".//{SVG}{shape}"):
                yield f"{file}: has no {shape}"
        if not any((text.text or "").strip().startswith("promised: ") for text in root.iter(f"{SVG}text")):
            yield f"{file}: says nothing of what is promised"


if __name__ == "__main__":
    found = list(findings(sys.argv[1]))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
