"""The flow through the lines: heights are patients, bands meet their bars, ends are grey."""

import json
from itertools import pairwise

import pandas as pd
import pytest
import vl_convert

from dashboard.charts.pathways import GAP_PX, LABEL_CHARACTERS, PathwayOptions, pathway_chart
from dashboard.charts.theme import theme_of

LONG = "Capecitabine + docetaxel, then palbociclib + letrozole and even more of it"
COUNTS = pd.DataFrame(
    [("X", "Y", "Z", 3), ("X", "Died", "", 2), (LONG, "Y", "Died", 4), ("Other", "Y", "Z", 1)],
    columns=["a", "b", "c", "n"],
)
OPTIONS = PathwayOptions(
    columns=("a", "b", "c"), titles=("Line 1", "Line 2", "Line 3"), ends=("Died",), others=("Other",)
)


@pytest.fixture
def spec():
    return pathway_chart(COUNTS, options=OPTIONS)


def boxes(spec):
    return spec["layer"][1]["data"]["values"]


def links(spec):
    found = {}
    for point in spec["layer"][0]["data"]["values"]:
        found.setdefault(point["link"], []).append(point)
    return found


def test_bars_are_as_tall_as_their_patients_and_the_largest_stand_first(spec):
    first = [box for box in boxes(spec) if box["x"] == boxes(spec)[0]["x"]]
    assert [(box["name"], box["n"]) for box in first] == [("X", 5), (LONG, 4), ("Other", 1)]
    heights = {(box["y2"] - box["y"]) / box["n"] for box in boxes(spec)}
    assert max(heights) == pytest.approx(min(heights), abs=0.01)


def test_bars_of_a_level_keep_room_for_two_lines_of_words(spec):
    for level in {box["x"] for box in boxes(spec)}:
        own = [box for box in boxes(spec) if box["x"] == level]
        assert all(
            after["y"] - before["y2"] == pytest.approx(GAP_PX, abs=0.02) for before, after in pairwise(own)
        )


def test_bands_fill_their_bar_on_both_sides_without_overlap(spec):
    bars = {(box["x"], box["name"]): box for box in boxes(spec)}
    levels = sorted({box["x"] for box in boxes(spec)})
    arriving = [points[-1] for points in links(spec).values() if points[-1]["to"] == "Y"]
    arriving.sort(key=lambda point: point["y"])
    bar = bars[(levels[1], "Y")]
    assert arriving[0]["y"] == pytest.approx(bar["y"], abs=0.02)
    assert arriving[-1]["y2"] == pytest.approx(bar["y2"], abs=0.02)
    assert all(after["y"] == pytest.approx(before["y2"], abs=0.02) for before, after in pairwise(arriving))
    assert sum(point["n"] for point in arriving) == bar["n"]


def test_an_end_goes_nowhere_and_is_grey(spec):
    assert all(point["from"] != "Died" for points in links(spec).values() for point in points)
    kinds = {box["name"]: box["kind"] for box in boxes(spec)}
    assert kinds["Died"] == "end"
    scale = spec["layer"][1]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["end"] == theme_of("light").other_origin


def test_a_label_begins_with_its_patients_and_has_at_most_two_lines(spec):
    labels = [value["label"] for layer in spec["layer"][2:6] for value in layer["data"]["values"]]
    longest = next(label for label in labels if label.startswith("4 · Capecitabine"))
    assert longest.count("\n") == 1
    assert longest.endswith("…")
    assert all(len(part) <= LABEL_CHARACTERS for label in labels for part in label.split("\n"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_drawing_draws_every_band(theme):
    options = PathwayOptions(
        columns=OPTIONS.columns, titles=OPTIONS.titles, ends=OPTIONS.ends, others=OPTIONS.others, theme=theme
    )
    spec = pathway_chart(COUNTS, options=options) | {"width": 900}
    svg = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    bands = [
        part for part in svg.split("<path")[1:] if 'fill-opacity="0.34"' in part or 'opacity="0.34"' in part
    ]
    assert len(bands) == len(links(spec)) == 6
