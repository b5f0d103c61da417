"""Cohort pages as they open and in the dearer states a reader chooses, and the clicks that lead there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from benchmarks.browser import settle

Step = Callable[[Page], None]
RATIO = "Hazard ratio"


@dataclass(frozen=True)
class PageState:
    """A page by the name of its link, what its lines are called, and what is chosen on it.

    `fits_models`: Cox models are fitted for every new cohort, after the rest of the page is drawn; their first
    time informs and has no budget, the second has.
    """

    page: str
    what: str
    steps: tuple[Step, ...] = ()
    fits_models: bool = False


def opened(page: str) -> PageState:
    """The page as it opens."""
    return PageState(page=page, what=page)


def _clicked(words: str) -> Step:
    def step(page: Page) -> None:
        page.get_by_test_id("stMain").get_by_text(words, exact=True).first.click()
        settle(page)

    return step


def _chosen(question: str, answer: str) -> Step:
    def step(page: Page) -> None:
        page.get_by_role("combobox", name=question, exact=True).click()
        page.get_by_role("option", name=answer, exact=True).click()
        settle(page)

    return step


VISCERAL = _chosen("Group by", "Visceral disease")
BY_GROUP = PageState("Survival", "Survival by group", (VISCERAL,))
# Beside the curves stands who the groups are.
BY_TREATMENT = PageState(
    "Survival", "Survival by treatment", (_chosen("Group by", "CDK4/6 inhibitor of line 1"),)
)
WITH_RATIO = PageState(
    "Survival", "Survival with hazard ratio", (VISCERAL, _clicked(RATIO)), fits_models=True
)
SWIMMER = PageState("Response", "Response, swimmer", (_clicked("Swimmer"),))
SECOND_DRAW = PageState("Clearance", "Clearance after the second draw", (_clicked("After the second draw"),))
# The switch stays on for the session, so that this state comes last of its page.
TIME_DEPENDENT = PageState(
    "Clearance",
    "Clearance, time-dependent with hazard ratio",
    (_clicked("Time-dependent"), _clicked(RATIO)),
    fits_models=True,
)
