"""One work of an answer -> what its card shows: names, citation line, cautions, ways to the text, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fedsearch.api.pages.form import Form
from fedsearch.api.pages.ladder import Payload, Way, ways
from fedsearch.api.pages.links import Link, doi_address, pmid_address
from fedsearch.api.pages.words import ARABIC_LETTER, LATIN_LETTER, Words
from fedsearch.languages import english_name, two_letter

AUTHORS_ON_CARD = 3
_ARABIC_SCRIPT_LANGUAGES = frozenset({"ar", "fa", "ku", "ur"})
_OTHER_SCRIPT_LANGUAGES = frozenset({"he", "ja", "ko", "ru", "uk", "zh"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A string out of a record, with its language where it is known and not the page's own."""

    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """A flag in words: what, what to do about it, where the notice is, who says so."""

    kind: str
    word: str
    note: str
    notices: tuple[Link, ...]
    said_by: str


@dataclass(frozen=True, slots=True)
class Card:
    """A work as the list of results shows it. `authors` is None where the kind of work has none."""

    id: str
    href: str
    title: Phrase
    vernacular: Phrase | None
    authors: str | None
    more_authors: bool
    journal: str | None
    imprint: str
    cautions: tuple[Caution, ...]
    evidence: str | None
    tier: str
    inferred: bool
    kind: str
    found_in: str
    ways: tuple[Way, ...]
    identifiers: tuple[Link, ...]
    related: tuple[Link, ...]
    abstract: tuple[str, ...]
    ranked_because: tuple[Phrase, ...]
    merged_because: tuple[Phrase, ...]
    coins: str


def tongue(text: str, language: str | None, page: str) -> str | None:
    """The `lang` of a text, by its script and its work's language; None where it is the page's own."""
    code = two_letter(language)
    if len(ARABIC_LETTER.findall(text)) > len(LATIN_LETTER.findall(text)):
        found: str | None = code if code in _ARABIC_SCRIPT_LANGUAGES else "fa"
    elif LATIN_LETTER.search(text):
        found = code if code and code not in _ARABIC_SCRIPT_LANGUAGES | _OTHER_SCRIPT_LANGUAGES else "en"
    else:
        found = code
    return None if found == page else found


def phrases(work: Payload, words: Words) -> tuple[Phrase, Phrase | None]:
    """Title and original title: where there is an original one, the title is the source's translation into English."""
    language = work.get("language") or next(iter(work.get("languages") or ()), None)
    title, vernacular = str(work.get("title") or ""), work.get("vernacular_title")
    if not vernacular:
        return Phrase(title, tongue(title, language, words.lang)), None
    return Phrase(title, tongue(title, "en", words.lang)), Phrase(vernacular, tongue(vernacular, language, words.lang))


def sentence(text: str, words: Words, names: Mapping[str, str]) -> Phrase:
    """A sentence of the service in the page's words; one that the page does not know stays as it is, in English."""
    told = words.retold(text, names)
    return Phrase(told or text, "en" if told is None and words.lang != "en" and not words.speaks(text) else None)


def full_name(author: Payload) -> str:
    if author.get("collective"):
        return str(author["collective"])
    return " ".join(str(part) for part in (author.get("given"), author.get("family")) if part)


def short_name(author: Payload) -> str:
    """Family name and initials as MEDLINE writes them ("Zipes DP"); Persian and Arabic names stay whole."""
    family, given = author.get("family"), author.get("given")
    name = full_name(author)
    if author.get("collective") or not family or not given or ARABIC_LETTER.search(name):
        return name
    if re.fullmatch(r"[A-Z]{1,3}", given):
        return f"{family} {given}"
    initials = "".join(part[0].upper() for part in re.split(r"[\s.\-\u2010-\u2015]+", given) if part and part[0].isalpha())
    return f"{family} {initials}".strip()


def language_name(code: str, words: Words) -> str:
    """A language in the page's words; the rare ones that it has no word for, in English."""
    known = two_letter(code) or code
    return words.texts.get(f"languages.{known}") or english_name(known) or code


def names_in_a_row(names: Iterable[str]) -> str:
    """Names with the comma of their own script, whatever the page's language."""
    row = list(names)
    return ("، " if any(ARABIC_LETTER.search(name) for name in row[:1]) else ", ").join(row)


def people(work: Payload, role: str = "author") -> list[Payload]:
    return [author for author in work.get("authors") or () if (author.get("role") or "author") == role]


def journal_of(work: Payload) -> str | None:
    """The journal that a work stands in; a journal's own record names no other one."""
    return work.get("journal") or None if work.get("type") != "journal" else None


def locator(work: Payload) -> str:
    """Volume, issue and pages as "12(3):45-67"."""
    volume, issue, pages = (str(work.get(name) or "") for name in ("volume", "issue", "pages"))
    place = volume + (f"({issue})" if issue else "")
    return ":".join(part for part in (place, pages) if part)


def imprint(work: Payload) -> str:
    """What follows the journal in a citation line: year, then volume and pages, or the publisher of a book."""
    year = str(work.get("year") or "")
    where = locator(work)
    if where:
        return f"{year};{where}" if year else where
    publisher = work.get("publisher") if not journal_of(work) else None
    edition = work.get("edition") if not journal_of(work) else None
    return " · ".join(str(part) for part in (edition, publisher, year) if part)


