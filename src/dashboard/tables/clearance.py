"""Words and tables of ctDNA change beside response: who changed how, and where every patient stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.studies.vocabulary import DEPARTURES, RESPONSES
from dashboard.tables.formats import format_count
from dashboard.tables.shares import Share, per_cent

PAIRED = "PAIRED"
NO_IMAGING = "NO_IMAGING"
CHANGE_BETWEEN = "CHANGE_BETWEEN"
WITH_CHANGE = (PAIRED, NO_IMAGING, CHANGE_BETWEEN)
RECIST_ORDER = ("CR", "PR", "NON-CR/NON-PD", "SD", "PD", "NE")
LOCAL_ORDER = ("NED", "EQUIVOCAL", "PD", "NE")
BENEFIT = {False: ("CR", "PR"), True: ("NED",)}
BENEFIT_WORDS = {False: "CR/PR", True: "no evidence of disease"}
SHORT = {"NON-CR/NON-PD": "non-CR/non-PD", "NED": "no evidence of disease", "EQUIVOCAL": "equivocal"}
# Where a patient without a change stands, by the reason of the flow of Overview; the words complete a number.
PLACES: dict[str, str] = {
    "WINDOW_OPEN": "second draw not yet due, or window still open",
    "NO_DRAW": "no second draw recorded",
    "ONLY_EARLY": "drawn again, too early for a second draw",
    **{reason: f"{words} before a second draw" for reason, words in DEPARTURES.items()},
    "TYPE_NOT_FOLLOWED": "no second draw, tumour type not followed by this assay",
    "SECOND_NO_RESULT": "second draw failed or pending",
    "NOT_DETECTED_AT_BASELINE": "not detected at baseline",
    "NO_PRE_TREATMENT": "no sample before the index treatment",
    "NO_RESULT": "all samples failed or pending",
    "NO_SAMPLE": "no ctDNA sample",
    "NOT_COMPARABLE": "second draw not comparable (assay or quantity changed)",
    "NO_RATIO": "no ratio (a value below quantification, or another quantity)",
}
# Why no response answers for the second draw: its words in a sum, and the head of its column.
UNPAIRED: dict[str, str] = {
    NO_IMAGING: "no assessed imaging to pair",
    CHANGE_BETWEEN: "with imaging only on the other side of a progression or change of treatment",
}
WITHOUT_RESPONSE: dict[str, str] = {
    NO_IMAGING: "No assessed imaging to pair",
    CHANGE_BETWEEN: "Progression or change between",
    "NO_DATE": "No date to pair",
}
BETWEEN_WORDS = (
    "Progression or change between: the only imaging within ± {days} days lies on the other side of a "
    "progression, a stop, a new line or local treatment."
)
NO_DATE_WORDS = (
    "No date to pair: no second draw to compare, and none missed by the data cut: not yet overdue, drawn at "
    "another time, or not expected (for instance died, withdrew, or tumour type not followed)."
)
SUBTOTAL = "Change from baseline known"
TOTAL = "All patients"
TOTAL_COLUMN = "Total"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One way to call a ctDNA change; `percent` is the fall it asks for, 0 for clearance."""

    code: str
    label: str
    kind: str
    percent: int = 0

    @property
    def categories(self) -> dict[str, str]:
        """Name of every category in rows and groups, best first."""
        if self.kind == "clearance":
            return {"CLEARED": "Cleared", "NOT_CLEARED": "Still detected"}
        if self.kind == "fall":
            least = f"≥ {self.percent} %"
            return {"FALL": f"Fall {least}", "NO_FALL": f"No fall {least}"}
        return {
            "NOT_DETECTED": "Not detected",
            "FALL": f"Fall ≥ {self.percent} %",
            "WITHIN": f"Within ± {self.percent} %",
            "RISE": f"Rise ≥ {self.percent} %",
        }

    @property
    def at_the_time(self) -> dict[str, str]:
        """Name of every category where patients move between them at each draw: who cleared may be back."""
        if self.kind == "clearance":
            return {"CLEARED": "Not detected at the time", "NOT_CLEARED": "Detected at the time"}
        return self.categories

    @property
    def of_whom(self) -> dict[str, str]:
        """Every category as it completes 'Of n patients'."""
        if self.kind == "clearance":
            return {"CLEARED": "who cleared ctDNA", "NOT_CLEARED": "with ctDNA still detected"}
        if self.kind == "fall":
            return {
                "FALL": f"whose ctDNA fell by at least {self.percent} %",
                "NO_FALL": f"without a ctDNA fall of {self.percent} % or more",
            }
        words = ("no longer detected", "down by {} % or more", "within ± {} %", "up by {} % or more")
        return {
            code: "with ctDNA " + said.format(self.percent)
            for code, said in zip(self.categories, words, strict=True)
        }

    @property
    def in_all(self) -> dict[str, str]:
        """Every category as it follows the number of all its patients, with imaging or without."""
        if self.kind == "clearance":
            return {"CLEARED": "cleared in all", "NOT_CLEARED": "still detected in all"}
        return dict.fromkeys(self.categories, "in all")

    @property
    def initial(self) -> str:
        """The category everybody has at the baseline draw, before any later one."""
        return {"clearance": "NOT_CLEARED", "fall": "NO_FALL"}.get(self.kind, "WITHIN")

    @property
    def is_binary(self) -> bool:
        """Whether it says yes or no, so that two readings can be compared."""
        return self.kind != "categories"


