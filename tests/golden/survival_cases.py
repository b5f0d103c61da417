"""The survival sets of the golden files: which rows of which data file R was given."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Case:
    """One `survfit` in a golden file: where its result stands, and the frame it was fitted to."""

    golden: str
    part: tuple[str, ...]
    data: str
    time: str
    event: str
    group: str | None = None
    entry: str | None = None
    prepare: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame

    def __str__(self) -> str:
        return "-".join((self.golden, *self.part))


def with_treatment(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["trt"].notna()].astype({"trt": int})


def from_day_180(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["time"] >= 180].assign(tl=frame["time"] - 180)


def cell_type_in_data_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(celltype=pd.Categorical(frame["celltype"], categories=frame["celltype"].unique()))


def blank_change_is_a_group(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.fillna({"change_ctdna_group": ""})


def parameter(code: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def select(frame: pd.DataFrame) -> pd.DataFrame:
        # CDISC: CNSR 0 is the event.
        return frame[frame["PARAMCD"] == code].assign(event=frame["CNSR"] == 0)

    return select


def transplanted_by(day: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def select(frame: pd.DataFrame) -> pd.DataFrame:
        kept = frame[frame["futime"] > day]
        by_then = (kept["transplant"] == 1) & (kept["wait.time"] <= day)
        return kept.assign(tl=kept["futime"] - day, tx_by=by_then.astype(int))

    return select


def with_a_time(frame: pd.DataFrame) -> pd.DataFrame:
    """Two of the 71 patients have no progression-free survival; R leaves them out."""
    return frame.dropna(subset=["PFSTIME_Months_since_C3"]) if "PFSevent" in frame else frame


HNSCC = "hnscc_ctdna_jankef/Characteristics.csv"
INSPIRE = "reportRmd_inspire/pembrolizumab.csv"
CDISC = "random_cdisc_data/cadtte.csv"
GENOMICS, GROUP = "inspire_genomics/fig1{}.csv", "Pembrolizumab_sensitivity_groups"
LUNG, VETERAN = "r_survival/lung.csv", "r_survival/veteran.csv"

CASES = [
    Case(golden="aml", part=("km",), data="r_survival/aml.csv", time="time", event="status", group="x"),
    Case(golden="lung", part=("km_all",), data=LUNG, time="time", event="event"),
    Case(golden="lung", part=("km_sex",), data=LUNG, time="time", event="event", group="sex"),
    Case(
        golden="lung",
        part=("landmark_180", "km"),
        data=LUNG,
        time="tl",
        event="event",
        group="sex",
        prepare=from_day_180,
    ),
    Case(golden="veteran", part=("km_all",), data=VETERAN, time="time", event="status"),
    Case(golden="veteran", part=("km_trt",), data=VETERAN, time="time", event="status", group="trt"),
    Case(
        golden="veteran",
        part=("km_celltype",),
        data=VETERAN,
        time="time",
        event="status",
        group="celltype",
        prepare=cell_type_in_data_order,
    ),
    Case(
        golden="pbc",
        part=("km_trt",),
        data="r_survival/pbc.csv",
        time="time",
        event="death",
        group="trt",
        prepare=with_treatment,
    ),
    *(
        Case(
            golden=f"random_cdisc_{code}",
            part=("km",),
            data=CDISC,
            time="AVAL",
            event="event",
            group="ARM",
            prepare=parameter(code),
        )
        for code in ("OS", "PFS", "EFS", "CRSD", "TNE")
    ),
    *(
        Case(golden="hnscc_jankef", part=(part,), data=HNSCC, time="PFS", event="PFS_event", group=sample)
        for part, sample in (("fx5", "Fx_5"), ("fx10", "Fx_10"), ("endRT", "end_RT"))
    ),
    Case(golden="hnscc_jankef", part=("os",), data=HNSCC, time="OS", event="OS_event"),
    *(
        Case(
            golden="reportRmd_pembrolizumab",
            part=(endpoint,),
            data=INSPIRE,
            time=f"{endpoint}_time",
            event=f"{endpoint}_status",
            group="change_ctdna_group",
            prepare=blank_change_is_a_group,
        )
        for endpoint in ("os", "pfs")
    ),
    *(
        Case(
            golden="inspire_landmark_C3",
            part=(endpoint.lower(),),
            data=GENOMICS.format(figure),
            time=f"{endpoint}TIME_Months_since_C3",
            event=f"{endpoint}event",
            group=GROUP,
            prepare=with_a_time,
        )
        for endpoint, figure in (("OS", "D"), ("PFS", "E"))
    ),
    *(
        Case(
            golden="heart_timedep",
            part=("landmark", f"day{day}", "km"),
            data="r_survival/jasa.csv",
            time="tl",
            event="fustat",
            group="tx_by",
            prepare=transplanted_by(day),
        )
        for day in (30, 60, 90)
    ),
    Case(
        golden="heart_timedep",
        part=("simon_makuch_km",),
        data="r_survival/heart.csv",
        time="stop",
        event="event",
        group="transplant",
        entry="start",
    ),
]
