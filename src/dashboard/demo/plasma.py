"""ctDNA samples and their variants: what a laboratory would have reported for the burden of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from numpy.random import Generator

from dashboard.demo.alterations import KNOWN, PASSENGERS
from dashboard.demo.chance import between, days_between, happens, one_of
from dashboard.demo.person import Person
from dashboard.demo.truth import Record
from dashboard.demo.workdays import working_days_after

# Up to a tenth of the DNA the level follows the tumour; above, tumour DNA dilutes itself.
PROPORTIONAL_UNTIL_PPM = 100_000
HIGHEST_PPM = 550_000
FAILURES = ("haemolysis", "low input", "library failed")
VARIANT_SIGMA_LOG10 = 0.06


@dataclass(frozen=True)
class Variant:
    """A variant followed in a patient, and its share of the highest allele fraction."""

    gene: str
    change: str
    coding: str
    share: float


@dataclass(frozen=True)
class Assay:
    """An assay as the laboratory runs it."""

    name: str
    panel: str
    lod_ppm: int
    loq_ppm: int | None
    variant_floor_ppm: int
    sigma_log10: float
    turnaround: tuple[int, int]
    id_prefix: str


@dataclass(frozen=True)
class Draw:
    """One blood draw; `has_failed` and `turnaround` (working days) only where they are planned."""

    day: int
    label: str
    reason: str
    has_failed: bool = False
    turnaround: int | None = None


@dataclass(frozen=True)
class Shedding:
    """What a tumour-informed assay follows, and the highest allele fraction at burden 1."""

    variants: tuple[Variant, ...]
    base_ppm: float


@dataclass(frozen=True)
class Tumour:
    """What a tumour-informed assay can follow: genes with their shares, and what the tissue showed of them.

    `tissue` names the protein change by gene, None for wild type; a gene not in it was not tested.
    """

    genes: Mapping[str, float]
    tissue: Mapping[str, str | None]


def tracked_variants(
    rng: Generator, tumour: Tumour, *, count: int, mean_of_highest: float
) -> tuple[Variant, ...]:
    """`count` variants of a tumour; the mean allele fraction is about `mean_of_highest` of the highest.

    A variant found in the tissue is followed, a gene that was wild type there is not.
    """
    drawn = [(gene, *one_of(rng, KNOWN[gene])) for gene, share in tumour.genes.items() if happens(rng, share)]
    found = [
        (gene, change, coding)
        for gene, shown in tumour.tissue.items()
        for change, coding in KNOWN[gene]
        if change == shown
    ]
    drivers = found + [names for names in drawn if names[0] not in tumour.tissue]
    passengers = [PASSENGERS[int(index)] for index in rng.permutation(len(PASSENGERS))]
    chosen = (drivers + passengers)[:count]
    other = (mean_of_highest * count - 1) / (count - 1)
    shares = [1.0] + [
        between(rng, max(2 * other - 0.95, 0.03), min(0.95, 2 * other - 0.03)) for _ in chosen[1:]
    ]
    return tuple(Variant(*names, share) for names, share in zip(chosen, shares, strict=True))


def percent_text(ppm: Decimal) -> str:
    """An allele fraction as laboratories write it."""
    return f"{(ppm / 10_000).normalize():f}%"


def reported_ppm(ppm: float) -> Decimal:
    """Rounded as laboratories do: two decimals of a per cent, three under 0.1 %."""
    percent = ppm / 10_000
    places = 2 if percent >= 0.1 else 3
    return Decimal(str(round(percent, places))) * 10_000


def noisy(person: Person, ppm: float, sigma_log10: float) -> float:
    """A level with the scatter of a sample, never over the possible."""
    return possible(ppm * 10 ** (sigma_log10 * float(person.rng.standard_normal())))


def possible(ppm: float) -> float:
    """The allele fraction a sample can show: high levels come near the highest one and never reach it."""
    above = ppm - PROPORTIONAL_UNTIL_PPM
    if above <= 0:
        return ppm
    room = HIGHEST_PPM - PROPORTIONAL_UNTIL_PPM
    return PROPORTIONAL_UNTIL_PPM + above * room / (above + room)


def draw_tracked(person: Person, assay: Assay, shedding: Shedding, draw: Draw) -> str:
    """One sample of a tumour-informed assay with a row for every followed variant; gives its status."""
    level = noisy(person, shedding.base_ppm * person.burden.plasma_at(draw.day), assay.sigma_log10)
    is_detected = level >= assay.lod_ppm
    rows = []
    for variant in shedding.variants:
        ppm = level if variant.share == 1 else noisy(person, level * variant.share, VARIANT_SIGMA_LOG10)
        seen = is_detected and (variant.share == 1 or ppm >= assay.variant_floor_ppm)
        rows.append(
            variant_row(variant, ppm if seen else None) | {"is_tracked": True, "is_white_cell_matched": True}
        )
    status = "failed" if draw.has_failed else "detected" if is_detected else "not_detected"
    write_sample(person, assay, draw, status, [] if draw.has_failed else rows)
    return status


def variant_row(variant: Variant, ppm: float | None) -> dict[str, Any]:
    """Values of one variant row; without a level it is not detected."""
    names = {
        "gene": variant.gene,
        "gene_as_written": variant.gene,
        "variant": variant.change,
        "hgvs_c": variant.coding,
        "hgvs_p": variant.change if variant.change.startswith("p.") else None,
    }
    if ppm is None:
        return names | {"status": "not_detected", "maf_text": "not detected"}
    exact = reported_ppm(ppm)
    return names | {"status": "detected", "maf_ppm": exact, "maf_text": percent_text(exact)}


def write_sample(
    person: Person, assay: Assay, draw: Draw, status: str, variants: list[dict[str, Any]]
) -> Record:
    """The sample is pending until the laboratory reports; its variants become known with the report."""
    rng = person.rng
    number = person.number("sample")
    sample_id = f"{assay.id_prefix}-{person.patient_id[-4:].lstrip('-')}-{number:02d}"
    days = draw.turnaround or days_between(rng, *assay.turnaround)
    reported = working_days_after(draw.day, days)
    sample = person.write(
        "ctdna_sample",
        draw.day,
        sample_id=sample_id,
        laboratory_id=sample_id,
        draw=draw.label,
        collected_on=draw.day,
        received_on=working_days_after(draw.day, days_between(rng, 0, 2)),
        status="pending",
        assay=assay.name,
        panel=assay.panel,
        lod_ppm=Decimal(assay.lod_ppm),
        reason=draw.reason,
        report_version=1,
        **({"loq_ppm": Decimal(assay.loq_ppm)} if assay.loq_ppm else {}),
    )
    sample.known_on = max(sample.known_on, sample.values["received_on"])
    person.write("sample_link", draw.day, laboratory_id=sample_id, draw=draw.label).known_on = sample.known_on
    result: dict[str, Any] = {"status": status, "reported_on": reported}
    if status == "failed":
        result["failure_reason"] = one_of(rng, FAILURES)
    else:
        result["cfdna_ng_per_ml"] = Decimal(
            str(round(6 + 9 * person.burden.viable_at(draw.day) * between(rng, 0.4, 1.6), 1))
        )
    known = max(reported, sample.known_on + 1)
    sample.revise(known, **result)
    for row in variants:
        person.truth.add("variant", known, sample_id=sample_id, **row)
    return sample