def share_words(share: Share, *, counts_only_below: int) -> str:
    """Per cent and limits of a share, for instance 60 %, 45–73; nothing in a small group."""
    if share.n < counts_only_below or share.lower is None or share.upper is None:
        return ""
    return f"{per_cent(share.k / share.n)} %, {per_cent(share.lower)}–{per_cent(share.upper)}"


def response_order(responses: Sequence[str], *, is_post_local: bool) -> list[str]:
    """The responses that make columns: those of the study's kind, rare ones only where they occur."""
    known = LOCAL_ORDER if is_post_local else RECIST_ORDER
    rare = {"NON-CR/NON-PD", "NE"}
    others = [str(code) for code in dict.fromkeys(responses) if code not in known]
    return [code for code in known if code in responses or code not in rare] + sorted(others)


def response_label(code: str) -> str:
    """A response as it heads a column: its letters, in words what the glossary has in words."""
    return RESPONSES[code].label if code in SHORT else code


def change_table(
    rows: pd.DataFrame, *, scheme: Scheme, is_post_local: bool, counts_only_below: int
) -> pd.DataFrame:
    """One row per category, their sum, every reason there is none, and all patients: counts in every column.

    `rows` has place, category, near_response and imaging_rule, one row per patient: where no change is
    known, the response nearest to the second draw, or to the day it was missed. Why there is none is a column
    where it occurs. Rows and columns add up to all patients. The per cent of all stands from
    `counts_only_below` patients on.
    """
    changed = rows[rows["place"].isin(WITH_CHANGE)]
    columns = _columns(rows, is_post_local=is_post_local)
    lines = [
        _counted(changed[changed["category"] == code], name=name, columns=columns)
        for code, name in scheme.categories.items()
    ]
    lines.append(_counted(changed, name=SUBTOTAL, columns=columns))
    lines += [
        _counted(rows[rows["place"] == place], name=words, columns=columns)
        for place, words in PLACES.items()
        if (rows["place"] == place).any()
    ]
    table = pd.DataFrame([*lines, _counted(rows, name=TOTAL, columns=columns)])
    if len(rows) >= counts_only_below:
        table[f"% of {len(rows)}"] = [f"{100 * int(k) / len(rows):.1f}" for k in table[TOTAL_COLUMN]]
    return table


def _columns(rows: pd.DataFrame, *, is_post_local: bool) -> dict[str, str]:
    """Heads of the columns by response, then by the reason there is none; no imaging always stands."""
    order = response_order(list(rows["near_response"].dropna()), is_post_local=is_post_local)
    reasons = {
        code: words
        for code, words in WITHOUT_RESPONSE.items()
        if code == NO_IMAGING or (rows["imaging_rule"] == code).any()
    }
    return {code: response_label(code) for code in order} | reasons


