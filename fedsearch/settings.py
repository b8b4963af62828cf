"""Files and environment -> frozen Settings.

Three layers, the later one wins: the files that ship with fedsearch, the operator's folder (FEDSEARCH_CONFIG), and
variables named FEDSEARCH_<TABLE>__<KEY>. An operator's file needs only the values that differ.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from fedsearch.errors import SettingsError
from fedsearch.model import Record, Work

# A file's tables, and the path under which each of them stands in Settings.
FILES: dict[str, tuple[str, ...]] = {
    "sources.toml": ("sources",),
    "library.toml": (),
    "service.toml": (),
    "merging.toml": ("merging",),
}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("must begin with https:// or http://")
    return url


class SourceSettings(_Table):
    """What every source can be told: calls a second and calls at a time, over all workers of this process."""

    enabled: bool = True
    per_second: float = Field(default=3.0, gt=0, le=1000)
    in_flight: int = Field(default=3, ge=1, le=64)


class PubMedSettings(SourceSettings):
    url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    email: str = ""
    tool: str = "fedsearch"
    key_variable: str = "FEDSEARCH_SOURCES__PUBMED__API_KEY"
    per_second_with_key: float = Field(default=10.0, gt=0, le=1000)
    api_key: SecretStr | None = None

    _check_url = field_validator("url")(_address)

    @property
    def pace(self) -> float:
        """Calls a second that NCBI allows, with the key if there is one."""
        return max(self.per_second, self.per_second_with_key) if self.api_key else self.per_second


class CrossrefSettings(SourceSettings):
    url: str = "https://api.crossref.org/"
    mailto: str = ""

    _check_url = field_validator("url")(_address)


class CatalogueSourceSettings(_Table):
    enabled: bool = True
    in_flight: int = Field(default=4, ge=1, le=64)


class SourcesSettings(_Table):
    pubmed: PubMedSettings = PubMedSettings()
    crossref: CrossrefSettings = CrossrefSettings()
    catalogue: CatalogueSourceSettings = CatalogueSourceSettings()


class LibrarySettings(_Table):
    name_en: str
    name_fa: str
    opening_en: str = ""
    opening_fa: str = ""
    contact: str = ""

    @field_validator("contact")
    @classmethod
    def _reachable(cls, contact: str) -> str:
        if contact and not contact.startswith(("http://", "https://", "mailto:", "tel:")):
            raise ValueError("must begin with https://, mailto: or tel:")
        return contact


class ResolverSettings(_Table):
    url: str = ""
    label_en: str = ""
    label_fa: str = ""

    _check_url = field_validator("url")(_address)


class SearchSettings(_Table):
    deadline_ms: int = Field(default=4000, ge=100, le=30_000)
    late_s: float = Field(default=20, ge=0, le=300)
    keep_s: int = Field(default=86_400, ge=60)


class CacheSettings(_Table):
    fresh_s: float = Field(default=14_400, ge=0)
    stale_s: float = Field(default=604_800, ge=0)
    most_mb: int = Field(default=512, ge=1)


class BreakerSettings(_Table):
    failures: int = Field(default=5, ge=1)
    open_s: float = Field(default=30, gt=0)


class ServiceSettings(_Table):
    """`workers` is told by `fedsearch serve --workers`: each process takes its share of what a source allows."""

    workers: int = Field(default=1, ge=1, le=64)


class StateSettings(_Table):
    url: str = ""

    @field_validator("url")
    @classmethod
    def _folder(cls, url: str) -> str:
        if "://" in url and not url.startswith("file:///"):
            raise ValueError("must be empty or a folder, as file:///PATH")
        return url


class CatalogueSettings(_Table):
    url: str = ""


class Weights(_Table):
    """Points of evidence, for (positive) or against (negative) two records being one work."""

    same_doi: float
    other_doi: float
    second_doi: float
    same_pmid: float
    other_pmid: float
    same_isbn: float
    other_isbn: float
    same_title: float
    close_title: float
    misspelt_title: float
    contained_title: float
    generic_title: float
    unlike_title: float
    other_title: float
    same_first_author: float
    other_first_author: float
    same_authors: float
    other_authors: float
    same_year: float
    same_book_year: float
    next_year: float
    other_year: float
    same_journal: float
    renamed_journal: float
    other_journal: float
    same_pages: float
    other_pages: float
    same_volume: float
    same_issue: float
    other_volume: float
    same_place: float
    other_edition: float
    other_kind: float
    other_part: float
    number_at_same_place: float


class Thresholds(_Table):
    same: float
    unsure: float
    close_title: float
    unlike_title: float
    other_title: float
    close_name: float
    shared_names: float


class FieldRule(_Table):
    """How one field of a work comes out of its records; `sources` in order of whose word comes first."""

    rule: Literal["preferred", "longest", "most complete", "union"]
    sources: tuple[str, ...] = ()


class Ranking(_Table):
    k1: float
    b: float
    title: float
    table_share: float
    rank_prior: float
    best_rank_offset: float
    exact_item: float
    trial_or_review: float
    retracted: float


class MergePolicy(_Table):
    """Everything that merging and ranking may be told: config/merging.toml."""

    weights: Weights
    thresholds: Thresholds
    fields: dict[str, FieldRule]
    ranking: Ranking

    @field_validator("fields")
    @classmethod
    def _known_fields(cls, rules: dict[str, FieldRule]) -> dict[str, FieldRule]:
        for name in rules:
            if name not in Record.model_fields or name not in Work.model_fields:
                raise ValueError(f"{name} is not a field of a work")
        if missing := {"title", "authors"} - set(rules):
            raise ValueError(f"a rule for {' and '.join(sorted(missing))} is needed")
        return rules


class Settings(_Table):
    """All of it; secrets show as asterisks."""

    data: Path
    sources: SourcesSettings
    library: LibrarySettings
    resolver: ResolverSettings
    request: ResolverSettings
    places: dict[str, str] = {}
    places_fa: dict[str, str] = {}
    search: SearchSettings
    cache: CacheSettings
    breaker: BreakerSettings
    state: StateSettings
    service: ServiceSettings = ServiceSettings()
    catalogue: CatalogueSettings
    merging: MergePolicy

    @property
    def state_folder(self) -> Path:
        """Where kept answers and result sets lie."""
        return Path(self.state.url.removeprefix("file://")) if self.state.url else self.data

    @property
    def catalogue_file(self) -> Path:
        """The catalogue's SQLite file."""
        url = self.catalogue.url
        return Path(url.removeprefix("sqlite:///")) if url else self.data / "catalogue.sqlite"


