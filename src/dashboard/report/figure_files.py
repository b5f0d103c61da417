"""A figure as a picture: SVG or PNG, each saying from which study, data cut and files it comes."""

import re
import struct
import zlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

import vl_convert

from dashboard.figures.figure import Figure
from dashboard.studies import vocabulary

FONT_FAMILIES = '"Dashboard Sans", "Dashboard Han"'
FONTS = Path(__file__).parent / "fonts"
FOOTER_LINE_PX = 13
FOOTER_ROOM_PX = 7
# Mean width of a character of the foot, which has 10 pixels.
FOOTER_CHARACTER_PX = 5.4
FOOTER_MARGIN_PX = 4
GLUE = "\N{NO-BREAK SPACE}"
PNG_SCALE = 2.0
SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"[^>]*>')
PNG_HEADER_BYTES = 33


class FigureWithoutDrawing(ValueError):
    """A figure of sentences or of a table alone has no picture."""


def figure_svg(figure: Figure) -> bytes:
    """The drawing with its origin as last line and as description. Raises FigureWithoutDrawing."""
    return with_footer(drawing(figure), figure).encode("utf-8")


def figure_png(figure: Figure, *, scale: float = PNG_SCALE) -> bytes:
    """The same picture in pixels, twice as fine, with its origin as text too. Raises FigureWithoutDrawing."""
    _register_fonts()
    pixels = vl_convert.svg_to_png(figure_svg(figure).decode("utf-8"), scale=scale)
    return with_text_chunk(pixels, keyword="Description", text=figure.footer)


def drawing(figure: Figure) -> str:
    """SVG text of the drawing alone, in the font that travels with us. Raises FigureWithoutDrawing."""
    if not figure.spec:
        raise FigureWithoutDrawing("this figure has no drawing; it has a table, which CSV gives")
    _register_fonts()
    spec = in_our_font(figure.spec)
    # Descriptions of single marks repeat their tooltips; the whole drawing has its own description.
    spec["config"] = {**spec.get("config", {}), "aria": False}
    # No outside address may be fetched while a figure is drawn.
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def in_our_font(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification with our font first wherever one is named."""
    return {name: _font_first(name, part) for name, part in spec.items()}


def _font_first(name: str, part: Any) -> Any:
    if name.lower().endswith("font") and isinstance(part, str):
        return f"{FONT_FAMILIES}, {part}"
    if isinstance(part, Mapping):
        return in_our_font(part)
    return [_font_first("", one) for one in part] if isinstance(part, list) else part


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def with_footer(svg: str, figure: Figure) -> str:
    """The picture made taller by the lines that say where it comes from."""
    width, height = size_of(svg)
    lines = footer_lines(figure.footer, width=width)
    room = FOOTER_ROOM_PX + FOOTER_LINE_PX * len(lines)
    taller = height + room
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{width:g}" height="{taller:g}" viewBox="0 0 {width:g} {taller:g}">'
        f"<title>{escape(figure.alt)}</title><desc>{escape(figure.footer)}</desc>"
    )
    background = str(figure.spec.get("background", "white"))
    is_dark = background == vocabulary.THEME["page"].dark
    quiet = vocabulary.THEME["secondary_text"]
    colour = quiet.dark if is_dark else quiet.light
    foot = f'<rect x="0" y="{height:g}" width="{width:g}" height="{room}" fill="{background}"/>' + "".join(
        f'<text x="{FOOTER_MARGIN_PX}" y="{height + FOOTER_LINE_PX * number:g}" '
        f'font-family="{escape(FONT_FAMILIES)}, sans-serif" '
        f'font-size="10" fill="{colour}">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    body = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return f"{head}{body}{foot}</svg>"


def footer_lines(footer: str, *, width: float) -> list[str]:
    """The foot in lines that fit the width in pixels, broken between its parts where these are short."""
    most = max(int((width - 2 * FOOTER_MARGIN_PX) / FOOTER_CHARACTER_PX), 1)
    *parts, last = [
        part.replace(" ", GLUE) if len(part) + len(" ·") <= most else part for part in footer.split(" · ")
    ]
    glued = " ".join([*(f"{part}{GLUE}·" for part in parts), last])
    return [line.replace(GLUE, " ") for line in wrap(glued, most, break_on_hyphens=False)]


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own units. Raises ValueError for one not made by `drawing`."""
    found = SIZE.match(svg)
    if found is None:
        raise ValueError("the drawing has no viewBox that begins at 0 0")
    return float(found["width"]), float(found["height"])


def with_text_chunk(png: bytes, *, keyword: str, text: str) -> bytes:
    """The PNG with an international text chunk (iTXt) behind its header, as the PNG specification has it."""
    data = keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    check = zlib.crc32(b"iTXt" + data)
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", check)
    return png[:PNG_HEADER_BYTES] + chunk + png[PNG_HEADER_BYTES:]
