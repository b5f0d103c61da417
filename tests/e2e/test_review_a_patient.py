"""The oncologist's task in a real browser: sign in, choose a study, open a patient, read the table."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.figures.patient.timeline import TimelineRequest, patient_timeline_figure
from dashboard.store.reader import Reader
from dashboard.store.snapshot import current_snapshot
from tests.e2e.conftest import settle, sign_in

pytestmark = pytest.mark.e2e


def cells(table: Locator) -> list[list[str]]:
    """Texts of the grid's rows, as a screen reader gets them."""
    return table.evaluate(
        "grid => [...grid.querySelectorAll('table tbody tr')]"
        ".map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    )


def choose(page: Page, picker: str, option: str) -> None:
    box = page.get_by_role("combobox", name=picker)
    box.scroll_into_view_if_needed()
    settle(page)  # scrolling closes a list that has just opened
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def open_patient_page(page: Page, address: str) -> None:
    page.goto(f"{address}/patient")
    sign_in(page, "oncologist")
    expect(page.get_by_role("button", name="Next")).to_be_visible()
    settle(page)


def test_sign_in_choose_a_study_open_a_patient_and_read_the_table(
    page: Page, sample_server: str, sample_environment: dict[str, str]
) -> None:
    snapshot = current_snapshot(Path(sample_environment["DASHBOARD_STORE"]), "pulmonary-oligomets")
    reader = Reader(snapshot)
    patient_id = str(
        reader.records(
            "select patient_id from ctdna_level group by patient_id order by count(*) desc, patient_id"
        )[0]["patient_id"]
    )
    wanted = patient_timeline_figure(reader, TimelineRequest(patient_id=patient_id)).table
    first = ["Event", "Date", "Result"]
    wanted = wanted[first + [name for name in wanted.columns if name not in first]]

    page.goto(sample_server)
    sign_in(page, "oncologist")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    choose(page, "Study", "Oligomets")
    page.get_by_role("link", name="Patient", exact=True).click()
    choose(page, "Patient", patient_id)
    expect(page.get_by_role("heading", name=patient_id, exact=True)).to_be_visible()
    assert patient_id not in page.url
    page.get_by_text("Table", exact=True).click()
    grid = page.get_by_test_id("stDataFrame").filter(has=page.get_by_role("region", name="Timeline with"))
    expect(grid.locator("table tbody tr").first).to_be_attached()
    shown = cells(grid)
    assert len(shown) > 10
    n_columns = len(shown[0])  # the grid renders the columns in sight
    assert n_columns > 3
    assert shown == wanted.iloc[: len(shown), :n_columns].astype(str).to_numpy().tolist()
    # The keyboard alone reaches the last and the first row; the heading is row 1 of the grid.
    grid.get_by_test_id("data-grid-canvas").focus()
    for key, row in (("ControlOrMeta+End", len(wanted) + 1), ("ControlOrMeta+Home", 2)):
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        expect(grid.locator(f'tr[aria-rowindex="{row}"] td[aria-selected="true"]')).to_be_attached()


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_nothing_of_the_patient_page_is_wider_than_the_window(
    page: Page, sample_server: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    open_patient_page(page, sample_server)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth")
    chart = page.get_by_test_id("stVegaLiteChart").first
    drawn = chart.locator("canvas, svg").first.bounding_box()
    around = chart.bounding_box()
    assert drawn is not None
    assert around is not None
    assert drawn["x"] >= around["x"]
    assert drawn["width"] <= around["width"] + 1
