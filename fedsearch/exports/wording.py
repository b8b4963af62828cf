"""What every export format says in the same words: flags, names, pages, addresses, each as one line of harmless text."""

from __future__ import annotations

import re

from fedsearch.model import Author, Flag, FlagKind, SourceId, Work

SOURCE_NAMES = {SourceId("pubmed"): "PubMed", SourceId("crossref"): "Crossref", SourceId("catalogue"): "Library catalogue"}
FLAG_WORDS: dict[FlagKind, str] = {
    "retracted": "RETRACTED",
    "withdrawn": "WITHDRAWN",
    "concern": "EXPRESSION OF CONCERN",
    "corrected": "CORRECTED",
    "preprint": "PREPRINT, not peer reviewed",
}
# Worst first: a reader who sees only the beginning of a note must see this.
_GRAVITY: tuple[FlagKind, ...] = ("retracted", "withdrawn", "concern", "corrected", "preprint")
_KINDS = {words: kind for kind, words in FLAG_WORDS.items()}
_NOTE = re.compile(
    rf"(?:^|(?<=; )|(?<=\. ))(?P<kind>{'|'.join(map(re.escape, _KINDS))})"
    r"(?:: notice (?:doi:(?P<doi>\S+?))?(?:(?:, )?PMID (?P<pmid>\d+))?)?(?: \(said by (?P<said_by>[^()]*)\))?(?=$|; |\. )"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_PAGES = re.compile(r"^(\S+?)\s*[-\u2010-\u2015]\s*(\S+)$")


def one_line(text: str | None) -> str:
    """The text without line ends, control characters and marks that could begin a field or a record of their own."""
    return " ".join(_CONTROL.sub(" ", text).split()) if text else ""


def flag_notes(work: Work) -> list[str]:
    """A sentence for each flag, the gravest first: "RETRACTED: notice doi:10.5555/x, PMID 1 (said by PubMed)"."""
    return [_flag_note(flag) for flag in sorted(work.flags, key=lambda flag: _GRAVITY.index(flag.kind))]


def _flag_note(flag: Flag) -> str:
    notice = ", ".join(
        part
        for part in (f"doi:{flag.notice_doi}" if flag.notice_doi else "", f"PMID {flag.notice_pmid}" if flag.notice_pmid else "")
        if part
    )
    said_by = ", ".join(SOURCE_NAMES.get(source, source) for source in flag.said_by)
    return one_line(FLAG_WORDS[flag.kind] + (f": notice {notice}" if notice else "") + (f" (said by {said_by})" if said_by else ""))


def flags_told(text: str, source: SourceId) -> tuple[Flag, ...]:
    """The flags that notes of ours name, however they were joined: what `flag_notes` wrote, read back. `source` says what nobody is named for."""
    return tuple(
        Flag(
            kind=_KINDS[found["kind"]],
            notice_doi=found["doi"],
            notice_pmid=found["pmid"],
            said_by=_sources_named(found["said_by"]) or (source,),
        )
        for found in _NOTE.finditer(text)
    )


def _sources_named(text: str | None) -> tuple[SourceId, ...]:
    known = {name: source for source, name in SOURCE_NAMES.items()}
    return tuple(known.get(name, SourceId(name)) for name in text.split(", ")) if text else ()


def source_names(work: Work) -> str:
    return ", ".join(SOURCE_NAMES.get(source, source) for source in work.sources)


def inverted(author: Author) -> str:
    """ "Family, Given", or the name of a body. The comma that parts them is the only one."""
    if author.collective:
        return one_line(author.collective.replace(",", " "))
    return ", ".join(filter(None, (one_line((name or "").replace(",", " ")) for name in (author.family, author.given))))


def page_range(pages: str | None) -> tuple[str, str]:
    """First and last page; what is no range is all first."""
    text = one_line(pages)
    found = _PAGES.match(text)
    return (found.group(1), found.group(2)) if found else (text, "")


def best_address(work: Work) -> str:
    """The address that lasts longest: DOI, PubMed, then whatever a source gave."""
    if work.ids.doi:
        return f"https://doi.org/{work.ids.doi}"
    if work.ids.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{work.ids.pmid}/"
    return one_line(next((record.url for record in work.records if record.url), ""))


def date_of(work: Work) -> tuple[str, str, str]:
    """Year, month and day, each empty where it is not known."""
    year, month, day, *_ = [*(work.published or work.published_online or "").split("-"), "", "", ""]
    return year, month, day
