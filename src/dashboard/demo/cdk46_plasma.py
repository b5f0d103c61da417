"""ctDNA of the CDK4/6 subset on a fixed panel: trunk, resistance clones, copy number, two panel versions."""

from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, log2
from typing import Any

from dashboard.demo.alterations import KNOWN
from dashboard.demo.cdk46_lines import Course
from dashboard.demo.chance import between, happens, normal, one_of, pick
from dashboard.demo.parameters_cdk46 import ESR1_HOTSPOTS, Cdk46Parameters
from dashboard.demo.person import Person
from dashboard.demo.plasma import Assay, Draw, Variant, noisy, possible, variant_row, write_sample
from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal

PANEL_GENES = {
    "Breast ctDNA panel v1": (
        ("AKT1", "CDH1", "ERBB2", "ESR1", "GATA3", "KRAS", "PIK3CA", "PTEN", "TP53"),
        ("ERBB2", "FGFR1", "PTEN"),
    ),
    "Breast ctDNA panel v2": (
        (
            "AKT1",
            "BRCA1",
            "BRCA2",
            "CDH1",
            "ERBB2",
            "ESR1",
            "FGFR1",
            "GATA3",
            "KRAS",
            "MAP3K1",
            "NF1",
            "PIK3CA",
            "PTEN",
            "RB1",
            "TP53",
        ),
        ("CCND1", "ERBB2", "FGFR1", "PTEN", "RB1"),
    ),
}
LIMITS_PPM = {"Breast ctDNA panel v1": (1000, 2000), "Breast ctDNA panel v2": (500, 1000)}
# The laboratory of these sites changed to the second version; the others stay with the first.
SECOND_VERSION_FROM = {"04": ordinal(2023, 7, 3), "05": ordinal(2024, 1, 2), "06": ordinal(2025, 1, 2)}
COPY_NUMBER_FROM_PPM = 3000
# Label of the draw that shows a planted reason to look at the last data cut.
SHOWN_DRAW = "follow-up"
SMALLEST_CLONE_PPM = 400
# Too little before treatment, often enough at progression.
SHEDS_LITTLE_PPM = (220, 850)


@dataclass(frozen=True)
class Clone:
    """A resistance clone: its level on the day of progression, and how it grew up to it."""

    variant: Variant
    level_ppm: float
    progressed_on: int
    doubling_days: float

    def level_at(self, person: Person, day: int) -> float:
        """Level on a day: exponential before progression, afterwards with the tumour."""
        if day <= self.progressed_on:
            return self.level_ppm * 2 ** ((day - self.progressed_on) / self.doubling_days)
        return self.level_ppm * person.burden.plasma_at(day) / person.burden.plasma_at(self.progressed_on)


@dataclass(frozen=True)
class Genome:
    """What a patient's plasma can show: trunk, clones, amplification of FGFR1 (copy number, from when)."""

    base_ppm: float
    trunk: tuple[Variant, ...]
    clones: tuple[Clone, ...]
    amplified: float | None
    amplified_from: int


def assay_for(site_id: str, day: int, parameters: Cdk46Parameters) -> Assay:
    """The panel version the site's laboratory used on that day."""
    is_second = day >= SECOND_VERSION_FROM.get(site_id, 10**7)
    panel = "Breast ctDNA panel v2" if is_second else "Breast ctDNA panel v1"
    lod, loq = LIMITS_PPM[panel]
    turnaround = parameters.turnaround_working_days
    return Assay("Breast ctDNA panel", panel, lod, loq, lod, parameters.sample_sigma_log10, turnaround, "BC")


def genome(course: Course) -> Genome:
    """Draw the variants of a patient; resistance clones belong to the first progression."""
    plan, parameters, rng = course.plan, course.parameters, course.person.rng
    by_burden = (parameters.maf_sigma_log10**2 - 0.6**2 - parameters.sample_sigma_log10**2) ** 0.5
    base = parameters.maf_median_percent * 10_000 * 10 ** (0.6 * plan.shedding_z + by_burden * plan.burden_z)
    if not plan.is_shedder:
        base = between(rng, *SHEDS_LITTLE_PPM)
    genes = [gene for gene, share in parameters.truncal.items() if happens(rng, share)]
    genes = genes or [pick(rng, {"PIK3CA": 0.2, "GATA3": 0.4, "CDH1": 0.25, "AKT1": 0.15})]
    shares = [1.0] + [between(rng, 0.25, 0.9) for _ in genes[1:]]
    trunk = tuple(
        Variant(gene, *one_of(rng, KNOWN[gene]), share) for gene, share in zip(genes, shares, strict=True)
    )
    clones = _clones(course) if course.progressions and plan.is_shedder else ()
    trunk += _before(course)
    known = {(variant.gene, variant.change) for variant in trunk}
    clones = tuple(clone for clone in clones if (clone.variant.gene, clone.variant.change) not in known)
    amplified_before = happens(rng, parameters.fgfr1_amplified)
    acquired = bool(course.progressions) and happens(rng, parameters.fgfr1_acquired)
    copies = between(rng, 4.5, 9.5) if amplified_before or acquired else None
    start = 0 if amplified_before else course.progressions[0] - 60 if acquired else 0
    return Genome(base, trunk, clones, copies, start)