def _counted(own: pd.DataFrame, *, name: str, columns: Mapping[str, str]) -> dict[str, str]:
    near = own["near_response"].fillna(own["imaging_rule"])
    return {
        "ctDNA, baseline to second draw": name[:1].upper() + name[1:],
        **{words: str(int((near == code).sum())) for code, words in columns.items()},
        TOTAL_COLUMN: str(len(own)),
    }


def reconciliation(rows: pd.DataFrame) -> dict[str, int]:
    """Patients by where they stand: paired first, then the reasons; they add up to all."""
    places = {PAIRED: "paired", **PLACES, **UNPAIRED}
    counts = rows["place"].value_counts().to_dict()
    unknown = {str(place) for place in counts} - set(places)
    if unknown:
        raise ValueError(f"place is {sorted(unknown)}; allowed are {', '.join(places)}")
    return {words: int(counts.get(place, 0)) for place, words in places.items()}


def reconciliation_sentence(parts: Mapping[str, int]) -> str:
    """All patients as a sum: 200 = 126 paired + 38 no second draw + ...; what is zero is left away."""
    n = sum(parts.values())
    named = [f"{k} {words}" for words, k in parts.items() if k or words == "paired"]
    return f"All patients: {n} = {' + '.join(named)}."


def judged_words(parts: Mapping[str, int], *, is_low_shedding: bool) -> str:
    """In how many patients the change is known, and the commonest reason it is not.

    Where tumours shed little, also that ctDNA not detected does not reassure (clinical-decisions A4).
    """
    n, known = sum(parts.values()), parts["paired"] + sum(parts[words] for words in UNPAIRED.values())
    reasons = {words: k for words, k in parts.items() if words in PLACES.values() and k}
    said = f"A change of ctDNA can be judged in {known} of {format_count(n, 'patient')}"
    if reasons:
        words = max(reasons, key=lambda name: reasons[name])
        said += f"; the commonest reason it cannot: {words} ({reasons[words]})"
    reassurance = " ctDNA not detected does not exclude disease here: these tumours shed little."
    return f"{said}.{reassurance if is_low_shedding else ''}"


def other_origin_words(n: int, *, of: str) -> str:
    """How many baselines rest on what may not be tumour (clinical-decisions A45); nothing where none does."""
    if n == 0:
        return ""
    return (
        f"In {n} of the {of}, ctDNA at baseline was possible clonal haematopoiesis or germline alone; "
        "they are counted."
    )


def imaged_words(whom: str, *, pairing_days: int, in_all: str) -> str:
    """Who is in a sentence: who cleared ctDNA and had imaging to pair within ± 42 days (6 cleared in all)."""
    first = whom.partition(" ")[0]
    joined = {"who": "and had imaging", "whose": "and who had imaging"}.get(first, "and with imaging")
    return f"{whom} {joined} to pair within ± {pairing_days} days ({in_all})"


def category_sentence(
    own: pd.DataFrame, *, words: str, shares: Mapping[str, Share], is_post_local: bool, counts_only_below: int
) -> str:
    """Of 52 patients who cleared ctDNA ..., 31 had CR/PR (60 %, 45–73), 19 SD, 2 PD: a sentence that adds up.

    `own` are the paired patients of one category, `words` who they are (see `imaged_words`); `shares` has
    those printed with an interval by response, BENEFIT for the good ones.
    """
    if own.empty:
        return f"Of 0 patients {words} no response can be given."
    responses = own["response"]
    good = BENEFIT[is_post_local]
    parts = [f"{_with_share(shares['BENEFIT'], f'had {BENEFIT_WORDS[is_post_local]}', counts_only_below)}"]
    for code in response_order(list(responses), is_post_local=is_post_local):
        if code in good:
            continue
        k, name = int((responses == code).sum()), SHORT.get(code, code)
        parts.append(_with_share(shares[code], name, counts_only_below) if code in shares else f"{k} {name}")
    return f"Of {format_count(len(own), 'patient')} {words}, {', '.join(parts)}."


def _with_share(share: Share, name: str, counts_only_below: int) -> str:
    said = share_words(share, counts_only_below=counts_only_below)
    return f"{share.k} {name} ({said})" if said else f"{share.k} {name}"
