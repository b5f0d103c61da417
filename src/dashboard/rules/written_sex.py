"""The sex as a laboratory writes it in English, Vietnamese or Chinese, told by how the word begins."""

import unicodedata

# The first two letters of the word in small letters, and the sex in the words of the study.
SEX_BY_BEGINNING: dict[str, str] = {
    "nữ": "female",
    "女": "female",
    "na": "male",
    "男": "male",
    "fe": "female",
    "f": "female",
    "ma": "male",
    "m": "male",
}


def sex_of(written: str | None) -> str | None:
    """The sex a laboratory wrote; None where it wrote none or another word.

    >>> sex_of("Nam"), sex_of(" NỮ"), sex_of("?"), sex_of(None)
    ('male', 'female', None, None)
    """
    return SEX_BY_BEGINNING.get(unicodedata.normalize("NFKC", written or "").strip().lower()[:2])
