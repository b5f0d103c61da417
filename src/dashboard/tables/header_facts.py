"""The lines under the cells of the header: disease, course, local treatment, and what is not known."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_count, format_date, format_months
from dashboard.tables.header_words import (
    BedWindow,
    endocrine_words,
    is_below,
    lesion_words,
    pathology_words,
)
from dashboard.tables.patient_timeline import MARKER_NAMES

Row = Mapping[str, Any]
OVARIAN_SUPPRESSION = ("goserelin", "leuprorelin", "leuprolide", "triptorelin")
# Recorded once, at the start of the study: sites seen later stand beside them with their own dates.
EXTENT = {
    "bone_only": "bone only at study start",
    "visceral_disease": "visceral at study start",
    "de_novo": "de novo metastatic",
}
MISSING = {"hbv_status": "HBV status missing"}


@dataclass(frozen=True)
class HeaderLine:
    """One line: what it is about, the text, and whether it stands out."""

    label: str
    text: str
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class HeaderOptions:
    """The study's choices: headline of the best response (id, label), drug class, window of BED10."""

    headline: tuple[str, str] | None = None
    key_class: str | None = None
    window: BedWindow | None = None
    is_study_time: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """Rows of one patient: patient_summary, header_fact, header_lesion, endocrine_sensitivity (or none)."""

    summary: Row
    facts: Sequence[Row]
    lesions: Sequence[Row] = ()
    endocrine: Row | None = None


def header_lines(known: Known, *, options: HeaderOptions) -> list[HeaderLine]:
    """The lines that have something to say, in their order; never more than five."""
    words = _Facts(known, options)
    lines = [
        HeaderLine("Disease", _joined(words.disease())),
        HeaderLine("Reports disagree", _joined(words.disagreeing()), is_late=True),
        HeaderLine("Course", _joined(words.course())),
        HeaderLine("Local treatment", _joined(words.local()), is_below(known.lesions, window=options.window)),
        HeaderLine("Not known", _joined(words.unknown())),
    ]
    return [line for line in lines if line.text]


def working_days(start: dt.date, end: dt.date) -> int:
    """Mondays to Fridays after `start` up to `end`."""
    days = (end - start).days
    return sum((start + dt.timedelta(days=n)).weekday() < 5 for n in range(1, days + 1))


def _joined(parts: Sequence[str]) -> str:
    text = " · ".join(part for part in parts if part)
    return text if text.startswith("ctDNA") else text[:1].upper() + text[1:]


