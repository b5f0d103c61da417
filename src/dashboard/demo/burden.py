"""One latent course of tumour burden per patient; scans, plasma, markers, condition and death all read it.

Three curves over time: viable tumour (it falls first and rises first), scar (dead tissue that a scan still
sees) and the extra shedding of a resistant clone. What a scan measures is scar plus viable tumour of the last
weeks; what plasma shows is viable tumour to the power 1.3 times shedding (clinical-decisions F).
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from math import exp, log, log2

VISIBLE_LAG_DAYS = 45
PLASMA_POWER = 1.3
LETHAL_BURDEN = 25.0
SMALLEST_BURDEN = 1e-5
SUM_THAT_PROGRESSES = 1.78  # volume at +21 % of the diameters
FALL_HALF_LIFE_DAYS = 9.0  # of viable tumour, so 7 days in plasma


@dataclass
class Knots:
    """A piecewise linear curve over days."""

    days: list[float]
    values: list[float]

    def at(self, day: float) -> float:
        """Value on a day; flat before the first and after the last knot."""
        index = bisect_right(self.days, day)
        if index == 0:
            return self.values[0]
        if index == len(self.days):
            return self.values[-1]
        left, right = self.days[index - 1], self.days[index]
        share = (day - left) / (right - left)
        return self.values[index - 1] + share * (self.values[index] - self.values[index - 1])

    def add(self, day: float, value: float) -> None:
        """Append a knot; the day moves behind the last one where it would not."""
        self.days.append(max(day, self.days[-1] + 0.5))
        self.values.append(value)

    def cut(self, day: float) -> None:
        """Forget what was planned after a day."""
        value = self.at(day)
        keep = bisect_right(self.days, day - 0.5)
        del self.days[keep:], self.values[keep:]
        if self.days:
            self.add(day, value)
        else:
            self.days.append(day)
            self.values.append(value)


@dataclass(frozen=True)
class Effect:
    """What a treatment does: diameters and viable tumour at the lowest point, and when it stops working."""

    diameter_ratio: float
    viable_ratio: float
    progression_day: float
    doubling_days: float
    shedding_gain: float


@dataclass
class Burden:
    """Burden relative to the start of the first recorded line (1)."""

    first_day: float
    viable: Knots = field(init=False)
    scar: Knots = field(init=False)
    shedding: Knots = field(init=False)

    def __post_init__(self) -> None:
        self.viable = Knots([self.first_day], [0.0])
        self.scar = Knots([self.first_day], [0.0])
        self.shedding = Knots([self.first_day], [0.0])

    def viable_at(self, day: float) -> float:
        """Viable tumour."""
        return exp(self.viable.at(day))

    def volume_at(self, day: float) -> float:
        """Volume a scan of this day sees."""
        steps = (0, VISIBLE_LAG_DAYS / 3, 2 * VISIBLE_LAG_DAYS / 3, VISIBLE_LAG_DAYS)
        return self.scar.at(day) + sum(self.viable_at(day - step) for step in steps) / 4

    def diameter_at(self, day: float) -> float:
        """Diameter relative to the start: the cube root of the volume."""
        return float(self.volume_at(day) ** (1 / 3))

    def plasma_at(self, day: float) -> float:
        """Level in plasma relative to the start."""
        return exp(PLASMA_POWER * self.viable.at(day) + self.shedding.at(day))

    def treat(self, start: float, effect: Effect) -> None:
        """A line starts: fall to the lowest point, rest, growth that a scan sees on the progression day."""
        for curve in (self.viable, self.scar, self.shedding):
            curve.cut(start)
        volume, viable = self.volume_at(start), self.viable_at(start)
        low = max(viable * effect.viable_ratio, SMALLEST_BURDEN)
        if effect.viable_ratio < 1:
            fallen = start + FALL_HALF_LIFE_DAYS * log2(viable / low)
            scar = max(effect.diameter_ratio**3 * volume - low, 0.0)
            self.viable.add(fallen, log(low))
            self.scar.add(max(fallen, start + 50), scar)
            self.shedding.add(fallen, 0.0)
            self._grow(max(fallen, start + 20), low, scar, effect)
        else:
            self._grow(start, viable, self.scar.at(start), effect)

    def _grow(self, earliest: float, low: float, scar: float, effect: Effect) -> None:
        target = max(SUM_THAT_PROGRESSES * (low + scar) - scar, 1.2 * low)
        reached = max(effect.progression_day - VISIBLE_LAG_DAYS / 2, earliest + 12)
        doublings = log2(target / low)
        began = max(earliest, reached - effect.doubling_days * doublings)
        self.viable.add(began, log(low))
        self.shedding.add(began, self.shedding.values[-1])
        self.viable.add(reached, log(target))
        self.shedding.add(reached, log(effect.shedding_gain))
        pace = (log(target) - log(low)) / (reached - began)
        top = log(LETHAL_BURDEN)
        self.viable.add(reached + max((top - log(target)) / pace, 30), top)

    def grow_to_death(self, day: float, death: float) -> None:
        """Untreated from a day on: the burden reaches the lethal one on the day of death."""
        for curve in (self.viable, self.shedding):
            curve.cut(day)
        self.viable.add(death, log(LETHAL_BURDEN))
