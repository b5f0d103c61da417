"""When blood is drawn in the CDK4/6 subset: baseline, every few months, at progression."""

from dataclasses import replace

from dashboard.demo.cdk46_lines import Course
from dashboard.demo.cdk46_plan import STUDY_END
from dashboard.demo.cdk46_plasma import SHOWN_DRAW, Genome, draw_panel, genome
from dashboard.demo.chance import days_between, happens
from dashboard.demo.plasma import Draw
from dashboard.demo.shown import LAST_CUT
from dashboard.demo.workdays import weekday, weekday_before

FORTY = 40


def write_draws(course: Course, started: int) -> None:
    """All draws of one patient of the subset; the others declined."""
    person, plan = course.person, course.plan
    if not plan.has_ctdna or plan.special & {"early_death"}:
        day = plan.enrolled_on
        person.write(
            "disposition", day, kind="ctdna_declined", happened_on=day, reason="not in the ctDNA subset"
        )
        return
    genes = genome(course)
    # Nobody's blood is drawn for the study before consent, which lies on the day of enrolment.
    is_prevalent = plan.days_on_drug > 6
    first = plan.enrolled_on if is_prevalent else max(plan.enrolled_on, weekday_before(started - 5))
    draws = _regular(course, first) + _at_progression(course)
    if "no_baseline_draw" not in plan.special:
        draws.append(Draw(first, "baseline", "enrolment"))
    known: dict[int, Draw] = {}
    for draw in sorted(draws, key=lambda item: (item.day, item.reason != "at_progression")):
        if draw.day <= person.until and all(
            abs(draw.day - day) > 20 or "forty" in str(plan.special) for day in known
        ):
            known[draw.day] = draw
    _write(course, genes, list(known.values()))


def _regular(course: Course, first: int) -> list[Draw]:
    person, plan = course.person, course.plan
    interval = course.parameters.draw_interval_days
    if "forty_samples" in plan.special:
        return [Draw(weekday(first + 35 * k), f"month {k}", "planned_follow_up") for k in range(1, FORTY)]
    if not happens(person.rng, 0.75) and not plan.special:
        return []
    days, day = [], first
    while day < STUDY_END:
        day += interval + person.wobble(-14, 14)
        days.append(Draw(weekday(day), f"month {round((day - first) / 30.4)}", "planned_follow_up"))
    near = [when for when in course.progressions]
    return [draw for draw in days if all(abs(draw.day - when) > 25 for when in near)]


def _at_progression(course: Course) -> list[Draw]:
    """Within −12 to +9 days of progression, so always before the next line."""
    draws = []
    for number, day in enumerate(course.progressions, start=1):
        if happens(course.person.rng, 0.92 if number == 1 else 0.5) or course.plan.special:
            when = weekday_before(day + course.person.wobble(-12, 9))
            draws.append(
                Draw(
                    when,
                    f"progression {number}",
                    "at_progression" if when >= day else "suspected_progression",
                )
            )
    return draws


def _write(course: Course, genes: Genome, draws: list[Draw]) -> None:
    person = course.person
    draws = _as_planted(course, draws)
    first_level = genes.base_ppm * person.burden.plasma_at(draws[0].day) if draws else 0.0
    for draw in draws:
        level = _planted_level(course, draw, first_level)
        draw_panel(course, genes, replace(draw, has_failed=_fails(course, draw)), level_ppm=level)


def _fails(course: Course, draw: Draw) -> bool:
    """Planted patients keep the result they were planted for."""
    special = course.plan.special
    by_chance = happens(course.person.rng, course.parameters.failed_sample) and not special
    return draw.has_failed or by_chance or "only_failed_samples" in special


def _planted_level(course: Course, draw: Draw, first_level: float) -> float | None:
    special, is_shown = course.plan.special, draw.label == SHOWN_DRAW
    first = max(first_level, 4000.0)
    levels = {
        "newly_detected_no_scan": 6500.0 if is_shown else 200.0 if draw.day < LAST_CUT else None,
        "rising_without_progression": 3 * first if is_shown else first if draw.label == "baseline" else None,
        "detected_in_complete_response": 4300.0 if is_shown else None,
        "progression_not_detected": 100.0 if draw.label.startswith("progression") else None,
    }
    return next((level for name, level in levels.items() if name in special), None)


def _as_planted(course: Course, draws: list[Draw]) -> list[Draw]:
    """One draw shortly before the last data cut for patients whose reason to look it is."""
    special, rng = course.plan.special, course.person.rng
    day = weekday(LAST_CUT - days_between(rng, 60, 78))
    turnaround, has_failed = None, "failed_without_redraw" in special
    if "pending_long" in special:
        day, turnaround = weekday(LAST_CUT - days_between(rng, 30, 40)), 60
    names = {"newly_detected_no_scan", "rising_without_progression", "detected_in_complete_response"}
    if not special & (names | {"pending_long", "failed_without_redraw"}) or day > course.person.until:
        return draws
    kept = [draw for draw in draws if draw.day < day - 25 or draw.day > LAST_CUT]
    return sorted(
        [*kept, Draw(day, SHOWN_DRAW, "planned_follow_up", has_failed, turnaround)], key=lambda item: item.day
    )
