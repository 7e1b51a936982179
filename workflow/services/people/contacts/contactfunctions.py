"""The functions a mailbox serves, and what an office calls them."""

from __future__ import annotations

REGIONAL = (
    "secretariat-region",
    "secretariat-municipal",
    "piu",
    "chair",
    "vice-chair",
)  # body: a region's id
FUNCTIONS = (*REGIONAL, "council", "cluster", "director")
CALLED = {
    "råd": "council", "byråd": "council", "kommunalbestyrelse": "council", "regionsråd": "council",
    "borgerrepræsentation": "council", "byrådets sekretariat": "council", "klynge": "cluster",
    "sundhedsklynge": "cluster", "formand": "chair", "næstformand": "vice-chair", "regionens sekretariat":
    "secretariat-region", "kommunernes sekretariat": "secretariat-municipal",
    "kommunaldirektør": "director", "regionsdirektør": "director", "direktør": "director",
    "patientinddragelsesudvalg": "piu", "byrådssekretariat": "council", "kommunalbestyrelsens sekretariat": "council",
}  # fmt: skip


def _spelt(name: str) -> str:
    """As Danish writes it, where a keyboard had no æ, ø or å."""
    return " ".join(name.casefold().replace("aa", "å").replace("ae", "æ").replace("oe", "ø").split())


_CALLED = {_spelt(name): function for name, function in CALLED.items()}


def function_named(said: str) -> str:
    """A function by its word or a Danish name of it, with or without the article at its end (byråd, byrådet,
    kommunalbestyrelsen), spelt with or without æ, ø and å."""
    plain = _spelt(said)
    bare = [plain, *(plain.removesuffix(end) for end in ("et", "en", "n") if plain.endswith(end))]
    return next((_CALLED[word] for word in bare if word in _CALLED), said.lower())
