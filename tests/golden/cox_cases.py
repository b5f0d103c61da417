"""The Cox models of the golden files: which rows of which data file R was given, and what its terms are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.stats import CoxModel

from .survival_cases import (
    CDISC,
    GENOMICS,
    GROUP,
    INSPIRE,
    LUNG,
    VETERAN,
    blank_change_is_a_group,
    cell_type_in_data_order,
    from_day_180,
    parameter,
    transplanted_by,
    with_a_time,
    with_treatment,
)


@dataclass(frozen=True, kw_only=True)
class CoxCase:
    """One `coxph` in a golden file: where its result stands, and the model of the frame it was fitted to."""

    golden: str
    part: tuple[str, ...]
    data: str
    model: CoxModel
    prepare: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame

    def __str__(self) -> str:
        return "-".join((self.golden, *self.part))


def first_of_malignancy_and_death(frame: pd.DataFrame) -> pd.DataFrame:
    malignancy = frame["pstat"] == 1
    return frame.assign(time=np.where(malignancy, frame["ptime"], frame["futime"]), pcm=malignancy)


def logged(*columns: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def add(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{f"log_{name}": np.log(frame[name]) for name in columns})

    return add


def with_interactions(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        age_transplant=frame["age"] * frame["transplant"],
        surgery_transplant=frame["surgery"] * frame["transplant"],
    )


def baseline_of_pbcseq(frame: pd.DataFrame) -> pd.DataFrame:
    """The trial's 312 patients: pbc with their baseline values, followed as in pbc."""
    return frame[frame["id"] <= 312].pipe(logged("bili", "protime"))


def log_of_baseline_ctdna(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(log_ctdna=np.log(frame["baseline_ctdna"] + 1))


PBC, HEART = "r_survival/pbc.csv", "r_survival/heart.csv"


def heart(*terms: str) -> CoxModel:
    return CoxModel(entry="start", time="stop", event="event", terms=terms)


CASES = [
    CoxCase(
        golden="aml",
        part=("cox",),
        data="r_survival/aml.csv",
        model=CoxModel(time="time", event="status", terms=("x",), references={"x": "Maintained"}),
    ),
    CoxCase(
        golden="lung",
        part=("cox_sex",),
        data=LUNG,
        model=CoxModel(time="time", event="event", terms=("sex",)),
    ),
    CoxCase(
        golden="lung",
        part=("cox_multi",),
        data=LUNG,
        model=CoxModel(time="time", event="event", terms=("age", "sex", "ph.ecog")),
    ),
    CoxCase(
        golden="lung",
        part=("cox_strata",),
        data=LUNG,
        model=CoxModel(time="time", event="event", terms=("age", "sex"), stratum="ph.ecog"),
    ),
    CoxCase(
        golden="lung",
        part=("landmark_180", "cox"),
        data=LUNG,
        model=CoxModel(time="tl", event="event", terms=("sex",)),
        prepare=from_day_180,
    ),
    CoxCase(
        golden="veteran",
        part=("cox",),
        data=VETERAN,
        model=CoxModel(
            time="time",
            event="status",
            terms=("trt", "celltype", "karno", "diagtime", "age", "prior"),
            references={"celltype": "squamous"},
        ),
        prepare=cell_type_in_data_order,
    ),
    CoxCase(
        golden="pbc",
        part=("cox",),
        data=PBC,
        model=CoxModel(
            time="time", event="death", terms=("age", "edema", "log_bili", "log_albumin", "log_protime")
        ),
        prepare=logged("bili", "albumin", "protime"),
    ),
    CoxCase(
        golden="pbc",
        part=("cox_trt",),
        data=PBC,
        model=CoxModel(time="time", event="death", terms=("trt",)),
        prepare=with_treatment,
    ),
    CoxCase(
        golden="pbcseq_timedep",
        part=("cox_baseline",),
        data=PBC,
        model=CoxModel(time="time", event="death", terms=("log_bili", "log_protime")),
        prepare=baseline_of_pbcseq,
    ),
    CoxCase(
        golden="pbcseq_timedep",
        part=("cox_timedep",),
        data="r_survival/pbcseq_tmerge.csv",
        model=CoxModel(entry="tstart", time="tstop", event="d2", terms=("log_bili", "log_protime")),
        prepare=logged("bili", "protime"),
    ),
    CoxCase(
        golden="competing_risks",
        part=("mgus2_cause_specific",),
        data="r_survival/mgus2.csv",
        model=CoxModel(time="time", event="pcm", terms=("age", "sex"), references={"sex": "F"}),
        prepare=first_of_malignancy_and_death,
    ),
    CoxCase(
        golden="heart_timedep",
        part=("cox",),
        data=HEART,
        model=heart("age", "year", "surgery", "transplant"),
    ),
    CoxCase(
        golden="heart_timedep",
        part=("cox_inter",),
        data=HEART,
        model=heart("age", "surgery", "transplant", "age_transplant", "surgery_transplant"),
        prepare=with_interactions,
    ),
    CoxCase(golden="heart_timedep", part=("cox_tx_only",), data=HEART, model=heart("transplant")),
    *(
        CoxCase(
            golden="heart_timedep",
            part=("landmark", f"day{day}", "cox"),
            data="r_survival/jasa.csv",
            model=CoxModel(time="tl", event="fustat", terms=("tx_by",)),
            prepare=transplanted_by(day),
        )
        for day in (30, 60, 90)
    ),
    *(
        CoxCase(
            golden="inspire_landmark_C3",
            part=(f"cox_{endpoint.lower()}",),
            data=GENOMICS.format(figure),
            model=CoxModel(
                time=f"{endpoint}TIME_Months_since_C3",
                event=f"{endpoint}event",
                terms=(GROUP,),
                references={GROUP: "1. LS"},
            ),
            prepare=with_a_time,
        )
        for endpoint, figure in (("OS", "D"), ("PFS", "E"))
    ),
    *(
        CoxCase(
            golden=f"random_cdisc_{code}",
            part=("cox",),
            data=CDISC,
            model=CoxModel(time="AVAL", event="event", terms=("ARM",), references={"ARM": "A: Drug X"}),
            prepare=parameter(code),
        )
        for code in ("OS", "PFS", "EFS", "CRSD", "TNE")
    ),
    CoxCase(
        golden="reportRmd_pembrolizumab",
        part=("cox_os",),
        data=INSPIRE,
        model=CoxModel(
            time="os_time",
            event="os_status",
            terms=("change_ctdna_group", "cohort"),
            references={"change_ctdna_group": "", "cohort": "A"},
        ),
        prepare=blank_change_is_a_group,
    ),
    CoxCase(
        golden="reportRmd_pembrolizumab",
        part=("cox_pfs_cont",),
        data=INSPIRE,
        model=CoxModel(
            time="pfs_time",
            event="pfs_status",
            terms=("log_ctdna", "age", "sex"),
            references={"sex": "Female"},
        ),
        prepare=log_of_baseline_ctdna,
    ),
]
