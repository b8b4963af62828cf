"""The page for people: a search, its results, one work, a problem and the API reference as HTML, in English and Persian.

`Pages` is pure once it is built: the same form and answer give the same page, and nothing here knows of HTTP.
The pages hold no inline style or script and load nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from fedsearch.api.pages.form import Form, Lang, LibraryFacts
from fedsearch.api.pages.hand import decided
from fedsearch.api.pages.links import contact
from fedsearch.api.pages.problem import problem_view
from fedsearch.api.pages.record import record_view
from fedsearch.api.pages.reference import reference
from fedsearch.api.pages.results import results
from fedsearch.api.pages.words import LANGUAGES, Words, load

__all__ = ["STATIC", "Form", "Lang", "LibraryFacts", "Pages"]

STATIC = resources.files("fedsearch.api.pages") / "static"
"""The folder that is to be served under /static/."""

SEARCHABLE_TYPES = ("journal-article", "guideline", "preprint", "book", "book-chapter", "conference-paper", "thesis", "report", "dataset")
# OpenSearch 1.1, "The ShortName element" and "The LongName element".
_LONGEST_SHORT_NAME, _LONGEST_LONG_NAME = 16, 48
EXAMPLES = ("words", "boolean", "persian", "truncation", "doi")
RULES = ("words", "operators", "phrase", "fields", "identifiers")


def _static_address() -> Callable[[str], str]:
    """Addresses of static files that change with their content, so that a browser may keep them for good."""
    marks = {file.name: sha256(file.read_bytes()).hexdigest()[:10] for file in STATIC.iterdir() if file.is_file()}
    return lambda name: f"/static/{name}?v={marks[name]}"


def _source_name(source: str, name: str, words: Words) -> str:
    """A source's name as configured; where that is in the other script, our own word for it if there is one."""
    return name if words.speaks(name) else words.texts.get(f"source.{source}", name)


@dataclass(frozen=True, slots=True)
class _Head:
    """What every page needs beside its own content."""

    form: Form
    words: Words
    library: LibraryFacts
    sources: tuple[tuple[str, str], ...]
    library_name: str
    opening: str
    contact: str | None
    own_address: str
    other_lang: str
    other_address: str
    types: tuple[str, ...] = SEARCHABLE_TYPES


class Pages:
    """The pages of one library; build it once."""

    def __init__(self, library: LibraryFacts) -> None:
        self._library = library
        self._words: Mapping[str, Words] = {lang: load(lang) for lang in LANGUAGES}
        self._names: Mapping[str, Mapping[str, str]] = {
            lang: {source: _source_name(source, name, words) for source, name in library.sources} for lang, words in self._words.items()
        }
        self._templates = Environment(
            loader=PackageLoader("fedsearch.api.pages", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(static=_static_address(), rules=RULES)

    def home(self, form: Form) -> str:
        words = self._words[form.lang]
        examples = [
            (words(f"home.example.{name}.query"), words(f"home.example.{name}.note"), form.new_search(words(f"home.example.{name}.query")))
            for name in EXAMPLES
        ]
        return self._render("home.html", form, "/", examples=examples)

    def results(self, form: Form, response: Mapping[str, Any], base: str) -> str:
        """`response` is the JSON of a search; `base` the service's own address for addresses that people copy."""
        shown = results(form, response, base, self._words[form.lang], self._names[form.lang])
        return self._render("results.html", shown.form, "/search", results=shown)

    def work(self, form: Form, work: Mapping[str, Any]) -> str:
        """The record view; where `work["records"]` hold whole records they are compared field by field."""
        places = {**self._library.places.get("en", {}), **self._library.places.get(form.lang, {})}
        shown = record_view(form, work, self._words[form.lang], self._names[form.lang], places)
        return self._render("record.html", form, shown.card.href.partition("?")[0], record=shown)

    def decisions(self, form: Form, decisions: Sequence[Mapping[str, Any]]) -> str:
        """What librarians decided of duplicates, newest first, in the API's members."""
        return self._render("decisions.html", form, "/decisions", decisions=decided(form, self._words[form.lang], decisions))

    def problem(self, form: Form, problem: Mapping[str, Any]) -> str:
        """A problem document (RFC 9457) for people."""
        shown = problem_view(form, problem, self._words[form.lang], self._names[form.lang])
        return self._render("problem.html", form, "/search" if form.q else "/", problem=shown)

    def api_docs(self, form: Form, openapi: Mapping[str, Any]) -> str:
        """The reference of the HTTP API, made from its own description."""
        return self._render("reference.html", form, "/docs", reference=reference(openapi, self._words[form.lang]))

    def opensearch(self, base: str) -> str:
        """The OpenSearch description, by which a browser or another program adds this search; `base` as in `results`."""
        names = {lang: self._library.name.get(lang) or words("site.tagline") for lang, words in self._words.items()}
        short = next((name for name in names.values() if len(name) <= _LONGEST_SHORT_NAME), "fedsearch")
        template = self._templates.get_template("opensearch.xml")
        return template.render(base=base.rstrip("/"), short=short, long=names["en"][:_LONGEST_LONG_NAME], words=self._words)

    def _render(self, template: str, form: Form, path: str, **content: object) -> str:
        words = self._words[form.lang]
        other: Lang = "en" if form.lang == "fa" else "fa"
        head = _Head(
            form=form,
            words=words,
            library=self._library,
            sources=tuple(self._names[form.lang].items()),
            library_name=self._library.name.get(form.lang) or next(iter(self._library.name.values()), "fedsearch"),
            opening=self._library.opening.get(form.lang, ""),
            contact=contact(self._library.contact),
            own_address=form.address(path),
            other_lang=other,
            other_address=form.with_changes(lang=other).address(path),
        )
        return self._templates.get_template(template).render(page=head, w=words, form=form, **content)
