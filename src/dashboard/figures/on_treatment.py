"""Who is on treatment at the data cut: one meaning for every page that counts it."""

import pandas as pd

NOT_FOLLOWED = ("dead", "withdrawn", "lost")


def is_on_treatment(goes_on: pd.Series, vital_status: pd.Series) -> pd.Series:
    """True where the treatment goes on by the last record and the patient is still followed.

    Nothing is known of the treatment of who has died, withdrew consent or was lost, so none of them counts.
    """
    return goes_on.astype("boolean").fillna(value=False).astype(bool) & ~vital_status.isin(NOT_FOLLOWED)
