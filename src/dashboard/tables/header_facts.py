"""The lines under the cells of the header: disease, course, local treatment, and what is not known."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.tables.formats import format_count, format_months
from dashboard.tables.header_course import CourseWords
from dashboard.tables.header_known import Facts, HeaderOptions, Known, Row
from dashboard.tables.header_words import (
    brca_words,
    endocrine_words,
    is_below,
    lesion_words,
    pathology_words,
)
from dashboard.tables.patient_statements import KINDS

OVARIAN_SUPPRESSION = ("goserelin", "leuprorelin", "leuprolide", "triptorelin")
# Sites where disease was, by header_site.state.
NO_LONGER = {"NORMAL": "now under 10 mm", "GONE": "no longer seen"}
LAST = {"NORMAL": "enlarged", "GONE": "last"}
# Recorded once, at the start of the study: sites seen later stand beside them with their own dates.
EXTENT = {
    "bone_only": "bone only at study start (as recorded)",
    "visceral_disease": "visceral at study start (as recorded)",
    "de_novo": "de novo metastatic",
}
# The record and the lesions say different things.
AGAINST_LESIONS = {
    "NO_VISCERAL_LESION": "recorded as visceral at study start, but no visceral lesion is recorded"
}
TREATED = {"surgery": "resected", "ablation": "ablated", "radiotherapy": "irradiated"}
MISSING = {"hbv_status": "HBV status missing"}


@dataclass(frozen=True)
class HeaderLine:
    """One line: what it is about, the text, and whether it stands out."""

    label: str
    text: str
    is_late: bool = False


def header_lines(known: Known, *, options: HeaderOptions) -> list[HeaderLine]:
    """The lines that have something to say, in their order; never more than seven."""
    words = _Facts(known, options)
    lines = [
        HeaderLine("Disease", _joined(words.disease())),
        HeaderLine("Reports disagree", _joined(words.disagreeing()), is_late=True),
        HeaderLine("Treatment outside lines", _joined(words.outside())),
        HeaderLine("Course", _joined(CourseWords(known, options).course())),
        HeaderLine("Local treatment", _joined(words.local()), is_below(known.lesions, window=options.window)),
        HeaderLine("Safety", _joined(known.safety)),
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


class _Facts(Facts):
    """The words of one patient."""

    def disease(self) -> list[str]:
        """Stage with its month, sites, CNS, receptors and drivers, and what breast cancer adds."""
        is_breast = self.known.summary.get("tumour_type") == "breast"
        pathology = pathology_words(self.of("PATHOLOGY"), is_breast=is_breast)
        brca = brca_words(self.of("PATHOLOGY"), followed=self.of("FOLLOWED"))
        breast = self.breast() if is_breast else []
        return [self.stage(), self.cns(), pathology, brca, *breast, *self.free_interval()]

    def stage(self) -> str:
        """For instance "stage IV since Feb 2025 (bone, lung) · no longer seen: bone (last 3 Sep 2025)".

        Beside the date of the stage stand the sites known by then, gone or not.
        """
        stage = self.known.summary.get("stage")
        text = f"stage {stage}" if stage else "stage not recorded"
        metastatic = self.named("METASTATIC", "metastatic")
        since = None if metastatic is None else metastatic["occurred_on"]
        few = self.named("OLIGOMETASTATIC", "oligometastatic")
        if few is not None:
            text = self._oligometastatic(text, few["occurred_on"], metastatic_on=since)
            since = few["occurred_on"]
        elif since is not None and not self.options.is_study_time:
            text = f"{text if stage else 'metastatic'} since {self._month('metastatic', since)}"
        return f"{text}{self.sites(since) or self.recorded_sites()}"

    def sites(self, since: dt.date | None) -> str:
        """Sites known by the date of the stage in brackets, then later ones, then those that are gone."""
        # A month is as near as the date of the stage is said.
        first = None if since is None else (since.year, since.month)
        then: list[str] = []
        later: dict[tuple[dt.date, dt.date], list[str]] = {}
        left: dict[str, dict[tuple[dt.date, dt.date], list[str]]] = {code: {} for code in NO_LONGER}
        for row in self.of("SITE"):
            day, last, name = row["occurred_on"], row["last_on"], _place(row)
            is_first = first is not None and (day.year, day.month) <= first
            if is_first:
                then.append(name)
            if row["code"] in left:
                left[row["code"]].setdefault((last if is_first else day, last), []).append(name)
            elif not is_first:
                treated = f"{name}, treated" if row["code"] == "TREATED" else name
                later.setdefault((day, last), []).append(treated)
        words = f" ({', '.join(sorted(then))})" if then else ""
        if later:
            words += f" · {'also' if then else 'sites'}: {self._all_seen(later)}"
        for code, days in left.items():
            words += f" · {NO_LONGER[code]}: {self._all_seen(days, one_day=LAST[code])}" if days else ""
        return words + (" · other sites not recorded" if self.named("MISSING", "other_sites") else "")

    def _all_seen(self, days: Mapping[tuple[dt.date, dt.date], list[str]], *, one_day: str = "seen") -> str:
        return "; ".join(self._seen(names, *seen, one_day=one_day) for seen, names in sorted(days.items()))

    def _oligometastatic(self, stage: str, day: dt.date, *, metastatic_on: dt.date | None) -> str:
        """Since when the oligometastases are known, and a metastasis treated before them (A31).

        For instance "stage IVA · liver metastasis resected 17 Oct 2022 (eligibility needs a ruling) ·
        oligometastatic disease since Jul 2024".
        """
        is_earlier = metastatic_on is not None and (metastatic_on.year, metastatic_on.month) < (
            day.year,
            day.month,
        )
        first = stage
        if is_earlier and metastatic_on is not None and not self.options.is_study_time:
            known = stage if self.known.summary.get("stage") else "stage not recorded · metastatic"
            first = f"{known} since {self._month('metastatic', metastatic_on)}"
        before = [
            f"{_place(row)} metastasis {TREATED.get(str(row['detail']), 'treated')}"
            f"{self.day(row['occurred_on'], of='treatment')}"
            f"{' (eligibility needs a ruling)' if row['code'] == 'NEEDS_RULING' else ''}"
            for row in self.of("TREATED_BEFORE")
        ]
        when = "" if self.options.is_study_time else f" since {self._month('oligometastatic', day)}"
        return " · ".join([first, *before, f"oligometastatic disease{when}"])

    def _month(self, subject: str, day: dt.date) -> str:
        """Month and year, the year alone where no more is recorded."""
        is_year = self.known.partial.get((subject, day)) == "year"
        return str(day.year) if is_year else f"{day:%b %Y}"

    def recorded_sites(self) -> str:
        """Sites as recorded at study start, or that none are, for a patient of whom no lesion is recorded."""
        n, liver = (self.named("CHARACTERISTIC", name) for name in ("metastatic_sites", "liver_metastases"))
        said = [format_count(int(n["code"]), "metastatic site")] if n and str(n["code"]).isdigit() else []
        said += ["liver metastases"] if liver is not None and liver["code"] == "yes" else []
        if said:
            return f" · {', '.join(said)}, as recorded at study start"
        return " · sites not recorded" if self.named("MISSING", "sites") else ""

    def _seen(self, names: Sequence[str], first_on: dt.date, last_on: dt.date, *, one_day: str) -> str:
        word = "seen" if last_on > first_on else one_day
        when = self.day(first_on, before=f" ({word} ", of="response")
        again = self.day(last_on, before=", last ", of="response") if last_on > first_on else ""
        return f"{', '.join(sorted(names))}{when}{again}{')' if when else ''}"

    def cns(self) -> str:
        """CNS: yes, no with the date it was imaged, or not imaged."""
        seen = self.named("CNS", "cns")
        if seen is None:
            return "CNS: not imaged"
        if seen["code"] == "YES":
            return "CNS: yes"
        imaged = self.day(seen["occurred_on"], of="response")
        return f"CNS: no (imaged{imaged})"

    def breast(self) -> list[str]:
        """Menopausal status with ovarian suppression, endocrine sensitivity, extent."""
        status = self.named("CHARACTERISTIC", "menopausal_status")
        drugs = [row["name"] for row in self.of("SUPPORTIVE") if row["name"] in OVARIAN_SUPPRESSION]
        menopause = " + ".join([*([str(status["code"])] if status else []), *drugs])
        answers = [(self.named("CHARACTERISTIC", name), words) for name, words in EXTENT.items()]
        found = [
            AGAINST_LESIONS.get(str(answer["detail"]), words)
            for answer, words in answers
            if answer is not None and answer["code"] == "yes"
        ]
        resistance = "" if self.known.endocrine is None else endocrine_words(self.known.endocrine)
        return [menopause, resistance, *found]

    def free_interval(self) -> list[str]:
        """No evidence of disease since when, and the months to the oligometastases."""
        ned = self.named("NED", "ned")
        if ned is None:
            return []
        since = self.day(ned["occurred_on"], of="ned")
        interval = "" if ned["value"] is None else f", disease-free interval {int(ned['value'])} months"
        return [f"NED{' from' + since if since else ''}{interval}"]

    def disagreeing(self) -> list[str]:
        """For instance "tissue report KRAS wild type (13 Jun 2023), assay follows KRAS G12D"."""
        return [
            f"tissue report {row['name']} {row['code']}{self.on(row['occurred_on'])}, "
            f"{'ctDNA shows' if row['value'] else 'assay follows'} {row['name']} {row['detail']}"
            for row in self.of("TISSUE_DISAGREES")
        ]

    def outside(self) -> list[str]:
        """Systemic treatment of no line, for instance "adjuvant CAPOX (8 Mar 2023 to 3 Jul 2023)"."""
        return [f"{_intent(row)} {_drugs(row)}{self.over(row)}" for row in self.known.outside]

    def over(self, course: Row) -> str:
        """First and last day of a course in brackets; nothing in study time."""
        if self.options.is_study_time:
            return ""
        since = self.day(course["started_on"], before="", of="treatment")
        if course["ended_on"] is not None:
            return f" ({since} to{self.day(course['ended_on'], of='treatment')})"
        return f" (since {since})" if course["is_ongoing"] else f" ({since}, end not recorded)"

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
        """Whether a patient can be followed by ctDNA: detected before local treatment or not (A4)."""
        first = self.named("FIRST_CTDNA", "PRE_TREATMENT")
        if first is None or not self.of("SYSTEMIC_FREE"):
            return ""
        if first["code"] == "not_detected":
            return "not detected before treatment: ctDNA not informative"
        return "detected before treatment: ctDNA informative"

    def unknown(self) -> list[str]:
        """A pending result with its working days, missing answers, data issues, and how many points more.

        The data issues are one point of the card "What we do not know" (KINDS of the statements).
        """
        summary = self.known.summary
        pending = summary.get("pending_draw_on")
        parts = []
        if pending is not None:
            n = working_days(pending, summary["observed_until"])
            drawn = self.day(pending, of="ctdna_sample")
            draw = f" of{drawn}" if drawn else ""
            parts.append(f"ctDNA{draw} pending ({format_count(n, 'working day')})")
        parts += [MISSING[row["name"]] for row in self.of("MISSING") if row["name"] in MISSING]
        n_issues = summary.get("n_data_issues") or 0
        unasked = " (none to be asked about: consent withdrawn)" if summary.get("is_withdrawn") else ""
        parts += [f"{format_count(n_issues, 'data issue')}{unasked}"] if n_issues else []
        n_more = (summary.get("n_not_known") or 0) + (1 if n_issues else 0) - len(parts)
        if n_more <= 0:
            return parts
        more = f"{n_more} more" if parts else format_count(n_more, "point")
        return [*parts, f"{more} under “{KINDS['UNKNOWN']}”"]


def _free_words(free: Row | None) -> str:
    if free is None:
        return ""
    ends = {"ended": " until systemic therapy started", "died": " until death"}
    return f"systemic-free {format_months(float(free['value']))}{ends.get(free['name'], ' so far')}"


def _place(row: Row) -> str:
    return str(row["name"]).replace("_", " ")


def _intent(course: Row) -> str:
    return str(course["intent"] or "other").replace("_", " ")


def _drugs(course: Row) -> str:
    """Drugs of a course within a line of words: a short name in capitals stays so."""
    name = str(course["label"])
    return name if name[1:2].isupper() or not name[1:2].isalpha() else name[:1].lower() + name[1:]
