"""Blood values, tumour markers and performance status as functions of the burden."""

from dataclasses import dataclass
from decimal import Decimal
from math import exp

from dashboard.demo.chance import between
from dashboard.demo.person import Person

# ECOG rises by one each time the burden passes a mark; the lethal burden is 25.
ECOG_MARKS = (2.0, 4.0, 9.0)


@dataclass(frozen=True)
class Marker:
    """A tumour marker: unit, upper limit of normal, level without tumour, level of a patient who makes it."""

    unit: str
    upper: Decimal
    rest: float
    high: float


MARKERS = {
    "cea": Marker("ng/mL", Decimal("5.0"), 2.2, 22.0),
    "ca_15_3": Marker("U/mL", Decimal("25.0"), 14.0, 90.0),
    "ca_19_9": Marker("U/mL", Decimal("37.0"), 12.0, 160.0),
    "ca_125": Marker("U/mL", Decimal("35.0"), 14.0, 260.0),
    "afp": Marker("ng/mL", Decimal("7.0"), 3.0, 320.0),
}
BLOOD = {
    "haemoglobin": ("g/L", 124.0, 0.09, "115", "150"),
    "platelets": ("10^9/L", 215.0, 0.22, "125", "350"),
    "anc": ("10^9/L", 3.6, 0.28, "1.8", "6.3"),
    "alt": ("U/L", 24.0, 0.35, None, "40"),
    "ast": ("U/L", 25.0, 0.30, None, "40"),
    "bilirubin": ("umol/L", 10.5, 0.30, None, "20.5"),
    "creatinine": ("umol/L", 70.0, 0.16, None, "97"),
}


def write_ecog(person: Person, day: int, visit: str, *, most: int = 4) -> None:
    """Performance status at a visit: the patient's own, worse as the burden grows, up to `most`."""
    burden = person.burden.viable_at(day)
    worse = sum(1 for mark in ECOG_MARKS if burden > mark)
    person.write(
        "measurement",
        day,
        name="ecog",
        measured_on=day,
        visit=visit,
        value=Decimal(min(person.base_ecog + worse, most)),
    )


def write_marker(person: Person, day: int, visit: str, *, marker: str, height: float) -> None:
    """A tumour marker at a visit; `height` is the patient's own factor (0: makes none)."""
    kind = MARKERS[marker]
    level = kind.rest + height * kind.high * person.burden.volume_at(day) ** 0.9
    value = Decimal(str(round(level * exp(0.15 * float(person.rng.standard_normal())), 1)))
    person.write(
        "measurement",
        day,
        name=marker,
        measured_on=day,
        visit=visit,
        value=value,
        unit=kind.unit,
        upper_normal=kind.upper,
    )


def write_blood(
    person: Person, day: int, visit: str, *, names: tuple[str, ...], factors: dict[str, float] | None = None
) -> None:
    """Blood values of a visit; `factors` moves some of them from the patient's usual level."""
    for name in names:
        _, level, spread, _, _ = BLOOD[name]
        factor = (factors or {}).get(name, 1.0)
        write_value(
            person, day, visit, name=name, value=level * factor * exp(spread * between(person.rng, -1.2, 1.2))
        )


def write_value(person: Person, day: int, visit: str, *, name: str, value: float) -> None:
    """One blood value with its unit and limits of normal."""
    unit, _, _, lower, upper = BLOOD[name]
    limits = {"upper_normal": Decimal(upper)} | ({"lower_normal": Decimal(lower)} if lower else {})
    exact = rounded(name, value)
    person.write(
        "measurement", day, name=name, measured_on=day, visit=visit, value=exact, unit=unit, **limits
    )


def rounded(name: str, value: float) -> Decimal:
    """A blood value as the laboratory writes it: two decimals of a small one, whole numbers otherwise."""
    _, level, _, _, _ = BLOOD[name]
    return Decimal(str(round(value, 2) if level < 10 else round(value)))
