"""The draws of one patient as the ctDNA panel needs them: in order, in unbroken runs, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.charts.timeline_frame import Canvas, Event
from dashboard.charts.timeline_points import NOT_DONE
from dashboard.tables.formats import format_percent
from dashboard.tables.patient_timeline import is_allele_fraction, level_value, variant_name

MAX_VARIANTS = 8
MANY_DRAWS = 12


@dataclass(frozen=True)
class Draw:
    """One draw with a result. `run` counts up wherever no line may be drawn from the draw before."""

    event: Event
    number: int
    run: int

    @property
    def is_clear(self) -> bool:
        """Whether the result is not detected."""
        return bool(self.event["code"] == "NOT_DETECTED")

    @property
    def is_below_loq(self) -> bool:
        """Detected without a number of its own: drawn hollow at the limit."""
        return not self.is_clear and level_value(self.event) is None

    @property
    def value(self) -> float | None:
        """What is drawn on the scale: the level, below LoQ the LoQ, None where not detected."""
        if self.is_clear:
            return None
        level = level_value(self.event)
        return level if level is not None else limit_value(self.event)


@dataclass(frozen=True)
class Track:
    """One variant over the draws: colour place, whether dashed, and its event at each draw number."""

    name: str
    place: int
    is_other_origin: bool
    is_new: bool
    at: dict[int, Event] = field(default_factory=dict)

    def value(self, number: int) -> float | None:
        """Allele fraction in per cent at a draw; None where not detected or not looked for."""
        event = self.at.get(number)
        if event is None or event["code"] == "NOT_DETECTED":
            return None
        level = level_value(event)
        return level if level is not None else limit_value(event)

    def words(self, number: int) -> str:
        """Result at a draw: its allele fraction, and where the laboratory gave none no number at all."""
        event = self.at[number]
        level = level_value(event)
        if level is not None:
            return format_percent(level)
        return "< LoQ" if event["code"] == "BELOW_LOQ" else "detected"


def limit_value(event: Event) -> float | None:
    """LoQ of the sample in per cent, else its LoD; None where the laboratory states neither."""
    limit = event["loq_ppm"] if event["loq_ppm"] is not None else event["lod_ppm"]
    return None if limit is None else float(limit) / 10_000


def draws_of(canvas: Canvas) -> list[Draw]:
    """Draws with a result, oldest first, numbered, split into runs.

    A run ends at a draw without a result (failed, pending, not done), at a planned one that was not done and
    where the assay, the panel or the series changes: no line crosses these.
    """
    found: list[Draw] = []
    run = 0
    breaks = [e for e in canvas.of("SAMPLE") if e["panel"] == "NO_RESULT"]
    not_done = [e for e in canvas.of("DRAW_WINDOW") if e["code"] in NOT_DONE]
    for event in [e for e in canvas.of("SAMPLE") if e["panel"] == "CTDNA"]:
        if found:
            before = found[-1].event
            first, last = before["occurred_on"], event["occurred_on"]
            is_broken = (
                any(first <= e["occurred_on"] <= last for e in breaks)
                or any(first <= e["occurred_on"] and e["ended_on"] <= last for e in not_done)
                or has_assay_change(before, event)
            )
            run += is_broken
        found.append(Draw(event, len(found), run))
    return _of_one_quantity(found)


def _of_one_quantity(draws: Sequence[Draw]) -> list[Draw]:
    """Quantities are never compared: keep the one most draws have (and draws without a level)."""
    kinds = [str(d.event["quantity_kind"] or "maf_ppm") for d in draws if level_value(d.event) is not None]
    if len(set(kinds)) < 2:
        return list(draws)
    main = max(sorted(set(kinds)), key=kinds.count)
    kept = [
        d for d in draws if level_value(d.event) is None or (d.event["quantity_kind"] or "maf_ppm") == main
    ]
    return [Draw(d.event, number, d.run) for number, d in enumerate(kept)]


def has_assay_change(before: Event, after: Event) -> bool:
    """Whether two draws cannot be compared: another series, assay or panel."""
    return any(before[name] != after[name] for name in ("series_no", "assay", "assay_panel"))


def tracks_of(canvas: Canvas, draws: Sequence[Draw]) -> list[Track]:
    """Variants to draw, first detected first, then the higher; at most eight, of which new ones stay."""
    if not canvas.options.variants or not draws or not all(is_allele_fraction(d.event) for d in draws):
        return []
    numbers = {d.event["sample_id"]: d.number for d in draws}
    by_name: dict[str, list[Event]] = {}
    for event in canvas.of("VARIANT"):
        if event["sample_id"] in numbers and (canvas.options.other_origin or not event["is_other_origin"]):
            by_name.setdefault(variant_name(event), []).append(event)
    ordered = sorted(
        (kv for kv in by_name.items() if _first(kv[1])), key=lambda kv: (_first(kv[1]), -_peak(kv[1]))
    )
    if len(ordered) > MAX_VARIANTS:
        kept = sorted(ordered, key=lambda kv: (kv[1][0]["detail"] != "NEW", -_peak(kv[1])))[:MAX_VARIANTS]
        ordered = [kv for kv in ordered if kv in kept]
    return [
        Track(
            name,
            place,
            is_other_origin=bool(events[0]["is_other_origin"]),
            is_new=events[0]["detail"] == "NEW",
            at={numbers[e["sample_id"]]: e for e in events},
        )
        for place, (name, events) in enumerate(ordered)
    ]


def _first(events: Sequence[Event]) -> str:
    return min((str(e["occurred_on"]) for e in events if e["code"] != "NOT_DETECTED"), default="")


def _peak(events: Sequence[Event]) -> float:
    return max((level_value(e) or 0.0 for e in events), default=0.0)


def track_colour(canvas: Canvas, track: Track) -> str:
    """Colour of a variant; one that may come from white cells or the germline is grey."""
    if track.is_other_origin:
        return canvas.theme.other_origin
    return canvas.theme.variants[track.place % len(canvas.theme.variants)]
