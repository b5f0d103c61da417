"""Drawings of the biomarker page and the forest plot: what is drawn is what the rows say."""

import pandas as pd
import pytest

from dashboard.charts.forest import ForestOptions, forest_chart
from dashboard.charts.gene_map import GeneMapOptions, gene_map_chart
from dashboard.charts.prevalence import PrevalenceOptions, prevalence_chart
from dashboard.figures.figure import Figure
from dashboard.report.figure_files import figure_svg

ROWS = pd.DataFrame(
    [
        {
            "gene": "ESR1",
            "n_detected": 9,
            "n_with_ctdna": 27,
            "n_no_ctdna": 0,
            "n_not_covered": 0,
            "share": 9 / 27,
        },
        {
            "gene": "RB1",
            "n_detected": 3,
            "n_with_ctdna": 30,
            "n_no_ctdna": 5,
            "n_not_covered": 4,
            "share": 0.1,
        },
    ]
).assign(lower=[0.16, 0.02], upper=[0.54, 0.27], n_possible_chip_only=0, n_assessable=[27, 35])


def drawn(spec):
    """The picture as text, drawn without a browser."""
    figure = Figure(
        rows=ROWS, spec={**spec, "width": 900}, table=ROWS, caption="", method="", footer="foot", code=""
    )
    return figure_svg(figure).decode("utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shares_stand_in_per_cent_with_their_counts_behind(theme):
    spec = prevalence_chart(ROWS, options=PrevalenceOptions(theme=theme))
    first, second = spec["data"]["values"]
    assert (first["shown"], first["lower"], first["upper"]) == (33.3333, 16.0, 54.0)
    assert (first["words"], second["words"]) == ("9 of 27", "3 of 30 · 5 without ctDNA · 4 not covered")
    assert "3 of 30 · 5 without ctDNA · 4 not covered" in drawn(spec)


def test_counts_are_drawn_without_an_interval():
    spec = prevalence_chart(ROWS, options=PrevalenceOptions(is_share=False, is_followed=True))
    first, second = spec["data"]["values"]
    assert (first["shown"], first["upper"], first["percent"]) == (9, 27, "")
    assert second["words"] == "3 of 35, 5 of them without ctDNA · 4 not followed"
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["bar", "bar", "text"]
    assert "whose assay follows the gene" in drawn(spec)


def map_cells(n):
    """n patients and two genes: the first patient has two kinds of marks, the last is not sampled."""
    rows = []
    for place in range(n):
        ground = "EMPTY" if place == n - 1 else "COVERED"
        first = ("SNV", "COPY_NUMBER") if place == 0 else ()
        second = "NOT_COVERED" if place % 2 and ground == "COVERED" else ground
        rows += [
            (f"P{place}", place, "ESR1", ground, first, "p.D538G 1.20 %" if first else "not detected"),
            (f"P{place}", place, "RB1", second, (), "not covered"),
        ]
    return pd.DataFrame(rows, columns=["patient", "place", "gene", "ground", "marks", "words"])


def layers_of(n, theme="light"):
    options = GeneMapOptions(genes=("ESR1", "RB1"), n_patients=n, counts=("1 of 9", "0 of 5"), theme=theme)
    return gene_map_chart(map_cells(n), options=options)


@pytest.mark.parametrize("n", [20, 150, 200])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_draws_at_every_size(n, theme):
    picture = drawn(layers_of(n, theme))
    assert all(words in picture for words in ("SNV", "Amplification or deletion", "Not covered", "1 of 9"))
    assert "Indel or other" not in picture


def test_marks_of_one_cell_lie_behind_each_other_the_taller_one_first():
    bars = [
        (layer["mark"]["height"], len(layer["data"]["values"]))
        for layer in layers_of(20)["layer"]
        if layer["mark"]["type"] == "bar"
    ]
    # Covered cells, ctDNA, copy number, SNV, indel, possible other origin, and the pointed cells.
    assert bars == [(18, 19 + 10), (8, 0), (18, 1), (11, 1), (5, 0), (8, 0), (18, 40)]


def test_a_cell_not_covered_is_hatched_and_an_empty_one_has_nothing_but_its_tooltip():
    hatch = next(layer for layer in layers_of(20)["layer"] if layer["mark"]["type"] == "rule")
    # Nine patients with 160 / 20 = 8 lines each.
    assert len(hatch["data"]["values"]) == 9 * 8
    assert max(line["to"] for line in hatch["data"]["values"]) < 19


FOREST = pd.DataFrame(
    [
        ("All patients", "", 50, 20, 40, 25, 0.8, 0.5, 1.3),
        ("ECOG", "0", 30, 10, 20, 12, 0.02, 0.001, 1.1),
        ("ECOG", "1", 20, 1, 20, 13, None, None, None),
    ],
    columns=[
        "subgroup", "level", "n", "events", "n_reference", "events_reference", "hazard_ratio", "lower",
        "upper",
    ],
)  # fmt: skip


def forest(theme="light"):
    options = ForestOptions(group="A", reference="B", x_title="hazard ratio", theme=theme)
    return forest_chart(FOREST, options=options)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_forest_names_patients_events_and_what_is_not_shown(theme):
    picture = drawn(forest(theme))
    for words in ("50 / 20", "40 / 25", "0.80 (0.50–1.30)", "too few events", "ECOG"):
        assert words in picture
    assert "*" not in picture


def test_the_axis_is_symmetric_on_a_log_scale_and_cut_intervals_end_in_an_arrow():
    spec = forest()
    scale = spec["encoding"]["x"]["scale"]
    low, high = scale["domain"]
    assert scale["type"] == "log"
    assert low * high == pytest.approx(1, abs=1e-12)
    assert high == pytest.approx(16 * 1.06, abs=1e-3)
    arrows = [layer for layer in spec["layer"] if layer["mark"].get("shape") == "triangle-left"]
    assert [mark["label"] for mark in arrows[0]["data"]["values"]] == ["0"]


def test_a_withheld_ratio_has_no_mark():
    squares = next(layer for layer in forest()["layer"] if "shape" in layer["encoding"])
    assert [mark["label"] for mark in squares["data"]["values"]] == ["All patients", "0"]