@dataclass(frozen=True)
class _Facts:
    """The words of one patient."""

    known: Known
    options: HeaderOptions

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.known.facts if row["kind"] == kind]

    def named(self, kind: str, name: str) -> Row | None:
        return next((row for row in self.of(kind) if row["name"] == name), None)

    def day(self, day: dt.date | None, *, before: str = " ") -> str:
        """A date with what stands before it; nothing in study time, where the table has it."""
        return "" if day is None or self.options.is_study_time else f"{before}{format_date(day)}"

    def disease(self) -> list[str]:
        """Stage with its month, sites, CNS, receptors and drivers, and what breast cancer adds."""
        is_breast = self.known.summary.get("tumour_type") == "breast"
        pathology = pathology_words(self.of("PATHOLOGY"), is_breast=is_breast)
        breast = self.breast() if is_breast else []
        return [self.stage(), self.cns(), pathology, *breast, *self.free_interval()]

    def stage(self) -> str:
        """For instance "stage IV since Feb 2025 (bone, lung) · also liver (seen 3 Sep 2025)".

        Beside the date of the stage stand the sites known by then; a site seen later has its own date.
        """
        stage = self.known.summary.get("stage")
        text = f"stage {stage}" if stage else "stage not recorded"
        metastatic = self.named("METASTATIC", "metastatic")
        since = None if metastatic is None else metastatic["occurred_on"]
        if since is not None and not self.options.is_study_time:
            text = f"{text if stage else 'metastatic'} since {since:%b %Y}"
        sites = sorted((row["occurred_on"], str(row["name"]).replace("_", " ")) for row in self.of("SITE"))
        # A month is as near as the date of the stage is said.
        first = None if since is None else (since.year, since.month)
        then = [name for day, name in sites if first is not None and (day.year, day.month) <= first]
        text = f"{text} ({', '.join(sorted(then))})" if then else text
        days = sorted({day for day, name in sites if name not in then})
        later = [
            self._seen(day, [name for on, name in sites if on == day and name not in then]) for day in days
        ]
        return f"{text} · {'also' if then else 'sites'}: {'; '.join(later)}" if later else text

    def _seen(self, day: dt.date, names: Sequence[str]) -> str:
        when = self.day(day, before=" (seen ")
        return f"{', '.join(sorted(names))}{when}{')' if when else ''}"

    def cns(self) -> str:
        """CNS: yes, no with the date it was imaged, or not imaged."""
        seen = self.named("CNS", "cns")
        if seen is None:
            return "CNS: not imaged"
        if seen["code"] == "YES":
            return "CNS: yes"
        imaged = self.day(seen["occurred_on"])
        return f"CNS: no (imaged{imaged})"

    def breast(self) -> list[str]:
        """Menopausal status with ovarian suppression, endocrine sensitivity, extent."""
        status = self.named("CHARACTERISTIC", "menopausal_status")
        drugs = [row["name"] for row in self.of("SUPPORTIVE") if row["name"] in OVARIAN_SUPPRESSION]
        menopause = " + ".join([*([str(status["code"])] if status else []), *drugs])
        found = [
            words
            for name, words in EXTENT.items()
            if (self.named("CHARACTERISTIC", name) or {"code": None})["code"] == "yes"
        ]
        resistance = "" if self.known.endocrine is None else endocrine_words(self.known.endocrine)
        return [menopause, resistance, *found]

    def free_interval(self) -> list[str]:
        """No evidence of disease since when, and the months to the oligometastases."""
        ned = self.named("NED", "ned")
        if ned is None:
            return []
        since = self.day(ned["occurred_on"])
        interval = "" if ned["value"] is None else f", disease-free interval {int(ned['value'])} months"
        return [f"NED{' from' + since if since else ''}{interval}"]

    def disagreeing(self) -> list[str]:
        """For instance "tissue report KRAS wild type (13 Jun 2023), assay follows KRAS G12D"."""
        return [
            f"tissue report {row['name']} {row['code']}{self._on(row['occurred_on'])}, "
            f"{'ctDNA shows' if row['value'] else 'assay follows'} {row['name']} {row['detail']}"
            for row in self.of("TISSUE_DISAGREES")
        ]

    def _on(self, day: dt.date | None) -> str:
        return f"{self.day(day, before=' (')})" if self.day(day) else ""

    def course(self) -> list[str]:
        """Best response, baseline, progression of the latest line; time on the drug class, dose, marker."""
        lines = [self.best_response(), self.line_baseline(), self.progression()]
        return [*lines, self.key_class(), self.dose(), self.marker()]

    def line_baseline(self) -> str:
        """Where the latest line is measured from a scan of the line before (clinical-decisions A1)."""
        found = next(iter(self.of("LINE_BASELINE")), None)
        line, summary = self.known.summary.get("current_line"), self.known.summary
        if found is None or line is None or line < 2:
            return ""
        is_progression = (
            summary.get("last_response") == "PD" and summary.get("last_scan_on") == found["occurred_on"]
        )
        if not is_progression and found["name"] != "borrowed":
            return ""
        borrowed = " borrowed from" if found["name"] == "borrowed" else ":"
        what = " that showed progression" if is_progression else " before it"
        return f"baseline of line {line}{borrowed} the scan{what}{self._on(found['occurred_on'])}"

    def best_response(self) -> str:
        """For instance "best response on line 1: PR (treating physician, unconfirmed)"."""
        if self.options.headline is None:
            return ""
        setting, label = self.options.headline
        best = self.named("BEST_RESPONSE", setting)
        if best is None:
            return ""
        what, _, how = label.partition(", ")
        how = how or "as the study rules say"
        code = "no assessment yet" if best["code"] == "MISSING" else f"{best['code']} ({how})"
        where = "" if best["value"] is None or int(best["value"]) == 0 else f" on line {int(best['value'])}"
        return f"{what[:1].lower()}{what[1:]}{where}: {code}"

    def progression(self) -> str:
        """First progression of the latest line; in a study of local treatment, of the time after it."""
        line = self.known.summary.get("current_line")
        if self.of("SYSTEMIC_FREE"):
            return self.first_of("LOCAL_PROGRESSION", where="after local therapy")
        return "" if line is None else self.first_of("PROGRESSION", where=f"on line {line}")

    def first_of(self, kind: str, *, where: str) -> str:
        """The first progression of a kind with its date, or that there is none."""
        found = sorted(self.of(kind), key=lambda row: row["occurred_on"])
        if not found:
            return f"no progression recorded {where}"
        how = "clinical" if found[0]["name"] == "clinical_progression" else "radiological"
        return f"{how} progression {where}{self.day(found[0]['occurred_on'], before=', ')}"

    def key_class(self) -> str:
        """Months on the study's drug class, for instance "CDK4/6 inhibitor 19.4 months"."""
        taken = next(iter(self.of("KEY_CLASS")), None)
        if taken is None or self.options.key_class is None:
            return ""
        name = vocabulary.DRUG_CLASSES.get(self.options.key_class, "study drug")
        ended = " (ended)" if taken["name"] == "ended" else ""
        return f"{name} {format_months(float(taken['value']))}{ended}"

    def dose(self) -> str:
        """Whether a drug of the latest line is held or reduced now."""
        step = next(iter(self.of("DOSE")), None)
        if step is None:
            return ""
        since = self.day(step["occurred_on"])
        if step["name"] == "dose_hold":
            return f"held since{since}" if since else "held"
        level = "" if step["value"] is None else f" (level {int(step['value'])})".replace("-", "−")
        return f"reduced dose{level}"

    def marker(self) -> str:
        """The main marker of the tumour type with its upper limit of normal."""
        names = vocabulary.TUMOUR_MARKERS.get(str(self.known.summary.get("tumour_type")), ())
        found = next((row for name in names if (row := self.named("MARKER", name))), None)
        if found is None:
            return ""
        value = f"{found['code'] or ''}{float(found['value']):g} {found['detail'] or ''}".strip()
        limit = "" if found["upper_normal"] is None else f" (ULN {float(found['upper_normal']):g})"
        name = MARKER_NAMES.get(found["name"], found["name"])
        return f"{name} {value}{limit}{self.day(found['occurred_on'], before=', ')}"

    def local(self) -> list[str]:
        """Locally treated lesions, whether ctDNA is informative, time without systemic therapy."""
        lesions = self.known.lesions
        free = next(iter(self.of("SYSTEMIC_FREE")), None)
        if not lesions and free is None:
            return []
        n = len({row["lesion_id"] for row in lesions})
        what = "nodule" if all(row["organ"] == "lung" for row in lesions) else "lesion"
        treated = f"{format_count(n, what)} treated" if n else ""
        each = lesion_words(lesions, window=self.options.window)
        return [f"{treated}: {each}" if n else "", self.informative(), _free_words(free)]

    def informative(self) -> str:
        """That a patient without ctDNA before local treatment cannot be followed by it (A4)."""
        first = self.named("FIRST_CTDNA", "PRE_TREATMENT")
        if first is None or first["code"] != "not_detected" or not self.of("SYSTEMIC_FREE"):
            return ""
        return "not detected before treatment: ctDNA not informative"

    def unknown(self) -> list[str]:
        """A pending result with its working days, missing answers, data issues."""
        summary = self.known.summary
        pending = summary.get("pending_draw_on")
        parts = []
        if pending is not None:
            n = working_days(pending, summary["observed_until"])
            draw = f" of{self.day(pending)}" if self.day(pending) else ""
            parts.append(f"ctDNA{draw} pending ({format_count(n, 'working day')})")
        parts += [MISSING[row["name"]] for row in self.of("MISSING") if row["name"] in MISSING]
        n_issues = summary.get("n_data_issues") or 0
        return [*parts, format_count(n_issues, "data issue") if n_issues else ""]


def _free_words(free: Row | None) -> str:
    if free is None:
        return ""
    ends = {"ended": " until systemic therapy started", "died": " until death"}
    return f"systemic-free {format_months(float(free['value']))}{ends.get(free['name'], '')}"
