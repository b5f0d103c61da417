"""The extract files of the sample studies: every data cut in the layouts the studies would deliver."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from dashboard.demo.layouts.edc_cdk46 import write_edc
from dashboard.demo.layouts.laboratory_k4care import Delivery, write_laboratory, write_links
from dashboard.demo.layouts.native import write_native
from dashboard.demo.layouts.redcap_k4care import FILE, write_redcap
from dashboard.demo.layouts.reports import reports_at
from dashboard.demo.layouts.sdtm_cdk46 import write_sdtm
from dashboard.demo.layouts.wide_oligomets import write_wide
from dashboard.demo.studies import CUT_OFFS, generate
from dashboard.demo.truth import StudyTruth, extract_at, rows_of

EXTRACTED_AFTER_DAYS = 4
FRACTION_BATCH = "allele_fraction_as_fraction_batch"

Writer = Callable[[StudyTruth, dt.date, Path], None]


def write_extracts(study_id: str, folder: Path, *, truth: StudyTruth | None = None) -> None:
    """Write extracts/<cut-off>/ of every data cut, and those of second layouts, below the study's folder.

    What lay in these folders before is removed. The same seed gives the same bytes.
    """
    truth = truth or generate(study_id)
    for cut_off in CUT_OFFS:
        for layout, writer in WRITERS[study_id].items():
            place = folder / "layouts" / layout if layout else folder
            writer(truth, cut_off, _empty_folder(place / "extracts" / cut_off.isoformat(), cut_off))


def _empty_folder(folder: Path, cut_off: dt.date) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    extracted = cut_off + dt.timedelta(days=EXTRACTED_AFTER_DAYS)
    text = f'cut_off = {cut_off}\nextracted_at = {extracted}\ncalendar = "calendar"\n'
    (folder / "extract.toml").write_text(text, encoding="utf-8")
    return folder


def _write_k4care(truth: StudyTruth, cut_off: dt.date, folder: Path) -> None:
    frames = extract_at(truth, cut_off)
    write_redcap(frames, folder / FILE)
    delivery = Delivery(
        patients={row["patient_id"]: row for row in rows_of(frames["patient"])},
        reports=reports_at(truth, cut_off),
        as_fraction=frozenset(truth.planted.get(FRACTION_BATCH, ())),
    )
    write_laboratory(delivery, folder)
    write_links(frames, folder / "sample_link.csv")


# By study: layout name (empty: the study's own) and its writer.
WRITERS: dict[str, dict[str, Writer]] = {
    "k4care": {"": _write_k4care},
    "cdk46": {"": write_sdtm, "edc": write_edc},
    "pulmonary-oligomets": {"": write_native, "wide": write_wide},
}
