import datetime as dt

import pandas as pd
import pytest

from dashboard.figures.figure import Figure
from dashboard.figures.patient.report import PatientReport
from dashboard.tables.header_facts import HeaderLine
from dashboard.tables.header_strip import Cell, Line

FOOTER = "Small study · data cut 30 Jun 2024 · snapshot 2024-06-30-0123abcd"
VERSIONS = "Application 0.1.0 · rules 0123456789ab"


def chart():
    """A bar of one point with a Vietnamese and a Chinese name."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [{"name": "Nguyễn 部分缓解", "value": 3}]},
        "mark": "bar",
        "encoding": {
            "x": {"field": "value", "type": "quantitative"},
            "y": {"field": "name", "type": "nominal"},
        },
        "config": {"font": "sans-serif"},
        "background": "#FFFFFF",
    }


@pytest.fixture
def figure():
    table = pd.DataFrame({"Name": ["a"], "Value": [3]})
    return Figure(
        rows=table, spec=chart(), table=table, caption="", method="", footer=FOOTER, code="", alt="One bar."
    )


@pytest.fixture
def report(figure):
    """The page of a patient; a test changes what it is about."""

    def made(**changed):
        cells = [Cell(title, "value", (Line("small print"),)) for title in ("Diagnosis", "Line", "ECOG")]
        known = {
            "patient_id": "S-001",
            "is_deidentified": False,
            "study": "Small study",
            "identity": "Study ID S-001 · F · born 1961 · Site 01",
            "cut_off": dt.date(2024, 6, 30),
            "cut": "30 Jun 2024",
            "footer": FOOTER,
            "versions": VERSIONS,
            "cells": tuple(cells),
            "lines": (HeaderLine("Disease", "Stage IV (lung)"),),
            "treatments": (),
            "responses": (),
            "toxicities": (),
            "organs": (),
            "viral": "HBV not recorded · HCV not recorded",
            "said": (),
            "unknown": (),
            "variant_head": (),
            "variants": (),
            "n_more_variants": 0,
            "variant_notes": (),
            "no_variant": "No variant was reported for this patient.",
            "issues": (),
            "n_issues": 0,
            "timeline": figure,
            "timeline_note": "",
        }
        return PatientReport(**{**known, **changed})

    return made
