"""painted.py PNG: whether a picture of the page has the colours of its plots, as bars and lines and not as a few dots."""
import sys

from PIL import Image

picture = Image.open(sys.argv[1]).convert("RGB")
counts = {colour: count for count, colour in picture.getcolors(picture.width * picture.height)}
bars, lines = counts.get((0, 114, 178), 0), counts.get((213, 94, 0), 0)
print(f"{picture.size}: {bars} pixels of bars, {lines} of lines")
sys.exit(not (bars > 2000 and lines > 300))
