"""CPU time of one MDT page against an empty page and one export of its timeline, in a fresh process.

An export is dear (a JavaScript engine lays the chart out), a page is cheap, so the budget is five times both
together; what the page costs beyond its own export stands beside it. Patients differ from run to run: typst
keeps what it has already laid out.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Line, in_fresh_process
from dashboard.figures.patient.report import ReportRequest, patient_report
from dashboard.report.figure_files import drawing
from dashboard.report.mdt import MdtCase, compile_pdf, mdt_page
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from dashboard.studies.load import load_study

STUDY = ROOT / "data" / "studies" / "cdk46"
# The patient with the most samples is the first of them; it warms the engines and is not counted.
FIRST_PATIENT, PATIENTS = 21, 12
BUDGET = 5.0
EMPTY_PAGE = '#set document(title: "{n}")\n#set page(paper: "a4")\n'


def measured() -> list[Line]:
    """One case against an empty page plus one export."""
    with tempfile.TemporaryDirectory(prefix="report-") as store:
        command = [sys.executable, "-m", "dashboard.cli", "build", str(STUDY)]
        environment = {**os.environ, "DASHBOARD_STORE": store}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        ms = in_fresh_process("benchmarks.report", store)
    unit = ms["empty"] + ms["svg"]
    case = ms["words"] + ms["page"]
    return [
        Line("MDT page, empty pages plus one export", case / unit, "times", BUDGET),
        Line("MDT page beyond its export", case - ms["svg"], "CPU-ms"),
        Line("export of a timeline as SVG", ms["svg"], "CPU-ms"),
        Line("empty page", ms["empty"], "CPU-ms"),
    ]


def _medians(store: Path) -> dict[str, float]:
    """Median CPU-ms of the words of a page, the export, the page with its export, an empty page."""
    snapshot = current_snapshot(store, "cdk46")
    if snapshot is None:
        raise SystemExit("the sample study cdk46 is not in the store")
    reader, study = Reader(snapshot), load_study(STUDY)
    taken: dict[str, list[float]] = {"words": [], "svg": [], "page": [], "empty": []}
    for number in range(FIRST_PATIENT, FIRST_PATIENT + PATIENTS):
        request = ReportRequest(patient_id=f"CDK-{number:04d}", study=study, checks={})
        words, report = _timed(partial(patient_report, reader, request))
        svg, _ = _timed(partial(drawing, report.timeline))
        page, _ = _timed(partial(mdt_page, MdtCase(report=report)))
        template = store / f"empty-{number}.typ"
        template.write_text(EMPTY_PAGE.format(n=number), encoding="utf-8")
        empty, _ = _timed(partial(compile_pdf, template, inputs={}))
        for name, value in (("words", words), ("svg", svg), ("page", page), ("empty", empty)):
            taken[name].append(value)
    return {name: statistics.median(values[1:]) for name, values in taken.items()}


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    made = act()
    return (time.process_time() - started) * 1000, made


if __name__ == "__main__":
    print(json.dumps(_medians(Path(sys.argv[1]))))
