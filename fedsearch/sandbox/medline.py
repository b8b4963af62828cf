"""MEDLINE text, both ways: records of a file as they stand and as XML, and records in XML as text."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator

from fedsearch import identifiers
from fedsearch.sandbox.article import Facts
from fedsearch.sandbox.bundle import Related, Work
from fedsearch.sandbox.pubmed_notation import MONTHS, article_xml

_FIELD = re.compile(r"^([A-Z][A-Z0-9 ]{1,3})- ?(.*)$")
_START = re.compile(r"^PMID ?- ?(?=\d)", re.MULTILINE)
# Tags of linked records: https://www.nlm.nih.gov/bsd/mms/medlineelements.html#cc
_LINKS = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "RIN": "RetractionIn", "ROF": "RetractionOf", "UIN": "UpdateIn", "UOF": "UpdateOf",
}  # fmt: skip
_LINK_TAGS = {name: tag for tag, name in _LINKS.items()}
_LAID_OUT = re.compile(r"^(\d{4})(?: ([A-Z][a-z]{2})(?: (\d{1,2}))?)?$")
_WIDTH = 82


def records_in(text: str) -> Iterator[str]:
    """Each record of a file of MEDLINE text, as it stands."""
    starts = [match.start() for match in _START.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end].rstrip()


def xml_of(record: str) -> bytes | None:
    """The PubmedArticle built from a record's fields; None without a readable PMID or any title."""
    fields = _fields(record)
    pmid = identifiers.pmid(_first(fields, "PMID"))
    title = _first(fields, "TI") or _first(fields, "BTI")
    if pmid is None or not title:
        return None
    return article_xml(_work(pmid, title, fields))


def text_of(facts: Facts) -> str:
    """A record as MEDLINE text."""
    lines = [("PMID", facts.pmid), ("OWN", "NLM"), ("STAT", facts.status)]
    lines += [("IS", f"{number} ({kind})") for kind, number in facts.issns]
    lines += [("VI", facts.volume), ("IP", facts.issue), ("DP", facts.published), ("TI", facts.title), ("PG", facts.pages)]
    lines += [("LID", f"{value} [{kind}]") for kind, value in facts.ids if kind == "doi"]
    lines += [("AB", facts.abstract)]
    for person in facts.people:
        lines += [("CN", person.collective)] if person.collective else [("FAU", person.full), ("AU", person.short)]
    lines += [("LA", language) for language in facts.languages]
    lines += [("PT", kind) for kind in facts.types]
    lines += [("TT", facts.vernacular), ("DEP", _compact(facts.online)), ("TA", facts.abbreviation), ("JT", facts.journal)]
    lines += [("JID", facts.nlm_id)]
    lines += [
        (_LINK_TAGS[kind], f"{source}. PMID: {pmid}" if pmid else source) for kind, source, pmid in facts.related if kind in _LINK_TAGS
    ]
    lines += [("MH", str(heading)) for heading in facts.headings]
    lines += [("OT", keyword) for keyword in facts.keywords]
    lines += [("PMC", facts.id("pmc")), ("AID", f"{facts.id('doi')} [doi]" if facts.id("doi") else ""), ("PST", facts.pub_status)]
    return "\n".join(_line(tag, value) for tag, value in lines if value)


def _line(tag: str, value: str) -> str:
    wrapped = textwrap.wrap(value, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{tag:<4}- " + "\n      ".join(wrapped)


def _compact(spoken: str) -> str:
    """ "2014 Aug 30" -> "20140830", as DEP has it."""
    match = _LAID_OUT.match(spoken)
    if not match or not match.group(3) or match.group(2) not in MONTHS:
        return ""
    return f"{match.group(1)}{MONTHS.index(match.group(2)) + 1:02}{int(match.group(3)):02}"


def _fields(record: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    tag = ""
    for line in record.splitlines():
        if match := _FIELD.match(line):
            tag = match.group(1).strip()
            fields[tag].append(match.group(2).strip())
        elif tag and line[:1].isspace() and line.strip():
            fields[tag][-1] = f"{fields[tag][-1]} {line.strip()}".strip()
    return fields


def _first(fields: dict[str, list[str]], tag: str) -> str:
    return next((value for value in fields.get(tag, []) if value), "")


def _marked(fields: dict[str, list[str]], tag: str, mark: str) -> str:
    """The value of a field that ends in its kind: "10.1000/x [doi]"."""
    return next((value[: -len(mark)].strip() for value in fields.get(tag, []) if value.endswith(mark)), "")


def _work(pmid: str, title: str, fields: dict[str, list[str]]) -> Work:
    translated = title.startswith("[") and title.rstrip(".").endswith("]")
    bare = title.rstrip(".").strip("[]") if translated else title
    work: Work = {
        "pmid": pmid,
        "title": bare.removesuffix("."),
        "sources": ["pubmed"],
        "language": _first(fields, "LA") or "und",
        "published": _dashed(_first(fields, "DP")),
        "type": "journal-article",
        "vernacular_title": _first(fields, "TT") or (bare if translated else ""),
        "authors": fields.get("FAU") or [author.replace(" ", ", ", 1) for author in fields.get("AU", [])],
        "collective": "; ".join(fields.get("CN", [])),
        "journal": _first(fields, "JT"),
        "journal_abbrev": _first(fields, "TA") or _first(fields, "JT"),
        "issn": _issns(fields),
        "epub": _first(fields, "DEP"),
        "volume": _first(fields, "VI"),
        "issue": _first(fields, "IP"),
        "pages": _first(fields, "PG"),
        "doi": _marked(fields, "AID", "[doi]") or _marked(fields, "LID", "[doi]"),
        "pmcid": _first(fields, "PMC"),
        "publication_types": fields.get("PT", []),
        "mesh": fields.get("MH", []),
        "keywords": [keyword.strip("*") for keyword in fields.get("OT", [])],
        "abstract": _first(fields, "AB"),
        "relations": [_related(kind, line) for tag, kind in _LINKS.items() for line in fields.get(tag, [])],
    }
    if re.fullmatch(r"\d{8}", work["epub"]):
        work["epub"] = f"{work['epub'][:4]}-{work['epub'][4:6]}-{work['epub'][6:]}"
    return work


def _issns(fields: dict[str, list[str]]) -> list[str]:
    """Print before electronic; the linking number repeats one of the two."""
    kinds = ("(Print)", "(Electronic)", "(Linking)")
    found = [issn for kind in kinds if (issn := identifiers.issn(_marked(fields, "IS", kind)))]
    return list(dict.fromkeys(found))[:2]


def _dashed(spoken: str) -> str:
    match = _LAID_OUT.match(spoken)
    if not match or (match.group(2) and match.group(2) not in MONTHS):
        return spoken
    year, month, day = match.groups()
    return "-".join([year, *([f"{MONTHS.index(month) + 1:02}"] if month else []), *([f"{int(day):02}"] if day else [])])


def _related(kind: str, line: str) -> Related:
    related: Related = {"kind": kind, "source": re.sub(r"\.? PMID: \d+\s*$", "", line)}
    if found := re.search(r"PMID: (\d+)", line):
        related["pmid"] = found.group(1)
    if doi := identifiers.doi_in(line):
        related["doi"] = doi
    return related
