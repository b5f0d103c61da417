"""Colours by what they mean, for the light and the dark theme. Red is for action only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shade:
    """One meaning in both themes."""

    light: str
    dark: str


THEME: dict[str, Shade] = {
    "page": Shade("#FFFFFF", "#0F141B"),
    "sidebar": Shade("#F4F6F9", "#161C25"),
    "text": Shade("#1B2430", "#E6EAF0"),
    "secondary_text": Shade("#566172", "#A7B1BF"),
    "border": Shade("#D9DEE6", "#303A47"),
    "grid": Shade("#E8ECF1", "#222B36"),
    "primary": Shade("#1F5FA6", "#6FA8DC"),
    "window_fill": Shade("#DCE8F5", "#1B3048"),
    "action_text": Shade("#A3211A", "#FF9C90"),
    "action_ground": Shade("#FCEBE9", "#3A1A18"),
    "attention_text": Shade("#7A4F00", "#F2C66D"),
    "attention_ground": Shade("#FFF3D6", "#33270D"),
    "information_text": Shade("#174F8C", "#9CC7F2"),
    "information_ground": Shade("#E8F1FB", "#15273B"),
    "warning_bar": Shade("#B07D2B", "#B07D2B"),
}
CTDNA_LINE = Shade("#111827", "#F5F7FA")
# Lines 1, 2 and 3; later lines begin again.
TREATMENT_BANDS = (Shade("#FAF7EE", "#1B1A15"), Shade("#F1F5FA", "#141C25"), Shade("#F7F2F9", "#1C1723"))
TREATMENT_FILLS = (Shade("#EFE3C2", "#3B3116"), Shade("#CFE0EE", "#1E3448"), Shade("#E4D5EA", "#38263F"))
TREATMENT_EDGES = (Shade("#8C6D1F", "#C9A64A"), Shade("#33658A", "#6FA8DC"), Shade("#7A4E88", "#B98AC9"))
# Four variants, apart for every kind of sight; from the fifth on the colours repeat with a dash.
VARIANTS = (
    Shade("#332288", "#A79BFF"),
    Shade("#14938A", "#8AE6DB"),
    Shade("#882255", "#E8709F"),
    Shade("#C2410C", "#F3A46B"),
)
POSSIBLY_NOT_TUMOUR = Shade("#9AA3AF", "#6B7684")
TUMOUR_MARKER = Shade("#8A6D3B", "#D6B981")
# Groups of a Kaplan-Meier figure: seven, apart for every kind of sight and by lightness alone; the first four
# have the contrast of text to the page (4.5 : 1), as names are written in them. They keep away from the
# colours of RECIST.
GROUPS = (
    Shade("#3B4CA8", "#BE90DB"),
    Shade("#6A7F12", "#C4D05A"),
    Shade("#AF3C58", "#F79F7E"),
    Shade("#731B6D", "#64998F"),
    Shade("#B67C9E", "#88EAFC"),
    Shade("#1A3904", "#9F7227"),
    Shade("#391327", "#D4FACF"),
)
