"""The line about the course in the header: best response, baseline, progression, drug class, dose, marker."""

import datetime as dt

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_months
from dashboard.tables.header_known import Facts, Row
from dashboard.tables.patient_timeline import MARKER_NAMES
from dashboard.tables.progression_words import pattern_words
from dashboard.tables.response_words import in_brackets

TO_CONFIRM = ("CR", "PR")
BASELINE_SCANS = {
    "PROGRESSION": "the scan that showed progression",
    "AFTER_PROGRESSION": "a scan after the one that showed progression",
}


class CourseWords(Facts):
    """The words about the course of one patient."""

    def course(self) -> list[str]:
        """Best response, baseline, progression of the latest line; time on the drug class, dose, marker."""
        lines = [self.best_response(), self.line_baseline(), self.progression()]
        return [*lines, self.key_class(), self.dose(), self.marker()]

    def line_baseline(self) -> str:
        """Which scan the latest line is measured from, where it is one of the line before (A1).

        A baseline of its own is named only until a later scan is compared with it.
        """
        found = next(iter(self.of("LINE_BASELINE")), None)
        line, summary = self.known.summary.get("current_line"), self.known.summary
        if found is None or line is None or line < 2:
            return ""
        is_last = summary.get("last_scan_on") == found["occurred_on"]
        if found["name"] != "borrowed" and not (is_last and found["code"] in BASELINE_SCANS):
            return ""
        borrowed = " borrowed from" if found["name"] == "borrowed" else ":"
        scan = BASELINE_SCANS.get(found["code"], "the scan before it")
        return f"baseline of line {line}{borrowed} {scan}{self.on(found['occurred_on'], of='response')}"

    def best_response(self) -> str:
        """For instance "best response on line 1: PR (treating physician, confirmed 11 Apr 2022)"."""
        if self.options.headline is None:
            return ""
        setting, label = self.options.headline
        best = self.named("BEST_RESPONSE", setting)
        if best is None:
            return ""
        what, _, how = label.partition(", ")
        where = "" if best["value"] is None or int(best["value"]) == 0 else f" on line {int(best['value'])}"
        if best["code"] == "MISSING":
            said = f"no assessment{' yet' if self.may_follow() else ''}"
        else:
            parts = [*(part for part in how.split(", ") if "confirmed" not in part), self.confirmation(best)]
            said = f"{best['code']} ({', '.join(part for part in parts if part) or 'as the study rules say'})"
        return f"{what[:1].lower()}{what[1:]}{where}: {said}"

    def may_follow(self) -> bool:
        """Whether an assessment of the latest line may still come."""
        summary = self.known.summary
        return summary.get("is_followed") is not False and summary.get("is_line_ongoing") is not False

    def confirmation(self, best: Row) -> str:
        """Whether a later scan confirmed a CR or PR; other responses need none (RECIST 1.1 section 4.6)."""
        if best["code"] not in TO_CONFIRM:
            return ""
        if self.options.confirmed is None:
            return "confirmation not asked for"
        found = self.named("CONFIRMED_RESPONSE", self.options.confirmed)
        if found is None or found["code"] != best["code"]:
            return "unconfirmed"
        return f"confirmed{self.day(found['occurred_on'], of='response')}"

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
        first = found[0]
        is_clinical = first["name"] == "clinical_progression"
        day = self.day(first["occurred_on"], before=", ", of="treatment" if is_clinical else "response")
        made = "" if is_clinical else self.made_by(first["occurred_on"])
        return f"{'clinical' if is_clinical else 'radiological'} progression {where}{day}{made}"

    def made_by(self, day: dt.date) -> str:
        """Who called the progression of a day and what made it.

        For instance " (treating physician): new lesion: liver, segment VIII (N1)".
        """
        found = next((row for row in self.known.progressions if row["assessed_on"] == day), None)
        if found is None:
            return ""
        words = pattern_words(found)
        return f"{in_brackets(found)}{f': {words}' if words else ''}"

    def key_class(self) -> str:
        """Months on the study's drug class, for instance "CDK4/6 inhibitor 19.4 months (ended: toxicity)"."""
        taken = next(iter(self.of("KEY_CLASS")), None)
        if taken is None or self.options.key_class is None:
            return ""
        name = vocabulary.DRUG_CLASSES.get(self.options.key_class, "study drug")
        why = vocabulary.STOP_REASONS.get(taken["code"]) if taken["code"] not in (None, "unknown") else None
        over = f" (ended: {why})" if why else " (ended)"
        ended = over if taken["name"] == "ended" else self.until_last_contact()
        return f"{name} {format_months(float(taken['value']))}{ended}"

    def until_last_contact(self) -> str:
        """Up to when a treatment that goes on is counted, where that is before the data cut."""
        seen, cut = self.known.summary.get("last_seen_on"), self.known.summary.get("observed_until")
        if seen is None or cut is None or seen >= cut:
            return ""
        return f" (to last contact{self.day(seen, before=', ')})"

    def dose(self) -> str:
        """Whether a drug of the latest line is held or reduced now."""
        step = next(iter(self.of("DOSE")), None)
        if step is None:
            return ""
        since = self.day(step["occurred_on"], of="treatment")
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
        return f"{name} {value}{limit}{self.day(found['occurred_on'], before=', ', of='measurement')}"
