"""Text -> comparison form: what readers of Persian, Arabic and Latin letters take for the same letters becomes the same.

For matching only; what people see is never folded. Letter facts: Unicode's Arabic and Latin charts, ISIRI 6219.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

ZWNJ = "\u200c"
_ARABIC = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ې": "ی", "ے": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه",
    "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ء": "", "ـ": "", "٪": " ", "،": " ", "؛": " ", "؟": " ",
}  # fmt: skip
_LATIN = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ſ": "s"}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
        ],
        strict=True,
    )
)
# Romanisation marks of the Library of Congress, apostrophes, and direction marks say nothing to a reader who searches.
_NOTHING = dict.fromkeys("ʻʼʹʺ‘’'`´\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad", "")
_DIGITS = dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", strict=True))
_TABLE = str.maketrans({**_ARABIC, **_LATIN, **_NOTHING, **_DIGITS})
# ASCII text needs one pass: letters in lower case, apostrophes away, all but letters and digits a space.
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else "" if chr(code) in "'`" else " " for code in range(128)}
_POSSESSIVE = re.compile(r"['’ʼ´`]s\b", re.IGNORECASE)
_LONE_GREEK = re.compile(r"(?<![α-ωϐ-ϖ])[α-ω](?![α-ωϐ-ϖ])")
_NOT_A_WORD = re.compile(r"[^\w\u200c]+|_+")
_PERSIAN = re.compile(r"[\u0600-\u06ff]")
_stemmer = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """Lower-case words with single spaces: no marks, punctuation or variant letters; a half-space (ZWNJ) is deleted."""
    return _folded(text, "")


def fold_spaced(text: str) -> str:
    """As `fold`, with every half-space (ZWNJ) read as a space."""
    return _folded(text, " ")


@lru_cache(maxsize=16_384)
def _folded(text: str, half_space: str) -> str:
    if text.isascii():
        bare = _POSSESSIVE.sub("", text) if "'" in text or "`" in text else text
        return " ".join(bare.translate(_ASCII).split())
    lowered = unicodedata.normalize("NFKC", _POSSESSIVE.sub("", text)).casefold().translate(_TABLE)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    named = _LONE_GREEK.sub(lambda m: f"{_GREEK[m.group()]}", bare.replace("ς", "σ"))
    return " ".join(_NOT_A_WORD.sub(" ", named).replace(ZWNJ, half_space).split())


def is_persian(word: str) -> bool:
    """The word has letters of the Arabic script."""
    return bool(_PERSIAN.search(word))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its English ending (Snowball's English stemmer); words in other scripts stay whole."""
    return str(_stemmer.stemWord(word)) if word.isascii() and word.isalpha() and len(word) > 3 else word
