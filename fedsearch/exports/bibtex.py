"""BibTeX, for BibTeX and biblatex alike: every value in balanced braces, LaTeX's own characters escaped, letters as UTF-8."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from fedsearch import languages
from fedsearch.exports.wording import best_address, date_of, flag_notes, inverted, one_line, page_range
from fedsearch.model import Author, Work, WorkType

_TYPES: dict[WorkType, str] = {
    "journal-article": "article", "book": "book", "book-chapter": "incollection", "conference-paper": "inproceedings",
    "thesis": "phdthesis", "report": "techreport", "guideline": "techreport",
}  # fmt: skip
_CONTAINER = {"incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHER = {"phdthesis": "school", "techreport": "institution"}
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# An escaped brace still counts when braces are matched, so braces are written by name.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    }
)  # fmt: skip
_IN_ADDRESSES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_INNER_CAPITAL = re.compile(r"\w[^\W\d_]*[A-Z]|\d[A-Z]")
_NOT_A_KEY = re.compile(r"[^a-z0-9]+")
_SMALL_WORDS = frozenset("a an the on of in for to and or with from by at is are".split())
# Enough of Persian to make a key that can be typed.
_LATIN = dict(
    zip(
        "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأإؤئيكة",
        "a b p t s j ch h kh d z r z zh s sh s z t z a gh f gh k g l m n v h y a a a o y y k h".split(),
        strict=True,
    )
)


def write_bibtex(works: Iterable[Work]) -> str:
    """One entry a work; keys are family name, year and word of the title, and no two are the same."""
    return "".join(bibtex_entries(works))


def bibtex_entries(works: Iterable[Work]) -> Iterator[str]:
    """Entries, all but the first after an empty line."""
    taken: set[str] = set()
    return ("\n" * (number > 0) + _entry(work, _key(work, taken)) for number, work in enumerate(works))


def _entry(work: Work, key: str) -> str:
    kind = _TYPES.get(work.type, "misc")
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(work, kind))
    return f"@{kind}{{{key},\n{fields}}}\n"


def _fields(work: Work, kind: str) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_title(work.title)}}}"
    for role in ("author", "editor", "translator"):
        if names := " and ".join(filter(None, (_name(author) for author in work.authors if author.role == role))):
            yield role, f"{{{names}}}"
    year, month, _ = date_of(work)
    if month:
        yield "month", _MONTHS[int(month)]
    first, last = page_range(work.pages)
    texts: list[tuple[str, str | None]] = [
        (_CONTAINER.get(kind, "journal"), work.journal),
        ("shortjournal", work.journal_abbreviation),
        ("series", work.series),
        ("year", year),
        ("volume", work.volume),
        ("number", work.issue),
        (_PUBLISHER.get(kind, "publisher"), work.publisher),
        ("address", work.place),
        ("edition", work.edition),
        ("origtitle", work.vernacular_title),
        ("issn", ", ".join(work.issn)),
        ("isbn", ", ".join(work.ids.isbn)),
        ("pmid", work.ids.pmid),
        ("pmcid", work.ids.pmcid),
        ("language", ", ".join(languages.english_name(language) or language for language in work.languages)),
        ("keywords", ", ".join(keyword.replace(",", ";") for keyword in (*work.keywords, *(heading.name for heading in work.mesh)))),
        ("note", ". ".join(flag_notes(work))),
        ("abstract", work.abstract),
    ]
    yield from ((name, f"{{{value}}}") for name, text in texts if (value := _escaped(text)))
    if first:
        yield "pages", f"{{{_escaped(first)}{'--' + _escaped(last) if last else ''}}}"
    # Read letter by letter by biblatex and by url.sty: nothing is escaped, and braces cannot stand in an address.
    for name, address in (("doi", work.ids.doi), ("url", best_address(work))):
        if address:
            yield name, f"{{{one_line(address).translate(_IN_ADDRESSES)}}}"


def _escaped(text: str | None) -> str:
    return one_line(text).translate(_ESCAPES)


def _title(title: str) -> str:
    """The title; words with a capital inside (DNA, mRNA, COVID-19) are kept from styles that write small letters."""
    return " ".join(f"{{{_escaped(word)}}}" if _INNER_CAPITAL.search(word) else _escaped(word) for word in one_line(title).split())


def _name(author: Author) -> str:
    """ "Family, Given"; braces hold together what BibTeX would part at "and", or take for given names."""
    if author.collective:
        return f"{{{_escaped(author.collective)}}}" if one_line(author.collective) else ""
    parts = [_escaped(part) for part in inverted(author).split(", ")]
    if len(parts) == 1:
        return f"{{{parts[0]}}}" if parts[0] else ""
    return ", ".join(f"{{{part}}}" if "and" in part.casefold().split() else part for part in parts)


def _key(work: Work, taken: set[str]) -> str:
    """A key of its own: "karimi2024statins", then "karimi2024statinsa", "karimi2024statinsb" ..."""
    author = next((author for author in work.authors if author.family or author.collective), Author())
    words = (word for word in map(_latin, one_line(work.title).split()) if word and word not in _SMALL_WORDS)
    stem = _latin(author.family or (author.collective or "").partition(" ")[0])[:30] + str(work.year or "") + next(words, "")[:30]
    if not stem or stem.isdigit():
        stem = f"work{stem}"
    key, count = stem, 0
    while key in taken:
        key, count = stem + _letters(count), count + 1
    taken.add(key)
    return key


def _latin(text: str) -> str:
    """Small ASCII letters and digits; Persian letters by sound, marks dropped."""
    spelt = "".join(_LATIN.get(letter, letter) for letter in text.casefold())
    return _NOT_A_KEY.sub("", unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode())


def _letters(count: int) -> str:
    """0 -> a, 25 -> z, 26 -> aa."""
    letters = ""
    count += 1
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
