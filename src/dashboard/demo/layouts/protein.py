"""Protein changes in three-letter code (HGVS nomenclature, amino-acid descriptions)."""

import re

THREE_LETTERS = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly",
    "H": "His", "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser",
    "T": "Thr", "W": "Trp", "Y": "Tyr", "V": "Val", "*": "Ter",
}  # fmt: skip


def three_letter(change: str) -> str:
    """A protein change in three-letter code and brackets; what is no protein change stays.

    >>> three_letter("p.R175H"), three_letter("p.E1309fs"), three_letter("-")
    ('p.(Arg175His)', 'p.(Glu1309fs)', '-')
    """
    if not change.startswith("p."):
        return change
    return "p.(" + re.sub(r"[A-Z*]", lambda letter: THREE_LETTERS[letter.group()], change[2:]) + ")"
