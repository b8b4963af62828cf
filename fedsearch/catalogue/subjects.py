"""Subject fields (6XX) -> MeSH headings and keywords. https://www.loc.gov/marc/bibliographic/bd6xx.html"""

from __future__ import annotations

from collections.abc import Iterable

import pymarc

from fedsearch.catalogue.isbd import tidy
from fedsearch.model import MeshHeading

# 647 and 648 (events, times) say too little by themselves; 69X are the library's own.
SUBJECTS = ("600", "610", "611", "630", "650", "651", "653", "654", *(f"69{digit}" for digit in range(10)))


def mesh_of(fields: Iterable[pymarc.Field]) -> tuple[MeshHeading, ...]:
    """MeSH headings, each once with all its qualifiers; indicator 1 says which are the point of the book."""
    found: dict[str, MeshHeading] = {}
    for field in fields:
        if not _is_mesh(field) or not (name := tidy(" ".join(field.get_subfields("a", "b")))):
            continue
        earlier = found.get(name, MeshHeading(name=name))
        qualifiers = dict.fromkeys([*earlier.qualifiers, *filter(None, map(tidy, field.get_subfields("x")))])
        found[name] = MeshHeading(name=name, major=earlier.major or field.indicator1 == "1", qualifiers=tuple(qualifiers))
    return tuple(found.values())


def keywords_of(fields: Iterable[pymarc.Field]) -> tuple[str, ...]:
    """Every other subject: a heading with its subdivisions as one term, each $a of an uncontrolled field (653) as one."""
    return tuple(dict.fromkeys(word for field in fields if not _is_mesh(field) for word in _words(field) if word))


def _is_mesh(field: pymarc.Field) -> bool:
    mesh = field.indicator2 == "2" or (field.indicator2 == "7" and (field.get("2") or "").lower().startswith("mesh"))
    return mesh and field.tag in ("650", "651")


def _words(field: pymarc.Field) -> list[str | None]:
    if field.tag == "653":
        return [tidy(value) for value in field.get_subfields("a")]
    heading = tidy(" ".join(part.value for part in field.subfields if part.code in "abcdnpqt"))
    divisions = [tidy(part.value) for part in field.subfields if part.code in "vxyz"]
    return [" -- ".join(part for part in (heading, *divisions) if part)]
