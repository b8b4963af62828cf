"""Every text of the page in English and Persian, with plural forms, numbers and dates as each language writes them."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from typing import Any

from persiantools.jdatetime import JalaliDateTime

from fedsearch.api.pages.form import Lang

LANGUAGES: tuple[Lang, ...] = ("en", "fa")
# Iran has kept standard time all year since 2022 (Act of 2 May 2022), so a fixed offset needs no time zone database.
TEHRAN = timezone(timedelta(hours=3, minutes=30))

_JALALI: Callable[[datetime], Any] = JalaliDateTime.to_jalali
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\[])")
_COUNTS = frozenset({"n", "of"})
_TO_PERSIAN = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
_ISOLATED = "\u2068{}\u2069"  # Unicode's first strong isolate and its end
ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
LATIN_LETTER = re.compile("[A-Za-zÀ-ɏ]")


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language by dotted key: `words("status.ok")`."""

    lang: Lang
    texts: Mapping[str, str]
    sentences: tuple[tuple[re.Pattern[str], str], ...] = ()
    """The service's own English sentences that the page knows, as patterns, with the key of each."""

    @property
    def direction(self) -> str:
        return "rtl" if self.lang == "fa" else "ltr"

    def __call__(self, key: str, **values: object) -> str:
        """A text with its places filled in; whole numbers are written in the language's digits."""
        text = self.texts[key]
        return text.format(**{name: self._written(value) for name, value in values.items()}) if values else text

    def has(self, key: str) -> bool:
        return key in self.texts

    def named(self, group: str, value: str) -> str:
        """The word for a value of a fixed list, or the value itself where a source uses one of its own."""
        return self.texts.get(f"{group}.{value}", value)

    def counted(self, key: str, n: int, **values: object) -> str:
        """A text with a number in it, in the form that the number takes: `key.one` or `key.other`."""
        return self(f"{key}.{'one' if n == 1 else 'other'}", n=n, **values)

    def _written(self, value: object) -> str:
        return self.number(value) if isinstance(value, int) else str(value)

    def number(self, n: int) -> str:
        return self.digits(f"{n:,}")

    def digits(self, text: str) -> str:
        return text.translate(_TO_PERSIAN) if self.lang == "fa" else text

    def duration(self, ms: int) -> str:
        if ms < 1000:
            return self("time.ms", n=ms)
        return self("time.s", n=self.digits(f"{ms / 1000:.1f}"))

    def age(self, seconds: int) -> str:
        """How old something is, in the largest unit that fits."""
        for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
            if seconds >= length:
                return self.counted(f"time.{unit}", seconds // length)
        return self.counted("time.seconds", max(seconds, 0))

    def moment(self, iso: str) -> str:
        """A time of ours for people: Jalali and Tehran time in Persian, otherwise UTC; unreadable input comes back as it was."""
        try:
            at = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if self.lang == "fa":
            jalali = _JALALI(at.astimezone(TEHRAN).replace(tzinfo=None))
            month = self(f"months.{jalali.month}")
            return self.digits(f"{jalali.day} {month} {jalali.year}، ساعت {jalali.hour:02}:{jalali.minute:02} به وقت تهران")
        at = at.astimezone(UTC)
        return f"{at.day} {self(f'months.{at.month}')} {at.year}, {at:%H:%M} UTC"

    def isolated(self, text: str) -> str:
        """A value from elsewhere, kept from being turned round by the Persian letters beside it ("1995-2018")."""
        return _ISOLATED.format(text) if self.lang == "fa" else text

    def retold(self, text: str, sources: Mapping[str, str]) -> str | None:
        """Sentences of the service in the page's language, with sources by their names; None where one of them is not known."""
        told = [self._retold(sentence, sources) for sentence in (text, *_BETWEEN_SENTENCES.split(text))]
        if told[0]:
            return told[0]
        return " ".join(filter(None, told)) if all(told[1:]) else None

    def _retold(self, sentence: str, sources: Mapping[str, str]) -> str | None:
        for pattern, key in self.sentences:
            if found := pattern.fullmatch(sentence):
                return self(key, **{place: self._value(place, value, sources) for place, value in found.groupdict().items()})
        return None

    def _value(self, place: str, value: str, sources: Mapping[str, str]) -> object:
        """What stands at a place of a sentence: a count, a source, a kind of evidence, or a value that stays as it is."""
        if place in _COUNTS:
            return int(value)
        if place == "source":
            return sources.get(value, value)
        if place == "tier":
            return self.named("evidence", value.replace(" ", "-"))
        return self.isolated(value)

    def speaks(self, text: str) -> bool:
        """Whether a text is in this page's script, so that it can stand among its words."""
        arabic = len(ARABIC_LETTER.findall(text)) > len(LATIN_LETTER.findall(text))
        return arabic == (self.lang == "fa")


def load(lang: Lang) -> Words:
    texts = _texts(lang)
    known = {key: text for key, text in _texts("en").items() if key.startswith("sentence.")}
    plainest_first = sorted(known.items(), key=lambda pair: (pair[1].count("{"), -len(pair[1]), pair[0]))
    return Words(lang, texts, tuple((_pattern(text), key) for key, text in plainest_first))


def _texts(lang: Lang) -> dict[str, str]:
    source = resources.files("fedsearch.api.pages") / "words" / f"{lang}.toml"
    return dict(_flat(tomllib.loads(source.read_text(encoding="utf-8"))))


def _pattern(text: str) -> re.Pattern[str]:
    """A text with places -> what reads their values back out of a sentence."""
    parts = [
        re.escape(before) + (f"(?P<{place}>{r'[0-9]+' if place in _COUNTS else '.+?'})" if place else "")
        for before, place, _, _ in string.Formatter().parse(text)
    ]
    return re.compile("".join(parts))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, str(value)))
    return found
