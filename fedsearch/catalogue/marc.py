"""MARC 21 bibliographic record -> Record, and the words by which it is to be found. Pure; https://www.loc.gov/marc/bibliographic/"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import pymarc

from fedsearch.catalogue.base import LoadedRecord, Searchable
from fedsearch.catalogue.isbd import imprint, tidy, title_of, year_in
from fedsearch.catalogue.items import items_of
from fedsearch.catalogue.names import author_of
from fedsearch.catalogue.reading import control_number
from fedsearch.catalogue.subjects import SUBJECTS, keywords_of, mesh_of
from fedsearch.languages import two_letter
from fedsearch.model import Author, Identifiers, Link, Record, SourceId, WorkType

CATALOGUE_ID = SourceId("catalogue")
_TITLE = "abnpsk"
_NAMES = ("100", "110", "111", "700", "710", "711", "720")
_OTHER_TITLES = ("130", "210", "222", "240", "242", "246", "247", "730", "740")
_GENRES = ("655",)
_SERIES = ("490", "440", "800", "810", "811", "830")
_CALL_NUMBERS = ("050", "055", "060", "070", "080", "082", "084", "086", "090", "092", "096", "098", "099")
_NOTES = ("250", "505", "520", "500", "502", "545", "586")
_AUDIO_VISUAL, _HOLDINGS = "gijkor", "uvxy"
_ABOUT = re.compile(
    r"table of contents|contributor|publisher description|sample text|biograph|cover image|review|فهرست مطالب", re.IGNORECASE
)


class NotBibliographic(ValueError):
    """The record describes no publication by itself; the message says why."""


def read_record(marc: pymarc.Record) -> LoadedRecord:
    """A record for the catalogue. Raises NotBibliographic for holdings, authorities, and records without any title."""
    return _Reading(marc).loaded()


@dataclass(frozen=True, slots=True)
class _Dates:
    first: int | None
    last: int | None = None


class _Reading:
    """One record being read: its fields by tag, and beside them their twins in the original script (880)."""

    def __init__(self, marc: pymarc.Record) -> None:
        self.leader = str(marc.leader)
        self.fields = [field for field in marc.fields if field.tag != "880"]
        self._by_tag: dict[str, list[pymarc.Field]] = {}
        for field in self.fields:
            self._by_tag.setdefault(field.tag, []).append(field)
        self.fixed = self._control("008").ljust(40)
        self._twins: dict[str, list[pymarc.Field]] = {}
        for field in marc.get_fields("880"):
            tag = (field.get("6") or "")[:3]
            if tag:
                self._twins.setdefault(tag, []).append(field)
        self.control_number = control_number(marc)

    def loaded(self) -> LoadedRecord:
        kind = self.leader[6:7]
        if self.leader[5:6] == "d" and self.control_number:
            gone = Record(source=CATALOGUE_ID, id=self.control_number, title="")
            return LoadedRecord(gone, deleted=True)
        if kind in _HOLDINGS:
            raise NotBibliographic(
                "a holdings record (leader/06 is not a kind of publication); load the bibliographic records with their items"
            )
        if kind == "z":
            raise NotBibliographic("an authority record (leader/06 z), not a description of a publication")
        dates = self._dates()
        return LoadedRecord(self._record(dates), self._searchable(), dates.last)

    def _record(self, dates: _Dates) -> Record:
        title, vernacular = self._titles()
        host = self._first("773")
        place, publisher = self._imprint()
        return Record(
            source=CATALOGUE_ID,
            id=self.control_number or self._number_from_content(title),
            ids=self._identifiers(),
            title=title,
            vernacular_title=vernacular,
            authors=self._authors(),
            journal=self._journal(title, host),
            issn=self._issns(host),
            published=f"{dates.first:04}" if dates.first else None,
            volume=None,
            pages=_host_pages(host),
            publisher=publisher,
            place=place,
            edition=tidy(self._text("250", "ab")),
            series=self._series(),
            languages=self._languages(),
            type=self._type(host),
            publication_types=_unique(tidy(field.get("a")) for field in self._all(_GENRES)),
            abstract=" ".join(filter(None, (_joined(field, "ab") for field in self._all(("520",))))) or None,
            mesh=mesh_of(self._all(SUBJECTS)),
            keywords=keywords_of(self._both(SUBJECTS)),
            links=self._links(),
            items=items_of(self.fields),
        )

    def _searchable(self) -> Searchable:
        """Every wording in either script, since nobody knows which of them the searcher will type."""
        names = self._both((*_NAMES,))
        titles = self._both(("245", *_OTHER_TITLES))
        serial = self.leader[7:8] == "s"
        return Searchable(
            titles=_unique(
                [
                    *(title_of(_parts(field, _TITLE)) for field in titles),
                    *(tidy(_joined(field, "t")) for field in self._both(("700", "710", "711"))),
                ]
            ),
            authors=_unique([*(_joined(field, "abcdnq") for field in names), *(_joined(field, "c") for field in self._both(("245",)))]),
            subjects=_unique(_joined(field, "abcdfgklnopqrtvxyz") for field in self._both((*SUBJECTS, *_GENRES))),
            series=_unique(_joined(field, "abnptv") for field in self._both(_SERIES)),
            publishers=_unique(_joined(field, "abc") for field in self._both(("260", "264"))),
            journals=_unique(
                [
                    *(title_of(_parts(field, _TITLE)) for field in (titles if serial else [])),
                    *(tidy(_joined(field, "t")) for field in self._both(("773",))),
                ]
            ),
            call_numbers=_unique(
                [
                    *(_joined(field, "ab") for field in self._all(_CALL_NUMBERS)),
                    *(item.call_number for item in items_of(self.fields)),
                    *(item.barcode for item in items_of(self.fields)),
                ]
            ),
            notes=_unique(_joined(field, "abgrt") for field in self._both(_NOTES)),
        )

    # Fields and their parts

    def _control(self, tag: str) -> str:
        return next((field.data or "" for field in self._by_tag.get(tag, ())), "")

    def _all(self, tags: Iterable[str]) -> list[pymarc.Field]:
        """The fields of some tags, tag by tag, each in the record's order."""
        return [field for tag in tags for field in self._by_tag.get(tag, ())]

    def _both(self, tags: Iterable[str]) -> list[pymarc.Field]:
        return [field for tag in tags for field in (*self._all((tag,)), *self._twins.get(tag, ()))]

    def _first(self, tag: str) -> pymarc.Field | None:
        return next(iter(self._all((tag,))), None)

    def _text(self, tag: str, codes: str) -> str | None:
        field = self._first(tag)
        return _joined(field, codes) if field else None

    def _twin(self, field: pymarc.Field) -> pymarc.Field | None:
        """The same field in the original script: 245 with $6 880-02 belongs to 880 with $6 245-02."""
        link = re.match(r"880-(\d\d)", field.get("6") or "")
        twins = self._twins.get(field.tag, [])
        if link and link.group(1) != "00":
            return next((twin for twin in twins if (twin.get("6") or "")[4:6] == link.group(1)), None)
        return next((twin for twin in twins if (twin.get("6") or "")[4:6] == "00"), None)

    # Members of the Record

    def _titles(self) -> tuple[str, str | None]:
        """The title as catalogued, and the one in the original script; any other title serves where there is no 245."""
        for field in self._all(("245", "240", "130", "246", "222", "247")):
            if title := title_of(_parts(field, _TITLE)) or tidy(_joined(field, "fg")):
                twin = self._twin(field)
                vernacular = title_of(_parts(twin, _TITLE)) if twin else None
                return title, vernacular if vernacular != title else None
        for twin in self._twins.get("245", ()):
            if title := title_of(_parts(twin, _TITLE)):
                return title, None
        unimarc = any(_parts(field, "a") for field in self._all(("200",)))
        raise NotBibliographic("it has no title (245)" + ("; its title stands in 200, as in UNIMARC, which is not read" if unimarc else ""))

    def _number_from_content(self, title: str) -> str:
        """A stand-in for 001 that stays the same from load to load: field 035, else a number made of the description."""
        if number := next((value.strip() for field in self._all(("035",)) for value in field.get_subfields("a") if value.strip()), None):
            return number
        described = "\x1f".join([title, self.fixed, *(str(field) for field in self._all(("020", "022", "100", "250", "260", "264")))])
        return f"content-{hashlib.sha256(described.encode()).hexdigest()[:16]}"

    def _authors(self) -> tuple[Author, ...]:
        found = [author_of(field) for field in self._all(_NAMES)]
        return tuple(dict.fromkeys(author for author in found if author))

    def _identifiers(self) -> Identifiers:
        coded = {(field.get("2") or "").lower(): field.get("a") for field in self._all(("024",)) if field.indicator1 == "7"}
        doi = coded.get("doi") or next((url for url, field in self._addresses() if field.indicator2 == "0" and "doi.org/10." in url), None)
        numbers = [value for field in self._all(("020",)) for value in field.get_subfields("a")]
        return Identifiers(doi=doi, pmid=coded.get("pmid"), isbn=tuple(numbers))

    def _issns(self, host: pymarc.Field | None) -> tuple[str, ...]:
        own = [value for field in self._all(("022",)) for value in field.get_subfields("a", "l")]
        return tuple(own + (host.get_subfields("x") if host else []))

    def _journal(self, title: str, host: pymarc.Field | None) -> str | None:
        if self.leader[7:8] == "s":
            return title
        return tidy(_joined(host, "t")) if host and host.get("t") else None

    def _imprint(self) -> tuple[str | None, str | None]:
        field = self._publication()
        if field is None:
            return None, None
        return imprint(field.get("a")), imprint(field.get("b"))

    def _publication(self) -> pymarc.Field | None:
        """The field that names the publisher: 264 _1, else 260, else any 264 (production, distribution, copyright)."""
        fields = self._all(("264", "260"))
        return min(
            fields, key=lambda field: 0 if field.tag == "264" and field.indicator2 == "1" else 1 if field.tag == "260" else 2, default=None
        )

    def _dates(self) -> _Dates:
        """Years by 008; where it does not know, or counts in another calendar, by 264 or 260 $c."""
        language, country = self.fixed[35:38].lower(), self.fixed[15:17].lower()
        solar, lunar = language == "per" or country in ("ir", "af"), language == "ara"
        catalogued = [year_in(value, solar, lunar) for field in self._all(("264", "260")) for value in field.get_subfields("c")]
        coded = year_in(self.fixed[7:11], solar, lunar) if not (solar or lunar) or self.fixed[7:9] >= "145" else None
        first = coded or next((year for year in catalogued if year), None) or year_in(self.fixed[7:11], solar, lunar)
        kind = self.fixed[6:7]
        if kind in "cdum" and first:
            end = year_in(self.fixed[11:15], solar, lunar)
            return _Dates(first, 9999 if self.fixed[11:15] == "9999" or kind == "c" else max(end, first) if end else None)
        return _Dates(first)

    def _series(self) -> str | None:
        for field in self._all(_SERIES):
            if series := tidy(_joined(field, "tnp" if field.tag in ("800", "810", "811") else "anp")):
                number = tidy(field.get("v"))
                return f"{series}; {number}" if number else series
        return None

    def _languages(self) -> tuple[str, ...]:
        codes = [self.fixed[35:38]]
        for field in self._all(("041",)):
            for value in field.get_subfields("a", "d"):
                # Older records run the codes together: "engfre".
                codes += [value] if field.indicator2 == "7" else re.findall(r"[a-z]{3}", value.lower())
        return _unique(two_letter(code) for code in codes)

    def _type(self, host: pymarc.Field | None) -> WorkType:
        kind, level = self.leader[6:7], self.leader[7:8]
        if self._first("502") is not None or (kind in "at" and level == "m" and "m" in self.fixed[24:28]):
            return "thesis"
        if kind in _AUDIO_VISUAL:
            return "audio-visual"
        if kind == "m":
            return "dataset" if self.fixed[26:27] == "a" else "website" if self.fixed[26:27] == "j" else "other"
        if kind not in "at ":
            return "other"
        if level in "ab":
            return "journal-article" if level == "b" or (host and host.get("x")) else "book-chapter"
        if level == "s":
            return "website" if self.fixed[21:22] == "w" else "journal"
        if level == "i":
            return "website" if self.fixed[21:22] in "wd" else "book"
        return "book"

    def _addresses(self) -> Iterator[tuple[str, pymarc.Field]]:
        for field in self._all(("856",)):
            for value in field.get_subfields("u"):
                url = value.strip()
                try:
                    parts = urlsplit(url)
                except ValueError:
                    continue
                if parts.scheme.lower() in ("http", "https") and parts.netloc and not re.search(r"\s", url):
                    yield url, field

    def _links(self) -> tuple[Link, ...]:
        links = [
            Link(url=url, label=(label := tidy(_joined(field, "3yz"))), kind=_link_kind(field.indicator2, label))
            for url, field in self._addresses()
        ]
        return tuple(dict.fromkeys(links))


def _link_kind(indicator: str, label: str | None) -> Literal["full-text", "related", "landing"]:
    if indicator == "2" or (label and _ABOUT.search(label)):
        return "related"
    return "full-text" if indicator in ("0", "1") else "landing"


def _host_pages(host: pymarc.Field | None) -> str | None:
    found = re.search(r"(?:\bpp?\.|ص\.?)\s*(\w+(?:\s*[-–]\s*\w+)?)", _joined(host, "g") or "") if host else None
    return found.group(1) if found else None


def _parts(field: pymarc.Field, codes: str) -> list[tuple[str, str]]:
    return [(part.code, part.value) for part in field.subfields if part.code in codes]


def _joined(field: pymarc.Field | None, codes: str) -> str | None:
    return " ".join(" ".join(part.value for part in field.subfields if part.code in codes).split()) or None if field else None


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
