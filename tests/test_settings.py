"""Settings: three layers, every value from the environment, and faults named with file, table, key and what would help."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedsearch.errors import SettingsError
from fedsearch.settings import Settings, load

KEY = "0123456789abcdef"


def refused(environment: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    return caught.value


def configured(folder: Path, name: str, text: str) -> dict[str, str]:
    (folder / name).write_text(text, encoding="utf-8")
    return {"FEDSEARCH_CONFIG": str(folder)}


def test_the_shipped_files_are_a_whole_configuration() -> None:
    settings = load({})
    assert settings.sources.pubmed.url == "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    assert settings.sources.crossref.url == "https://api.crossref.org/"
    assert settings.library.name_fa == "کتابخانه بیمارستان"
    assert set(settings.merging.fields) >= {"title", "authors", "abstract", "mesh"}


def test_the_operators_file_needs_only_what_differs(tmp_path: Path) -> None:
    settings = load(configured(tmp_path, "sources.toml", "[crossref]\nper_second = 1.5\n"))
    assert settings.sources.crossref.per_second == 1.5
    assert settings.sources.crossref.in_flight == load({}).sources.crossref.in_flight


def test_the_environment_wins_over_the_operators_file(tmp_path: Path) -> None:
    own = configured(tmp_path, "service.toml", "[cache]\nfresh_s = 10\n")
    assert load(own).cache.fresh_s == 10
    assert load({**own, "FEDSEARCH_CACHE__FRESH_S": "20"}).cache.fresh_s == 20


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("FEDSEARCH_SOURCES__PUBMED__URL", "http://127.0.0.1:9/e/", "sources.pubmed.url"),
        ("FEDSEARCH_SOURCES__PUBMED__EMAIL", "library@example.org", "sources.pubmed.email"),
        ("FEDSEARCH_SOURCES__PUBMED__ENABLED", "false", "sources.pubmed.enabled"),
        ("FEDSEARCH_SOURCES__PUBMED__PER_SECOND", "2.5", "sources.pubmed.per_second"),
        ("FEDSEARCH_SOURCES__PUBMED__IN_FLIGHT", "2", "sources.pubmed.in_flight"),
        ("FEDSEARCH_SOURCES__CROSSREF__URL", "http://127.0.0.1:9/", "sources.crossref.url"),
        ("FEDSEARCH_SOURCES__CROSSREF__MAILTO", "library@example.org", "sources.crossref.mailto"),
        ("FEDSEARCH_SOURCES__CROSSREF__ENABLED", "false", "sources.crossref.enabled"),
        ("FEDSEARCH_SOURCES__CROSSREF__PER_SECOND", "5", "sources.crossref.per_second"),
        ("FEDSEARCH_SOURCES__CROSSREF__IN_FLIGHT", "1", "sources.crossref.in_flight"),
        ("FEDSEARCH_SOURCES__CATALOGUE__ENABLED", "0", "sources.catalogue.enabled"),
        ("FEDSEARCH_SOURCES__CATALOGUE__IN_FLIGHT", "7", "sources.catalogue.in_flight"),
        ("FEDSEARCH_CATALOGUE__URL", "sqlite:////var/lib/catalogue.sqlite", "catalogue.url"),
        ("FEDSEARCH_STATE__URL", "/var/lib/fedsearch", "state.url"),
        ("FEDSEARCH_CACHE__FRESH_S", "60", "cache.fresh_s"),
        ("FEDSEARCH_CACHE__STALE_S", "120", "cache.stale_s"),
        ("FEDSEARCH_BREAKER__FAILURES", "2", "breaker.failures"),
        ("FEDSEARCH_BREAKER__OPEN_S", "1.5", "breaker.open_s"),
        ("FEDSEARCH_DATA", "/var/lib/fedsearch", "data"),
        ("FEDSEARCH_MERGING__RANKING__RANK_PRIOR", "0.5", "merging.ranking.rank_prior"),
        ("FEDSEARCH_LIBRARY__NAME_EN", "Shariati Hospital Library", "library.name_en"),
    ],
)
def test_the_environment_can_set_every_fixed_name(name: str, value: str, path: str) -> None:
    found: object = load({name: value})
    for part in path.split("."):
        found = getattr(found, part)
    assert str(found).lower() in {value.lower(), {"0": "false"}.get(value, ""), f"{value}.0"}


def test_places_are_named_by_the_catalogues_codes(tmp_path: Path) -> None:
    own = configured(tmp_path, "library.toml", '[places]\nrad = "Radiology"\nICU = "Ward"\n')
    places = load({**own, "FEDSEARCH_PLACES__RAD": "X-ray hall", "FEDSEARCH_PLACES__NEWROOM": "New room"}).places
    assert (places["rad"], places["ICU"], places["NEWROOM"]) == ("X-ray hall", "Ward", "New room")
    assert set(load({}).places) < set(places)


def test_the_catalogue_is_a_file_under_the_data_folder_unless_told() -> None:
    assert load({"FEDSEARCH_DATA": "/srv/x"}).catalogue_file == Path("/srv/x/catalogue.sqlite")
    assert load({"FEDSEARCH_CATALOGUE__URL": "sqlite:////srv/y.db"}).catalogue_file == Path("/srv/y.db")
    assert load({"XDG_DATA_HOME": "/home/a/.data"}).data == Path("/home/a/.data/fedsearch")


def test_other_programs_variables_are_let_alone() -> None:
    assert load({"PATH": "/bin", "OTHER__X": "1", "FEDSEARCH_REQUIRE_ALL": "1"}) == load({})


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("FEDSEARCH_CACHE__FRESH_SECONDS", "Did you mean fresh_s?"),
        ("FEDSEARCH_SOURCES__PUBMED__PER_SECONDS", "Did you mean per_second?"),
        ("FEDSEARCH_SOURCES__PUBMD__URL", "Did you mean pubmed?"),
        ("FEDSEARCH_BREAKR__OPEN_S", "Did you mean breaker?"),
        ("FEDSEARCH_CACHE__ZZZ", "Known here: fresh_s, stale_s, most_mb."),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest_known_one(name: str, hint: str) -> None:
    error = refused({name: "1"})
    assert name in str(error)
    assert error.hint == hint


def test_an_unknown_key_in_a_file_is_named_with_file_table_and_hint(tmp_path: Path) -> None:
    error = refused(configured(tmp_path, "sources.toml", "[pubmed]\nemial = 'x'\n"))
    assert str(tmp_path / "sources.toml") in str(error)
    assert "[sources.pubmed] emial" in str(error)
    assert error.hint == "Did you mean email?"


def test_a_misspelt_file_name_is_not_passed_over(tmp_path: Path) -> None:
    error = refused(configured(tmp_path, "librari.toml", "[library]\nname_en = 'x'\n"))
    assert "librari.toml" in str(error)
    assert error.hint == "Did you mean library.toml?"


def test_a_rule_for_a_field_that_no_work_has_stops_the_start(tmp_path: Path) -> None:
    error = refused(configured(tmp_path, "merging.toml", "[fields]\nfoo = { rule = 'longest' }\n"))
    assert "foo is not a field of a work" in str(error)


def test_kept_answers_can_lie_elsewhere(tmp_path: Path) -> None:
    assert load({"FEDSEARCH_STATE__URL": f"file://{tmp_path}", "FEDSEARCH_DATA": "/data"}).state_folder == tmp_path
    assert load({"FEDSEARCH_DATA": "/data"}).state_folder == Path("/data")


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"FEDSEARCH_CACHE__FRESH_S": "soon"}, "[cache] fresh_s"),
        ({"FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "0"}, "greater than 0"),
        ({"FEDSEARCH_SOURCES__PUBMED__URL": "eutils"}, "must begin with https://"),
        ({"FEDSEARCH_SOURCES__PUBMED": "on"}, "sources.pubmed must be a table"),
        ({"FEDSEARCH_CACHE__FRESH_S__MORE": "1"}, "cache.fresh_s must be a value"),
        ({"FEDSEARCH_CATALOGUE__URL": "mysql://x"}, "is not a catalogue address"),
        ({"FEDSEARCH_CONFIG": "/nowhere/at/all"}, "is not a folder"),
        ({"FEDSEARCH_MERGING__FIELDS__TITLE": "longest"}, "must be a table"),
        ({"FEDSEARCH_STATE__URL": "redis://127.0.0.1"}, "must be empty or a folder"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(environment: dict[str, str], says: str) -> None:
    error = refused(environment)
    assert says in str(error)
    assert next(iter(environment)).removesuffix("__MORE") in str(error)


@pytest.mark.parametrize(
    ("text", "says"),
    [("[pubmed\n", "sources.toml"), ("pubmed = 3\n", "sources.pubmed must be a table"), ("[pubmed]\nenabled = 'maybe'\n", "enabled")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, says: str) -> None:
    assert says in str(refused(configured(tmp_path, "sources.toml", text)))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_bytes(b'[library]\nname_fa = "' + "کتاب".encode("cp1256") + b'"\n')
    assert "library.toml" in str(refused({"FEDSEARCH_CONFIG": str(tmp_path)}))


@pytest.mark.parametrize("more", [{}, {"FEDSEARCH_SOURCES__PUBMED__API_KEY": "another"}])
def test_a_key_in_a_file_is_refused_and_not_repeated(tmp_path: Path, more: dict[str, str]) -> None:
    error = refused({**configured(tmp_path, "sources.toml", f'[pubmed]\napi_key = "{KEY}"\n'), **more})
    assert "does not belong in a file" in str(error)
    assert "FEDSEARCH_SOURCES__PUBMED__API_KEY" in error.hint
    assert KEY not in error.detail


@pytest.mark.parametrize("variable", ["FEDSEARCH_SOURCES__PUBMED__API_KEY", "NCBI_KEY"])
def test_the_key_comes_from_the_variable_that_the_file_names(tmp_path: Path, variable: str) -> None:
    settings = load({**configured(tmp_path, "sources.toml", f'[pubmed]\nkey_variable = "{variable}"\n'), variable: KEY})
    assert settings.sources.pubmed.api_key is not None
    assert settings.sources.pubmed.api_key.get_secret_value() == KEY


def test_a_key_never_shows() -> None:
    settings = load({"FEDSEARCH_SOURCES__PUBMED__API_KEY": KEY})
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_key_raises_pubmeds_pace_and_its_absence_keeps_it() -> None:
    assert load({}).sources.pubmed.pace == 3
    assert load({"FEDSEARCH_SOURCES__PUBMED__API_KEY": KEY}).sources.pubmed.pace == 10
    assert load({"FEDSEARCH_SOURCES__PUBMED__API_KEY": KEY, "FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "20"}).sources.pubmed.pace == 20


def test_settings_are_frozen() -> None:
    assert Settings.model_config["frozen"]
