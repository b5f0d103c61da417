"""Words of the MDT page."""

from dashboard.tables.header_strip import Cell, Line
from dashboard.ui.mdt_words import header_line


def test_a_case_names_the_regimen_and_why_the_line_began():
    cells = [
        Cell("Diagnosis", "Lung adenocarcinoma", (Line("Stage IV"),)),
        Cell(
            "Current line",
            "Line 2 · day 30",
            (Line("Docetaxel"), Line("since 2 May 2025, started on PD")),
        ),
        Cell("ECOG", "1", (Line("2 May 2025"), Line("was 0"))),
        Cell(
            "Last ctDNA",
            "not detected",
            (Line("1 May 2025"), Line("LoD 0.05 %"), Line("9 May 2025, pending")),
        ),
    ]
    assert header_line(cells) == (
        "Lung adenocarcinoma · Current line: Line 2 · day 30, Docetaxel, since 2 May 2025, started on PD"
        " · ECOG: 1, 2 May 2025 · Last ctDNA: not detected, 1 May 2025, 9 May 2025, pending"
    )
