"""How two yes/no readings of the same patients agree, for the closed box on method comparison.

Clearance and response are different things: disagreement is no error, and kappa is low by design
(clinical-decisions A27).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from dashboard.stats.intervals import two_sided_z
from dashboard.stats.proportions import ProportionResult, proportion_interval


@dataclass(frozen=True, kw_only=True)
class PairedCounts:
    """Patients by two readings: the first word is the test, the second the reference."""

    yes_yes: int
    yes_no: int
    no_yes: int
    no_no: int

    def __post_init__(self) -> None:
        """Counts are 0 or more."""
        if min(self.cells) < 0:
            raise ValueError(f"counts are {self.cells}; allowed are 0 or more")

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """yes/yes, yes/no, no/yes, no/no."""
        return self.yes_yes, self.yes_no, self.no_yes, self.no_no

    @property
    def n(self) -> int:
        """All patients."""
        return sum(self.cells)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One share k of n with the sentence that says of whom: the name is never shown without it."""

    name: str
    sentence: str
    share: ProportionResult


@dataclass(frozen=True, kw_only=True)
class Kappa:
    """Cohen's kappa with its limits; None where one reading is the same for everybody."""

    estimate: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class McNemar:
    """Do the readings say yes equally often? None where they never disagree."""

    chi_squared: float | None
    chi_squared_corrected: float | None
    p_value: float | None
    p_value_corrected: float | None
    p_value_exact: float | None


def describe_agreement(counts: PairedCounts, *, test: str, reference: str) -> tuple[Measure, ...]:
    """Sensitivity, specificity, both predictive values and overall agreement, exact limits, each in words.

    `test` and `reference` complete "patients with ...", such as "cleared ctDNA" and "CR or PR".
    """
    a, b, c, d = counts.cells

    def measure(name: str, k: int, n: int, words: str) -> Measure:
        return Measure(name=name, sentence=words.format(k=k, n=n), share=proportion_interval(k, n))

    return (
        measure("Sensitivity", a, a + c, f"Of {{n}} patients with {reference}, {{k}} had {test}."),
        measure(
            "Specificity", d, b + d, f"Of {{n}} patients without {reference}, {{k}} did not have {test}."
        ),
        measure(
            "Positive predictive value", a, a + b, f"Of {{n}} patients with {test}, {{k}} had {reference}."
        ),
        measure(
            "Negative predictive value",
            d,
            c + d,
            f"Of {{n}} patients without {test}, {{k}} did not have {reference}.",
        ),
        measure("Agreement", a + d, counts.n, f"In {{k}} of {{n}} patients {test} and {reference} agree."),
    )


def cohen_kappa(counts: PairedCounts, *, confidence: float = 0.95) -> Kappa:
    """Agreement beyond chance, with the large-sample error of Fleiss, Cohen and Everitt 1969.

    Psychol Bull 72:323. R: `psych::cohen.kappa`; statsmodels: `cohens_kappa`.
    """
    if counts.n == 0:
        return Kappa(estimate=None, standard_error=None, lower=None, upper=None)
    share = np.array(counts.cells, dtype=float).reshape(2, 2) / counts.n
    test, reference = share.sum(axis=1), share.sum(axis=0)
    by_chance = float(test @ reference)
    if by_chance == 1:
        return Kappa(estimate=None, standard_error=None, lower=None, upper=None)
    observed = float(np.trace(share))
    kappa = (observed - by_chance) / (1 - by_chance)
    # Weight of a cell: how much it is more often seen by the other reading.
    crossed = reference[:, np.newaxis] + test[np.newaxis, :]
    same = np.diag(share) @ (1 - (test + reference) * (1 - kappa)) ** 2
    apart = (1 - kappa) ** 2 * (share[0, 1] * crossed[0, 1] ** 2 + share[1, 0] * crossed[1, 0] ** 2)
    variance = (same + apart - (kappa - by_chance * (1 - kappa)) ** 2) / (counts.n * (1 - by_chance) ** 2)
    error = float(np.sqrt(max(variance, 0.0)))
    width = two_sided_z(confidence) * error
    return Kappa(
        estimate=kappa, standard_error=error, lower=max(kappa - width, -1.0), upper=min(kappa + width, 1.0)
    )


def mcnemar(counts: PairedCounts) -> McNemar:
    """The test of equal shares, plain, with continuity correction, and exact.

    R: `mcnemar.test(table, correct = FALSE)`, `mcnemar.test(table)`, `binom.test(b, b + c)`.
    """
    b, c = counts.yes_no, counts.no_yes
    apart = b + c
    if apart == 0:
        return McNemar(
            chi_squared=None,
            chi_squared_corrected=None,
            p_value=None,
            p_value_corrected=None,
            p_value_exact=None,
        )
    plain = (b - c) ** 2 / apart
    corrected = max(abs(b - c) - 1, 0) ** 2 / apart
    return McNemar(
        chi_squared=plain,
        chi_squared_corrected=corrected,
        p_value=float(stats.chi2.sf(plain, 1)),
        p_value_corrected=float(stats.chi2.sf(corrected, 1)),
        p_value_exact=float(stats.binomtest(b, apart).pvalue),
    )
