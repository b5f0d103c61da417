"""A test over groups in words, for studies that may show one (clinical-decisions A28)."""

from dataclasses import dataclass

from dashboard.tables.survival import events_words, p_words

LOG_RANK = "Log-rank test"
MANTEL_BYAR = "Mantel–Byar test"


@dataclass(frozen=True, kw_only=True)
class GroupTest:
    """A test by its name, who is in it, and what it gives: None where a group has fewer than `least` (A29).

    `smallest` is the size of the smallest group; `unit` is what is counted: patients, or lesions.
    """

    name: str
    n: int
    n_event: int
    n_groups: int
    smallest: int
    least: int
    unit: str = "patients"
    chi_squared: float | None = None
    degrees_of_freedom: int = 0
    p_value: float | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether a group has too few for a test."""
        return self.smallest < self.least

    @property
    def words(self) -> str:
        """Log-rank test over 2 groups: chi-squared 2.88, 1 degree of freedom, p = 0.090 (4 patients, ...)."""
        over = f"{self.name} over {self.n_groups} groups"
        if self.is_withheld:
            return f"{over}: not given, a group has fewer than {self.least} {self.unit}."
        if self.chi_squared is None or self.p_value is None:
            return f"{over}: not given, the groups are never followed at the same time."
        degrees = "degree" if self.degrees_of_freedom == 1 else "degrees"
        return (
            f"{over}: chi-squared {self.chi_squared:.2f}, {self.degrees_of_freedom} {degrees} of freedom, "
            f"p {p_words(self.p_value)} ({self.n} {self.unit}, {events_words(self.n_event)})."
        )