def shipped() -> Path:
    """The folder of the files that ship with fedsearch: inside the installed package, else beside it in a clone."""
    inside = Path(__file__).parent / "config"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "config"


def load(environment: Mapping[str, str]) -> Settings:
    """Read all layers. Raises SettingsError naming the file or variable, the table and the key."""
    values: dict[str, Any] = {}
    origins: dict[tuple[str, ...], str] = {}
    folders = [shipped()]
    if own := environment.get("FEDSEARCH_CONFIG"):
        folders.append(Path(own))
        if not Path(own).is_dir():
            raise SettingsError(f"FEDSEARCH_CONFIG names {own}, which is not a folder.", "Create it, or take the variable away.")
    for folder in folders:
        _only_known_files(folder)
        for name, under in FILES.items():
            _overlay(values, _nested(under, _toml(folder / name)), str(folder / name), origins)
    if secret := origins.get(("sources", "pubmed", "api_key")):
        raise SettingsError(
            f"{secret}: an API key does not belong in a file.",
            "Put it into the environment variable FEDSEARCH_SOURCES__PUBMED__API_KEY.",
        )
    _overlay_environment(values, environment, origins)
    pubmed = values["sources"]["pubmed"]
    if key := environment.get(str(pubmed.get("key_variable", ""))):
        pubmed["api_key"] = key
        origins[("sources", "pubmed", "api_key")] = str(pubmed["key_variable"])
    values["data"] = environment.get("FEDSEARCH_DATA") or _data_home(environment)
    settings = _validated(values, origins)
    if settings.catalogue.url and not settings.catalogue.url.startswith("sqlite:///"):
        raise SettingsError(
            f"{origins.get(('catalogue', 'url'), 'catalogue.url')}: “{settings.catalogue.url}” is not a catalogue address.",
            "Write sqlite:////absolute/path/catalogue.sqlite.",
        )
    return settings


