"""A work's facts written as Crossref's REST API writes them: one item of a works list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from fedsearch import languages
from fedsearch.sandbox.bundle import Related, Work, bodies, date_parts, name_parts, number_of

# Update types and their labels: https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/registering-updates/
_UPDATES = {
    "retracted-by": ("retraction", "Retraction"), "retracts": ("retraction", "Retraction"),
    "corrected-by": ("correction", "Correction"), "corrects": ("correction", "Correction"),
    "concern-by": ("expression_of_concern", "Expression of concern"), "concerns": ("expression_of_concern", "Expression of concern"),
    "updated-by": ("new_version", "New version"), "updates": ("new_version", "New version"),
}  # fmt: skip
_NOTICES = frozenset({"retracts", "corrects", "concerns", "updates"})
_RELATIONS = {"preprint-of": "is-preprint-of", "has-preprint": "has-preprint", "comment-on": "is-comment-on", "has-comment": "has-comment"}
# Members by DOI prefix, where one publisher holds it: https://api.crossref.org/prefixes/{prefix}
_MEMBERS = {"10.1001": "10", "10.1016": "78", "10.1056": "150", "10.1371": "340", "10.1136": "239", "10.1002": "311", "10.1111": "311",
            "10.1007": "297", "10.1186": "297", "10.1038": "297", "10.1093": "286", "10.1101": "246", "10.1177": "179", "10.1080": "301",
            "10.3389": "1965", "10.3390": "1968"}  # fmt: skip


def item(work: Work) -> dict[str, Any]:
    """One work; what the bundle does not know (citation counts, deposit dates) is left out."""
    doi = work["doi"]
    prefix = doi.split("/")[0]
    made: dict[str, Any] = {
        "publisher": work.get("publisher"),
        "issue": work.get("issue"),
        "license": [_licence(work)] if work.get("licence") else None,
        "short-container-title": [work["journal_abbrev"]] if work.get("journal_abbrev") else [],
        "published-print": _date(work["published"]) if work.get("volume") else None,
        "published-online": _date(work["epub"]) if work.get("epub") else None,
        "DOI": doi,
        "type": work["type"],
        "page": work.get("pages"),
        "source": "Crossref",
        "title": [work["title"]],
        "prefix": prefix,
        "volume": work.get("volume"),
        "author": _authors(work) or None,
        "member": _MEMBERS.get(prefix),
        "container-title": [work["journal"]] if work.get("journal") else [],
        "original-title": [work["vernacular_title"]] if work.get("vernacular_title") else [],
        "language": languages.two_letter(work["language"]),
        "subtitle": [work["subtitle"]] if work.get("subtitle") else [],
        "issued": _date(min(work["published"], work.get("epub") or work["published"])),
        "published": _date(min(work["published"], work.get("epub") or work["published"])),
        "URL": f"https://doi.org/{doi}",
        "relation": _relations(work),
        "ISSN": work.get("issn"),
        "issn-type": _issn_types(work.get("issn", [])) or None,
        "ISBN": work.get("isbn"),
        "abstract": f"<jats:p>{escape(work['abstract'])}</jats:p>" if work.get("abstract") else None,
        **_updates(work),
    }
    if work["type"] == "posted-content":
        made |= {"subtype": "preprint", "posted": _date(work["published"]), "published-print": None}
    return {name: value for name, value in made.items() if value is not None}


def _date(date: str) -> dict[str, Any]:
    return {"date-parts": [date_parts(date)]}


def _moment(date: str) -> dict[str, Any]:
    year, month, day = [*date_parts(date), 1, 1][:3]
    moment = datetime(year, month, day, tzinfo=UTC)
    return {
        "date-parts": [[year, month, day]],
        "date-time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timestamp": int(moment.timestamp() * 1000),
    }


def _licence(work: Work) -> dict[str, Any]:
    start = _moment(work.get("epub") or work["published"])
    return {"start": start, "content-version": "vor", "delay-in-days": 0, "URL": work["licence"]}


def _authors(work: Work) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = []
    for name in work.get("authors", []):
        family, given, suffix = name_parts(name)
        people.append({part: value for part, value in (("given", given), ("family", family), ("suffix", suffix)) if value})
    people.extend({"name": body} for body in bodies(work))
    return [{**person, "sequence": "additional" if i else "first", "affiliation": []} for i, person in enumerate(people)]


def _issn_types(numbers: list[str]) -> list[dict[str, str]]:
    """The bundle has the print number first; of a single number it does not say which it is."""
    kinds = ("print", "electronic") if len(numbers) > 1 else ()
    return [{"value": number, "type": kind} for number, kind in zip(numbers, kinds, strict=False)]


def _relations(work: Work) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for related in work.get("relations", []):
        name, doi = _RELATIONS.get(related["kind"]), number_of(related, "doi")
        if name and doi:
            asserted_by = "subject" if related["kind"] in ("preprint-of", "comment-on") else "object"
            found.setdefault(name, []).append({"id-type": "doi", "id": doi, "asserted-by": asserted_by})
    return found


def _updates(work: Work) -> dict[str, Any]:
    """`update-to` on a notice, `updated-by` on the work it is about, each with the other's DOI."""
    found: dict[str, Any] = {}
    for related in work.get("relations", []):
        if related["kind"] in _UPDATES and (doi := number_of(related, "doi")):
            notice = related["kind"] in _NOTICES
            found.setdefault("update-to" if notice else "updated-by", []).append(_update(work, related, doi, notice))
    return found


def _update(work: Work, related: Related, doi: str, notice: bool) -> dict[str, Any]:
    kind, label = _UPDATES[related["kind"]]
    said: dict[str, Any] = {"DOI": doi, "type": kind, "label": label, "source": "publisher"}
    dated = work if notice else related.get("other")
    return {**said, "updated": _moment(dated["published"])} if dated else said
