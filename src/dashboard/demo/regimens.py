"""Regimens of everyday practice by tumour type and line: label, and generic names in lower case."""

from dataclasses import dataclass

from numpy.random import Generator

from dashboard.demo.chance import one_of

CARBOPLATIN_PEMETREXED = "carboplatin + pemetrexed"


@dataclass(frozen=True)
class Regimen:
    """A regimen as shown, its drugs, and whether it is taken as tablets."""

    label: str
    agents: str
    is_oral: bool = False


def _regimens(*pairs: tuple[str, str], oral: bool = False) -> tuple[Regimen, ...]:
    return tuple(Regimen(label, " + ".join(sorted(agents.split(" + "))), oral) for label, agents in pairs)


_PLATINUM = _regimens(
    ("Carboplatin, pemetrexed", CARBOPLATIN_PEMETREXED),
    ("Pembrolizumab, carboplatin, pemetrexed", f"pembrolizumab + {CARBOPLATIN_PEMETREXED}"),
    ("Carboplatin, paclitaxel, bevacizumab", "bevacizumab + carboplatin + paclitaxel"),
)
_EGFR = _regimens(
    ("Osimertinib", "osimertinib"), ("Erlotinib", "erlotinib"), ("Afatinib", "afatinib"), oral=True
)
_TABLE: dict[tuple[str, int], tuple[Regimen, ...]] = {
    ("lung", 1): _PLATINUM,
    ("lung", 2): _regimens(
        ("Docetaxel", "docetaxel"), ("Pembrolizumab", "pembrolizumab"), ("Pemetrexed", "pemetrexed")
    ),
    ("lung", 3): _regimens(("Gemcitabine", "gemcitabine"), ("Vinorelbine", "vinorelbine")),
    ("egfr", 1): _EGFR,
    ("egfr", 2): (*_regimens(("Osimertinib", "osimertinib"), oral=True), *_PLATINUM[:1]),
    ("egfr", 3): _regimens(("Docetaxel", "docetaxel"), ("Gemcitabine", "gemcitabine")),
    ("alk", 1): _regimens(("Alectinib", "alectinib"), ("Ceritinib", "ceritinib"), oral=True),
    ("alk", 2): _regimens(("Lorlatinib", "lorlatinib"), oral=True),
    ("alk", 3): _PLATINUM[:1],
    ("colorectal", 1): _regimens(
        ("FOLFOX, bevacizumab", "bevacizumab + fluorouracil + leucovorin + oxaliplatin"),
        ("FOLFIRI, cetuximab", "cetuximab + fluorouracil + leucovorin + irinotecan"),
        ("CAPOX", "capecitabine + oxaliplatin"),
    ),
    ("colorectal", 2): _regimens(
        ("FOLFIRI, bevacizumab", "bevacizumab + fluorouracil + leucovorin + irinotecan"),
        ("Irinotecan, cetuximab", "cetuximab + irinotecan"),
    ),
    ("colorectal", 3): _regimens(
        ("Regorafenib", "regorafenib"), ("Trifluridine/tipiracil", "trifluridine-tipiracil"), oral=True
    ),
    ("breast", 1): _regimens(
        ("Palbociclib, letrozole", "letrozole + palbociclib"),
        ("Ribociclib, letrozole", "letrozole + ribociclib"),
        oral=True,
    )
    + _regimens(
        ("Paclitaxel, carboplatin", "carboplatin + paclitaxel"),
        ("Docetaxel, trastuzumab", "docetaxel + trastuzumab"),
    ),
    ("breast", 2): _regimens(
        ("Capecitabine", "capecitabine"), ("Everolimus, exemestane", "everolimus + exemestane"), oral=True
    ),
    ("breast", 3): _regimens(("Eribulin", "eribulin"), ("Vinorelbine", "vinorelbine")),
    ("gastric", 1): _regimens(
        ("CAPOX", "capecitabine + oxaliplatin"),
        ("Nivolumab, CAPOX", "capecitabine + nivolumab + oxaliplatin"),
    ),
    ("gastric", 2): _regimens(
        ("Paclitaxel, ramucirumab", "paclitaxel + ramucirumab"), ("Paclitaxel", "paclitaxel")
    ),
    ("gastric", 3): _regimens(("Irinotecan", "irinotecan"), ("Nivolumab", "nivolumab")),
    ("liver", 1): _regimens(("Atezolizumab, bevacizumab", "atezolizumab + bevacizumab"))
    + _regimens(("Lenvatinib", "lenvatinib"), ("Sorafenib", "sorafenib"), oral=True),
    ("liver", 2): _regimens(("Regorafenib", "regorafenib"), ("Cabozantinib", "cabozantinib"), oral=True),
    ("liver", 3): _regimens(("Nivolumab", "nivolumab")),
    ("ovarian", 1): _regimens(
        ("Carboplatin, paclitaxel", "carboplatin + paclitaxel"),
        ("Carboplatin, paclitaxel, bevacizumab", "bevacizumab + carboplatin + paclitaxel"),
    ),
    ("ovarian", 2): _regimens(("Carboplatin, gemcitabine", "carboplatin + gemcitabine"))
    + _regimens(("Olaparib", "olaparib"), oral=True),
    ("ovarian", 3): _regimens(("Liposomal doxorubicin", "liposomal doxorubicin"), ("Topotecan", "topotecan")),
    ("other", 1): _regimens(("Gemcitabine, cisplatin", "cisplatin + gemcitabine")),
    ("other", 2): _regimens(("FOLFOX", "fluorouracil + leucovorin + oxaliplatin")),
    ("other", 3): _regimens(("Capecitabine", "capecitabine"), oral=True),
}
ADJUVANT = {
    "colorectal": Regimen("CAPOX", "capecitabine + oxaliplatin"),
    "breast": Regimen("Letrozole", "letrozole", True),
    "gastric": Regimen("S-1", "tegafur-gimeracil-oteracil"),
}


def regimen(rng: Generator, *, disease: str, line: int) -> Regimen:
    """A usual regimen for this disease (a tumour type, or its driver) and line; from line 4 on as line 3."""
    return one_of(rng, _TABLE[disease, min(line, 3)])