def load_policy(environment: Mapping[str, str] | None = None) -> MergePolicy:
    """How records are merged and ranked: the shipped policy, with what the environment says differently."""
    return load(environment or {}).merging


def _only_known_files(folder: Path) -> None:
    """A misspelt file name would be passed over in silence."""
    for path in sorted(folder.glob("*.toml")):
        if path.name not in FILES:
            close = difflib.get_close_matches(path.name, FILES, n=1)
            raise SettingsError(
                f"{path} is not a file that fedsearch reads.", f"Did you mean {close[0]}?" if close else f"Known: {', '.join(FILES)}."
            )


def _data_home(environment: Mapping[str, str]) -> str:
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(home) / "fedsearch")


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path}: {exc}.", "Correct that line; strings need quotation marks.") from exc
    except OSError as exc:
        raise SettingsError(f"{path} cannot be read: {exc.strerror}.", "Check its permissions.") from exc


def _nested(under: tuple[str, ...], values: dict[str, Any]) -> dict[str, Any]:
    for name in reversed(under):
        values = {name: values}
    return values


def _overlay(
    values: dict[str, Any], more: Mapping[str, Any], origin: str, origins: dict[tuple[str, ...], str], path: tuple[str, ...] = ()
) -> None:
    for key, value in more.items():
        here = (*path, key)
        if isinstance(value, dict) and path != ("merging", "fields"):
            below = values.setdefault(key, {})
            if not isinstance(below, dict):
                raise SettingsError(f"{origin}: {'.'.join(here)} must be a value, not a table.", "")
            _overlay(below, value, origin, origins, here)
        elif isinstance(values.get(key), dict) and not isinstance(value, dict):
            raise SettingsError(f"{origin}: {'.'.join(here)} must be a table, not a value.", "")
        else:
            values[key] = value
            origins[here] = origin


def _overlay_environment(values: dict[str, Any], environment: Mapping[str, str], origins: dict[tuple[str, ...], str]) -> None:
    for name, text in sorted(environment.items()):
        if not name.startswith("FEDSEARCH_") or "__" not in name:
            continue
        path = tuple(name.removeprefix("FEDSEARCH_").lower().split("__"))
        if path[0] == "places":
            path = ("places", *(_place_code(part, name, values) for part in path[1:]))
        more: dict[str, Any] = {path[-1]: text}
        _overlay(values, _nested(path[:-1], more), name, origins)
        origins[path] = name


def _place_code(part: str, name: str, values: Mapping[str, Any]) -> str:
    """A place's code as the files write it, since codes, unlike settings, have a case of their own."""
    known = next((code for code in values.get("places", {}) if code.lower() == part), None)
    return known or name.rpartition("__")[2]


def _validated(values: dict[str, Any], origins: Mapping[tuple[str, ...], str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as exc:
        raise _explained(exc, origins) from None


def _explained(exc: ValidationError, origins: Mapping[tuple[str, ...], str]) -> SettingsError:
    error = exc.errors(include_url=False, include_input=False)[0]
    path = tuple(str(part) for part in error["loc"])
    origin = next((name for key, name in origins.items() if key[: len(path)] == path or path[: len(key)] == key), "the configuration")
    where = f"[{'.'.join(path[:-1])}] {path[-1]}" if len(path) > 1 else path[-1]
    if error["type"] == "extra_forbidden":
        return SettingsError(f"{origin}: {where} is not a setting.", _nearest(path))
    return SettingsError(f"{origin}: {where}: {error['msg']}.", "Correct the value; docs/configuration.md lists them all.")


def _nearest(path: tuple[str, ...]) -> str:
    known: list[str] = []
    model: Any = Settings
    for part in path[:-1]:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            break
        model = annotation
    known = list(model.model_fields)
    close = difflib.get_close_matches(path[-1], known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."
