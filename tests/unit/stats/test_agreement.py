"""Agreement of two readings; every name comes with its sentence."""

import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from dashboard.stats import PairedCounts, cohen_kappa, describe_agreement, mcnemar

# Clinical-decisions A27: 31 + 19 + 2 cleared, 12 + 29 + 33 not; CR or PR 43 of 126.
CLEARANCE = PairedCounts(yes_yes=31, yes_no=21, no_yes=12, no_no=62)


def test_each_share_says_of_whom() -> None:
    measures = describe_agreement(CLEARANCE, test="cleared ctDNA", reference="CR or PR")
    assert {measure.name: (measure.share.k, measure.share.n) for measure in measures} == {
        "Sensitivity": (31, 43),
        "Specificity": (62, 83),
        "Positive predictive value": (31, 52),
        "Negative predictive value": (62, 74),
        "Agreement": (93, 126),
    }
    assert [measure.sentence for measure in measures] == [
        "Of 43 patients with CR or PR, 31 had cleared ctDNA.",
        "Of 83 patients without CR or PR, 62 did not have cleared ctDNA.",
        "Of 52 patients with cleared ctDNA, 31 had CR or PR.",
        "Of 74 patients without cleared ctDNA, 62 did not have CR or PR.",
        "In 93 of 126 patients cleared ctDNA and CR or PR agree.",
    ]


def test_the_share_of_responders_among_the_cleared_is_that_of_the_decision() -> None:
    """31 of 52: 60 %, 45 to 73; 12 of 74 not cleared: 16 %, 9 to 27."""
    share = describe_agreement(CLEARANCE, test="a", reference="b")[2].share
    assert [round(100 * value) for value in (share.estimate, share.lower, share.upper)] == [60, 45, 73]


def test_kappa_by_hand() -> None:
    """20 + 15 of 50 agree, by chance (25 * 30 + 25 * 20) / 50 = 25 do: (0.7 - 0.5) / 0.5."""
    assert cohen_kappa(PairedCounts(yes_yes=20, yes_no=5, no_yes=10, no_no=15)).estimate == pytest.approx(
        0.4, abs=1e-12
    )


@pytest.mark.parametrize("cells", [(31, 21, 12, 62), (20, 5, 10, 15), (1, 2, 3, 4), (10, 0, 0, 12)])
def test_kappa_and_its_error_are_those_of_statsmodels(cells: tuple[int, int, int, int]) -> None:
    a, b, c, d = cells
    library = cohens_kappa([[a, b], [c, d]])
    ours = cohen_kappa(PairedCounts(yes_yes=a, yes_no=b, no_yes=c, no_no=d))
    assert ours.estimate == pytest.approx(library.kappa, abs=1e-12)
    assert ours.standard_error == pytest.approx(library.std_kappa, abs=1e-9)


def test_perfect_agreement_has_limits_within_one() -> None:
    kappa = cohen_kappa(PairedCounts(yes_yes=3, yes_no=0, no_yes=0, no_no=4))
    assert (kappa.estimate, kappa.lower, kappa.upper) == (1, 1, 1)


@pytest.mark.parametrize("cells", [(0, 0, 0, 0), (5, 0, 0, 0), (0, 0, 0, 5)])
def test_kappa_is_undefined_where_both_readings_are_the_same_for_all(cells: tuple[int, ...]) -> None:
    counts = PairedCounts(yes_yes=cells[0], yes_no=cells[1], no_yes=cells[2], no_no=cells[3])
    assert cohen_kappa(counts).estimate is None


def test_mcnemar_by_hand() -> None:
    """5 against 12: (5 - 12)² / 17 and (7 - 1)² / 17; exactly 2 P(X <= 5), X of 17 fair coins."""
    found = mcnemar(PairedCounts(yes_yes=30, yes_no=5, no_yes=12, no_no=40))
    assert found.chi_squared == pytest.approx(49 / 17, abs=1e-12)
    assert found.chi_squared_corrected == pytest.approx(36 / 17, abs=1e-12)
    assert found.p_value_exact == pytest.approx(2 * 9402 / 2**17, abs=1e-12)


def test_the_correction_stops_at_equality() -> None:
    assert mcnemar(PairedCounts(yes_yes=0, yes_no=3, no_yes=3, no_no=0)).chi_squared_corrected == 0


def test_readings_that_never_disagree_have_no_test() -> None:
    found = mcnemar(PairedCounts(yes_yes=3, yes_no=0, no_yes=0, no_no=4))
    assert (found.chi_squared, found.p_value_exact) == (None, None)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed are 0 or more"):
        PairedCounts(yes_yes=-1, yes_no=0, no_yes=0, no_no=0)
