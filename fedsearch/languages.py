"""Languages of the medical literature: any usual code or English name -> ISO 639-1, and back to what people read.

Code lists: ISO 639-2 (https://www.loc.gov/standards/iso639-2/php/code_list.php), whose bibliographic codes MARC and
PubMed use (https://www.nlm.nih.gov/bsd/language_table.html).
"""

from __future__ import annotations

import re

# ISO 639-1: bibliographic code, English name, then whatever else is met for it: terminological codes, codes that were
# withdrawn and stand in old records, other names.
_LANGUAGES: dict[str, tuple[str, str, str]] = {
    "af": ("afr", "Afrikaans", ""),
    "ar": ("ara", "Arabic", ""),
    "az": ("aze", "Azerbaijani", "azeri"),
    "be": ("bel", "Belarusian", "byelorussian"),
    "bg": ("bul", "Bulgarian", ""),
    "bn": ("ben", "Bengali", "bangla"),
    "bs": ("bos", "Bosnian", ""),
    "ca": ("cat", "Catalan", ""),
    "cs": ("cze", "Czech", "ces"),
    "cy": ("wel", "Welsh", "cym"),
    "da": ("dan", "Danish", ""),
    "de": ("ger", "German", "deu"),
    "el": ("gre", "Greek", "ell"),
    "en": ("eng", "English", ""),
    "eo": ("epo", "Esperanto", "esp"),
    "es": ("spa", "Spanish", "castilian"),
    "et": ("est", "Estonian", ""),
    "eu": ("baq", "Basque", "eus"),
    "fa": ("per", "Persian", "fas pes prs farsi dari"),
    "fi": ("fin", "Finnish", ""),
    "fr": ("fre", "French", "fra"),
    "ga": ("gle", "Irish", "iri"),
    "gd": ("gla", "Scottish Gaelic", "gae"),
    "gl": ("glg", "Galician", "gag"),
    "he": ("heb", "Hebrew", "iw"),
    "hi": ("hin", "Hindi", ""),
    "hr": ("hrv", "Croatian", "scr"),
    "hu": ("hun", "Hungarian", ""),
    "hy": ("arm", "Armenian", "hye"),
    "id": ("ind", "Indonesian", "in"),
    "is": ("ice", "Icelandic", "isl"),
    "it": ("ita", "Italian", ""),
    "ja": ("jpn", "Japanese", ""),
    "ka": ("geo", "Georgian", "kat"),
    "kk": ("kaz", "Kazakh", ""),
    "ko": ("kor", "Korean", ""),
    "ku": ("kur", "Kurdish", "kmr ckb"),
    "ky": ("kir", "Kyrgyz", "kirghiz"),
    "la": ("lat", "Latin", ""),
    "lt": ("lit", "Lithuanian", ""),
    "lv": ("lav", "Latvian", ""),
    "mi": ("mao", "Maori", "mri"),
    "mk": ("mac", "Macedonian", "mkd"),
    "ml": ("mal", "Malayalam", ""),
    "mn": ("mon", "Mongolian", ""),
    "mr": ("mar", "Marathi", ""),
    "ms": ("may", "Malay", "msa"),
    "my": ("bur", "Burmese", "mya"),
    "ne": ("nep", "Nepali", ""),
    "nl": ("dut", "Dutch", "nld flemish"),
    "no": ("nor", "Norwegian", "nob nno nb nn"),
    "pl": ("pol", "Polish", ""),
    "ps": ("pus", "Pashto", "pushto"),
    "pt": ("por", "Portuguese", ""),
    "ro": ("rum", "Romanian", "ron mol mo moldavian"),
    "ru": ("rus", "Russian", ""),
    "sa": ("san", "Sanskrit", ""),
    "si": ("sin", "Sinhala", "sinhalese snh"),
    "sk": ("slo", "Slovak", "slk"),
    "sl": ("slv", "Slovenian", "slovene"),
    "so": ("som", "Somali", ""),
    "sq": ("alb", "Albanian", "sqi"),
    "sr": ("srp", "Serbian", "scc"),
    "sv": ("swe", "Swedish", ""),
    "sw": ("swa", "Swahili", ""),
    "ta": ("tam", "Tamil", ""),
    "te": ("tel", "Telugu", ""),
    "tg": ("tgk", "Tajik", "taj"),
    "th": ("tha", "Thai", ""),
    "tk": ("tuk", "Turkmen", ""),
    "tr": ("tur", "Turkish", ""),
    "tt": ("tat", "Tatar", "tar"),
    "ug": ("uig", "Uyghur", "uighur"),
    "uk": ("ukr", "Ukrainian", ""),
    "ur": ("urd", "Urdu", ""),
    "uz": ("uzb", "Uzbek", ""),
    "vi": ("vie", "Vietnamese", ""),
    "zh": ("chi", "Chinese", "zho cmn"),
}
_TWO_LETTER: dict[str, str] = {
    spelling: code
    for code, (bibliographic, name, others) in _LANGUAGES.items()
    for spelling in (code, bibliographic, name.lower(), *others.split())
}
_SUBTAG = re.compile(r"[-_]")


def two_letter(code: str | None) -> str | None:
    """ISO 639-1 for an ISO 639-1 or 639-2 code, a language tag ("en-GB") or an English name, in any case; else None.

    `und`, `mul`, `zxx` and what is not a language of the list are None: the language is not known by this.
    """
    if not code:
        return None
    bare = code.strip().lower()
    return _TWO_LETTER.get(bare) or _TWO_LETTER.get(_SUBTAG.split(bare, maxsplit=1)[0])


def bibliographic(code: str | None) -> str | None:
    """The three-letter code of MARC and PubMed: "per" for "fa"."""
    two = two_letter(code)
    return _LANGUAGES[two][0] if two else None


def english_name(code: str | None) -> str | None:
    """The language's name in English: "Persian" for "fa"."""
    two = two_letter(code)
    return _LANGUAGES[two][1] if two else None
