"""What a PDF holds, as poppler reads it and as its bytes say."""

import os
import re
import shutil
import subprocess
import zlib
from functools import cache
from pathlib import Path

from tests.required import leave_out

PIXELS = re.compile(rb"/Subtype\s*/Image\b")
MM_PER_POINT = 25.4 / 72
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@cache
def _poppler() -> bool:
    """Whether poppler is here; root on Debian installs it once."""
    if shutil.which("pdftotext") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "poppler-utils"], **quiet)
    return shutil.which("pdftotext") is not None


def pdf_text(pdf: bytes, folder: Path) -> str:
    """Selectable text, white space as one space."""
    return " ".join(_run("pdftotext", pdf, folder, "-").split())


def pdf_facts(pdf: bytes, folder: Path) -> dict[str, str]:
    """What pdfinfo says, by its names: Pages, Tagged, Title, Page size …"""
    lines = _run("pdfinfo", pdf, folder).splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def least_type_points(pdf: bytes, folder: Path) -> float:
    """Smallest size of type on the pages, from the boxes of its words (1.326 times as high in our font)."""
    page = _run("pdftotext", pdf, folder, "-bbox", "-")
    boxes = re.findall(r'yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)"', page)
    return min(float(bottom) - float(top) for top, bottom in boxes) / 1.326


def word_tops(pdf: bytes, folder: Path) -> dict[str, float]:
    """Millimetres from the top of the page to each word; of a word that stands twice, the last."""
    page = _run("pdftotext", pdf, folder, "-bbox", "-")
    found = re.findall(r'yMin="([0-9.]+)"[^>]*>([^<]*)</word>', page)
    return {word: float(top) * MM_PER_POINT for top, word in found}


def has_pixels(pdf: bytes) -> bool:
    """Whether any picture of the file is made of pixels; drawings of lines and type are not."""
    return PIXELS.search(all_bytes(pdf)) is not None


def all_bytes(pdf: bytes) -> bytes:
    """The file with its streams unpacked, for what must stand nowhere in it."""
    unpacked = [pdf]
    for found in STREAM.finditer(pdf):
        try:
            unpacked.append(zlib.decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def _run(command: str, pdf: bytes, folder: Path, *more: str) -> str:
    if not _poppler():
        leave_out("NOT RUN: no pdftotext (Debian: apt-get install poppler-utils)")
    place = folder / "page.pdf"
    place.write_bytes(pdf)
    options = [one for one in more if one != "-"]
    output = ["-"] if "-" in more else []
    done = subprocess.run(
        [command, *options, str(place), *output], capture_output=True, text=True, check=True
    )
    return done.stdout