def _before(course: Course) -> tuple[Variant, ...]:
    """ESR1 that is there at baseline: rare, more often after relapse on adjuvant treatment."""
    share = course.parameters.esr1_at_baseline[course.plan.sensitivity]
    if not happens(course.person.rng, share):
        return ()
    change = pick(course.person.rng, ESR1_HOTSPOTS)
    return (Variant("ESR1", change, dict(KNOWN["ESR1"])[change], between(course.person.rng, 0.2, 0.6)),)


def _clones(course: Course) -> tuple[Clone, ...]:
    plan, parameters, rng = course.plan, course.parameters, course.person.rng
    share = parameters.esr1_at_progression[plan.partner] * (1.25 if plan.pattern != "not_visceral" else 0.75)
    changes: list[tuple[str, str, str]] = []
    if plan.resistance_u < share:
        hotspots = dict(ESR1_HOTSPOTS)
        for _ in range(pick(rng, {2: 0.3, 3: 0.1}) if happens(rng, parameters.esr1_polyclonal) else 1):
            change = pick(rng, hotspots)
            del hotspots[change]
            changes.append(("ESR1", change, dict(KNOWN["ESR1"])[change]))
    for gene, probability in parameters.acquired.items():
        if happens(rng, probability):
            changes.append((gene, *KNOWN[gene][-1]))
    return tuple(
        _clone(course, Variant(*change, 1.0), is_first=number == 0) for number, change in enumerate(changes)
    )


def _clone(course: Course, variant: Variant, *, is_first: bool) -> Clone:
    """A clone too small to be seen before the second third of the line, whatever its pace."""
    parameters, rng, progressed = course.parameters, course.person.rng, course.progressions[0]
    median, sigma = parameters.esr1_maf_at_progression_percent
    level = 10_000 * median * 10 ** (sigma * normal(between(rng, 0.05, 0.95))) * (1 if is_first else 0.5)
    slowest = (progressed - course.line_starts[0]) * 0.85 / max(log2(level / SMALLEST_CLONE_PPM), 1)
    low, high = parameters.esr1_doubling_days
    pace = exp(between(rng, log(low), log(high)))
    return Clone(variant, min(level, 150_000), progressed, min(pace, slowest))


def draw_panel(course: Course, genes: Genome, draw: Draw, *, level_ppm: float | None = None) -> str:
    """One sample on the fixed panel with a row for every variant found; gives its status."""
    person = course.person
    assay = assay_for(course.plan.site_id, draw.day, course.parameters)
    covered = PANEL_GENES[assay.panel]
    level = level_ppm or noisy(person, genes.base_ppm * person.burden.plasma_at(draw.day), assay.sigma_log10)
    trunk = genes.trunk
    if draw.label == SHOWN_DRAW and "rising_without_progression" in course.plan.special:
        trunk = (*trunk, Variant("ESR1", "p.D538G", "c.1613A>G", 0.3))
    rows = [_row(assay, variant, level * variant.share) for variant in trunk if variant.gene in covered[0]]
    if level_ppm is None:
        rows += [
            _row(assay, clone.variant, possible(clone.level_at(person, draw.day)))
            for clone in genes.clones
            if clone.variant.gene in covered[0]
        ]
    found = [row for row in rows if row is not None]
    if genes.amplified and draw.day >= genes.amplified_from and level >= COPY_NUMBER_FROM_PPM:
        found.append(_amplification(genes.amplified))
    states = {row["status"] for row in found}
    status = "detected" if "detected" in states else "below_loq" if states else "not_detected"
    status = "failed" if draw.has_failed else status
    write_sample(person, assay, draw, status, [] if draw.has_failed else found)
    return status


def _row(assay: Assay, variant: Variant, ppm: float) -> dict[str, Any] | None:
    if ppm < assay.lod_ppm:
        return None
    row = variant_row(variant, ppm)
    if assay.loq_ppm is not None and ppm < assay.loq_ppm:
        del row["maf_ppm"]
        row |= {"status": "below_loq", "maf_text": f"<{assay.loq_ppm / 10_000:g}%"}
    return row


def _amplification(copies: float) -> dict[str, Any]:
    number = Decimal(str(round(copies, 1)))
    return {
        "gene": "FGFR1",
        "gene_as_written": "FGFR1",
        "variant": "amplification",
        "status": "detected",
        "copy_number": number,
        "maf_text": f"CN={number}",
    }


def write_panel_genes(truth: StudyTruth, known_on: int) -> None:
    """What each panel version covers."""
    for panel, (sequence, copies) in PANEL_GENES.items():
        for gene in sequence:
            truth.add("panel_gene", known_on, panel=panel, gene=gene, alteration="sequence")
        for gene in copies:
            truth.add("panel_gene", known_on, panel=panel, gene=gene, alteration="copy_number")