def card(work: Payload, form: Form, words: Words, names: Mapping[str, str]) -> Card:
    title, vernacular = phrases(work, words)
    authors = people(work) or people(work, "editor")
    evidence = work.get("evidence") or {}
    tier = str(evidence.get("tier") or "other")
    kind = str(work.get("type") or "other")
    flagged = cautions(work, words, names)
    noticed = {notice.href for caution in flagged for notice in caution.notices}
    return Card(
        id=str(work["id"]),
        href=form.work_address(str(work["id"])),
        title=title,
        vernacular=vernacular,
        authors=names_in_a_row(short_name(author) for author in authors[:AUTHORS_ON_CARD]) if authors or kind != "journal" else None,
        more_authors=len(authors) > AUTHORS_ON_CARD or work.get("authors_complete") is False,
        journal=journal_of(work),
        imprint=imprint(work),
        cautions=flagged,
        evidence=words.named("evidence", tier) if tier != "other" else None,
        tier=tier,
        inferred=evidence.get("basis") == "inferred",
        kind=words.named("types", kind),
        found_in=joined(source_names(work, names), words),
        ways=ways(work, words),
        identifiers=identifiers(work, words),
        related=tuple(link for link in related(work, words) if link.href is None or link.href not in noticed),
        abstract=paragraphs(work.get("abstract")),
        ranked_because=tuple(sentence(text, words, names) for text in work.get("ranked_because") or ()),
        merged_because=tuple(sentence(text, words, names) for text in work.get("merged_because") or ()),
        coins=coins(work),
    )


def source_names(work: Payload, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(record["source"], record["source"]) for record in work.get("records") or ()))


def paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def cautions(work: Payload, words: Words, names: Mapping[str, str]) -> tuple[Caution, ...]:
    """The flags, one for each kind, with all their notices."""
    kinds = dict.fromkeys(flag["kind"] for flag in work.get("flags") or ())
    return tuple(_caution(kind, [flag for flag in work["flags"] if flag["kind"] == kind], words, names) for kind in kinds)


def _caution(kind: str, flags: list[Payload], words: Words, names: Mapping[str, str]) -> Caution:
    said_by = dict.fromkeys(names.get(source, source) for flag in flags for source in flag.get("said_by") or ())
    notices = dict.fromkeys(link for flag in flags if (link := _paper(words("flags.notice"), flag, "notice_")))
    return Caution(
        kind=kind,
        word=words.named("flags", kind),
        note=words(f"flags.note.{kind}") if words.has(f"flags.note.{kind}") else "",
        notices=tuple(notices),
        said_by=words("flags.said_by", names=joined(said_by, words)) if said_by else "",
    )


def _paper(label: str, named: Payload, prefix: str = "") -> Link | None:
    """A link to another publication by its DOI, else by its PMID."""
    if doi := named.get(f"{prefix}doi"):
        return Link(label, str(doi), doi_address(str(doi)))
    if pmid := named.get(f"{prefix}pmid"):
        return Link(label, f"PMID {pmid}", pmid_address(str(pmid)))
    return None


def related(work: Payload, words: Words) -> tuple[Link, ...]:
    found = []
    for relation in work.get("related") or ():
        word = words.named("related", relation["kind"])
        link = _paper(word, relation) or (Link(word, str(relation["note"])) if relation.get("note") else None)
        if link and link not in found:
            found.append(link)
    return tuple(found)


def identifiers(work: Payload, words: Words) -> tuple[Link, ...]:
    found = []
    if doi := work.get("doi"):
        found.append(Link(words("card.doi"), doi, doi_address(doi)))
    if pmid := work.get("pmid"):
        found.append(Link(words("card.pmid"), pmid, pmid_address(pmid)))
    if pmcid := work.get("pmcid"):
        found.append(Link(words("card.pmcid"), pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid, safe='')}/"))
    found += [Link(words("card.isbn"), isbn) for isbn in work.get("isbn") or ()]
    return tuple(found)


def coins(work: Payload) -> str:
    """The work as an OpenURL ContextObject for the `title` of a Z3988 span, which reference managers read."""
    book = work.get("type") in ("book", "book-chapter", "thesis", "report")
    names = [author for author in people(work) if author.get("family")]
    pairs: list[tuple[str, object]] = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:" + ("book" if book else "journal")),
        ("rft.genre", "book" if book else "preprint" if work.get("type") == "preprint" else "article"),
        ("rft.btitle" if book else "rft.atitle", work.get("title")),
        ("rft.jtitle", None if book else work.get("journal")),
        ("rft.date", work.get("published") or work.get("year")),
        ("rft.volume", work.get("volume")),
        ("rft.issue", work.get("issue")),
        ("rft.pages", work.get("pages")),
        ("rft.pub", work.get("publisher")),
        ("rft.aulast", names[0].get("family") if names else None),
        ("rft.aufirst", names[0].get("given") if names else None),
        *(("rft.au", full_name(author)) for author in people(work)),
        *(("rft.issn", issn) for issn in work.get("issn") or ()),
        *(("rft.isbn", isbn) for isbn in work.get("isbn") or ()),
        ("rft_id", f"info:doi/{work['doi']}" if work.get("doi") else None),
        ("rft_id", f"info:pmid/{work['pmid']}" if work.get("pmid") else None),
    ]
    return urlencode([(name, str(value)) for name, value in pairs if value])


def joined(values: Iterable[str], words: Words) -> str:
    """A list in a sentence of ours; the mark after the Persian comma keeps Latin names from running the other way."""
    return ("،\u200f " if words.lang == "fa" else ", ").join(values)
