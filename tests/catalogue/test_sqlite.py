"""The catalogue file: what goes in comes out, is found, and stays in step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fedsearch.catalogue import LoadedRecord, SqliteCatalogue
from fedsearch.errors import CatalogueError, QuerySyntaxError
from fedsearch.query import Limits, parse

Reading = Callable[..., LoadedRecord]
JOURNAL = "00000nas a2200000 a 4500"


@pytest.fixture
def held(catalogue: SqliteCatalogue, reading: Reading) -> SqliteCatalogue:
    """Six records that the searches below are asked of."""
    catalogue.load(
        [
            reading(
                "001 braunwald",
                "008 200101s2015    xxu           000 0 eng d",
                "020 __ $a9780071802154",
                "060 _4 $aWG 210",
                "100 1_ $aMann, Douglas L.",
                "245 10 $aBraunwald's heart disease :$ba textbook of cardiovascular medicine",
                "250 __ $a10th edition",
                "650 _2 $aHeart Diseases$xtherapy",
                "024 7_ $a10.1000/heart$2doi",
            ),
            reading(
                "001 nurse",
                "008 200101s2019    xxu           000 0 eng d",
                "100 1_ $aSmith, Jane A.",
                "245 10 $aNursing care in heart failure",
                "650 _2 $aNursing Care",
                "490 1_ $aCardiac library",
            ),
            reading(
                "001 circulation",
                "008 200101c19509999xxu           0    0eng c",
                "022 __ $a0009-7322",
                "245 00 $aCirculation",
                "650 _2 $aHeart",
                leader=JOURNAL,
            ),
            reading(
                "001 tarikh",
                "008 200101s2014    ir            000 0 per d",
                "245 10 $6880-01$aTārīkh-i pizishkī-i Īrān",
                "880 10 $6245-01/(3/r$aتاريخ پزشكى ايران",
                "264 _1 $aTihrān :$bNashr-i Chishmah",
            ),
            reading("001 qalb", "008 200101s1395    ir            000 0 per d", "245 10 $aبیماری‌های قلب و عروق", "700 1_ $aکریمی، مریم"),
            reading(
                "001 film",
                "008 200101s2001    xxu           000 0 eng d",
                "245 10 $aThe circulation of blood",
                leader="00000ngm a2200000 a 4500",
            ),
        ]
    )
    return catalogue


def found(catalogue: SqliteCatalogue, text: str, limits: Limits = Limits(), newest: bool = False) -> list[str]:
    answer = catalogue.search(parse(text, limits, "newest" if newest else "relevance"), 20)
    assert answer.total == len(answer.records)
    return [record.id for record in answer.records]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("heart disease", {"braunwald"}),
        ("heart AND nursing", {"nurse"}),
        ("heart NOT nursing", {"braunwald", "circulation"}),
        ("nursing OR textbook", {"nurse", "braunwald"}),
        ("(nursing OR textbook) AND medicine", {"braunwald"}),
        ('"heart failure"', {"nurse"}),
        ('"failure heart"', set()),
        ("cardi*", {"braunwald", "nurse"}),
        ('"heart fail*"', {"nurse"}),
        ('"nursing failure"[ti:~3]', {"nurse"}),
        ('"nursing failure"[ti:~1]', set()),
        ("heart[ti]", {"braunwald", "nurse"}),
        ("heart[su]", {"braunwald", "circulation"}),
        ("Heart Diseases/therapy[mh]", {"braunwald"}),
        ("Smith JA[au]", {"nurse"}),
        ("Smith J[au]", {"nurse"}),
        ("Smith B[au]", set()),
        ("کریمی[au]", {"qalb"}),
        ("9780071802154", {"braunwald"}),
        ("0-07-180215-0[isbn]", {"braunwald"}),
        ("0009-7322", {"circulation"}),
        ("10.1000/heart", {"braunwald"}),
        ("nurse[001]", {"nurse"}),
        ("WG 210[cn]", {"braunwald"}),
        ("cardiac[se]", {"nurse"}),
        ("chishmah[publisher]", {"tarikh"}),
        ("circulation[ta]", {"circulation"}),
        ("Circ[ta]", {"circulation"}),
        ("the care of the heart[ti]", {"nurse"}),
        ("per[la]", {"tarikh", "qalb"}),
        ("2015:2019[dp]", {"braunwald", "nurse", "circulation", "qalb"}),
        ("heart AND 2016:2030[dp]", {"nurse", "circulation"}),
        ("heart NOT 2019[dp]", {"braunwald"}),
        ("2001[dp] OR 9780071802154[isbn] OR tarikh", {"film", "braunwald", "tarikh", "circulation"}),
        ("12345678[pmid]", set()),
        ("braunwald 2015", {"braunwald"}),
    ],
)
def test_a_question_finds_exactly(held: SqliteCatalogue, question: str, ids: set[str]) -> None:
    assert set(found(held, question)) == ids


@pytest.mark.parametrize("question", ["تاریخ پزشکی ایران", "تاريخ پزشكي ايران", "tarikh-i pizishki-i Iran", "Tārīkh-i pizishkī"])
def test_a_romanised_record_is_found_in_either_script_and_any_letters(held: SqliteCatalogue, question: str) -> None:
    assert found(held, question) == ["tarikh"]


@pytest.mark.parametrize(
    "question", ["بیماری‌های قلب", "بیماری های قلب", "بیماریهای قلب", "بيماريهاي قلب", "«بیماری های قلب»", "بیماری قلب"]
)
def test_a_persian_title_is_found_however_it_is_typed(held: SqliteCatalogue, question: str) -> None:
    assert found(held, question) == ["qalb"]


def test_the_very_title_asked_for_comes_first(held: SqliteCatalogue) -> None:
    assert found(held, "circulation")[0] == "circulation"
    assert found(held, "the circulation of blood")[0] == "film"


def test_the_newest_first_where_asked(held: SqliteCatalogue) -> None:
    assert found(held, "heart", newest=True) == ["nurse", "braunwald", "circulation"]


@pytest.mark.parametrize(
    ("limits", "ids"),
    [
        (Limits(year_from=2016), ["circulation", "nurse"]),
        (Limits(year_to=2016), ["braunwald", "circulation"]),
        (Limits(types=("journal", "thesis")), ["circulation"]),
        (Limits(languages=("fa",)), []),
        (Limits(languages=("eng",)), ["braunwald", "circulation", "nurse"]),
    ],
)
def test_limits_narrow_and_a_journal_that_goes_on_belongs_to_every_later_year(
    held: SqliteCatalogue, limits: Limits, ids: list[str]
) -> None:
    assert sorted(found(held, "heart", limits)) == ids


def test_records_with_most_of_the_words_follow_when_few_have_all(held: SqliteCatalogue) -> None:
    assert found(held, "what is the role of nurses in the care of heart patients") == ["nurse"]
    assert found(held, "nursing care heart failure textbook medicine disease") == ["nurse", "braunwald"]
    assert found(held, "heart failure zebra") == ["nurse"]


def test_the_total_counts_beyond_the_limit(held: SqliteCatalogue) -> None:
    answer = held.search(parse("heart"), 2)
    assert (len(answer.records), answer.total) == (2, 3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="ab*\"'()[]{}:^+-~/\\ \u200cکتاب ANDORNOTNEAR", min_size=1, max_size=40))
def test_no_character_of_a_question_means_anything_to_the_engine(held: SqliteCatalogue, text: str) -> None:
    try:
        query = parse(text)
    except QuerySyntaxError:
        return
    assert held.search(query, 5).total <= held.count()


@pytest.mark.parametrize(
    "question",
    [
        " ".join(["heart AND nursing OR"] * 90 + ["x"]),
        "2015[dp] OR heart AND nursing NOT 1982[dp] " * 40,
        "heart AND (" * 8 + "2015[dp] OR nursing" + ")" * 8,
        "heart AND (" * 8 + "nursing OR care" + ")" * 8,
        " ".join(f"word{n}" for n in range(240)),
    ],
)
def test_long_and_nested_questions_are_answered(held: SqliteCatalogue, question: str) -> None:
    assert held.search(parse(question.strip()), 5).total <= held.count()


def test_an_update_replaces_the_words_too(held: SqliteCatalogue, reading: Reading) -> None:
    counts = held.load([reading("001 nurse", "245 10 $aMidwifery")])
    assert (counts.added, counts.updated, counts.unchanged) == (0, 1, 0)
    assert (found(held, "failure"), found(held, "midwifery"), found(held, "cardiac[se]")) == ([], ["nurse"], [])


def test_the_same_record_again_changes_nothing(catalogue: SqliteCatalogue, reading: Reading) -> None:
    record = reading("245 10 $aX", "022 __ $a0009-7322")
    assert catalogue.load([record, record]).unchanged == 1
    assert catalogue.count() == 1


def test_deleted_records_are_found_no_more(held: SqliteCatalogue, reading: Reading) -> None:
    assert held.delete(["nurse", "nobody"]) == 1
    assert held.load([reading("001 braunwald", leader="00000dam a2200000 a 4500")]).deleted == 1
    assert (held.count(), found(held, "nursing"), found(held, "10.1000/heart"), held.record("nurse")) == (4, [], [], None)


def test_the_full_text_index_stays_whole(held: SqliteCatalogue, reading: Reading) -> None:
    held.load([reading("001 nurse", "245 10 $aMidwifery"), reading("001 film", leader="00000dgm a2200000 a 4500")])
    with sqlite3.connect(held.path) as connection:
        connection.execute("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)")
    connection.close()


def test_a_load_that_breaks_off_leaves_the_catalogue_as_it_was(held: SqliteCatalogue, reading: Reading) -> None:
    def breaking() -> Iterator[LoadedRecord]:
        yield reading("001 new", "245 10 $aNew")
        raise CatalogueError("cut off")

    with pytest.raises(CatalogueError, match="cut off"):
        held.load(breaking())
    assert (held.count(), held.record("new")) == (6, None)


def test_a_record_comes_out_as_it_went_in(catalogue: SqliteCatalogue, reading: Reading) -> None:
    loaded = reading("245 10 $6880-01$aX", "880 10 $6245-01$aی", "020 __ $a9780071802154", "852 __ $bMAIN$cREF", "650 12 $aHeart$xinjuries")
    catalogue.load([loaded])
    assert catalogue.record("n1") == loaded.record


def test_journals_are_found_by_issn(held: SqliteCatalogue) -> None:
    holdings = held.holdings_of_journals(["0009-7322", "00097322", "1234-5679", "no issn"])
    assert {issn: [record.id for record in records] for issn, records in holdings.items()} == {"0009-7322": ["circulation"]}


def test_threads_may_ask_while_another_loads(held: SqliteCatalogue, reading: Reading) -> None:
    with ThreadPoolExecutor(8) as threads:
        loading = threads.submit(held.load, [reading(f"001 x{n}", f"245 10 $aHeart {n}") for n in range(50)])
        answers = [threads.submit(held.search, parse("heart"), 200) for _ in range(40)]
        assert loading.result().added == 50
        assert {answer.result().total for answer in answers} <= {3, 53}


def test_a_read_only_catalogue_answers_and_does_not_take(held: SqliteCatalogue, reading: Reading) -> None:
    with SqliteCatalogue(held.path, read_only=True) as reader:
        assert reader.count() == 6
        with pytest.raises(CatalogueError, match=r"cannot be opened \(attempt to write a readonly"):
            reader.load([reading("245 10 $aX")])


def test_what_is_no_catalogue_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is a text of more than a hundred bytes. " * 5)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (id)")
    other.close()
    for name in ("text", "other.db"):
        with pytest.raises(CatalogueError, match="is not a catalogue") as caught:
            SqliteCatalogue(tmp_path / name)
        assert "catalogue load" in caught.value.hint
    with pytest.raises(CatalogueError, match="There is no catalogue"):
        SqliteCatalogue(tmp_path / "none", read_only=True)
    with pytest.raises(CatalogueError, match="cannot be opened"):
        SqliteCatalogue(tmp_path)


def test_a_catalogue_of_another_version_says_so(catalogue: SqliteCatalogue) -> None:
    with sqlite3.connect(catalogue.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CatalogueError, match="another version"):
        SqliteCatalogue(catalogue.path)


def test_a_closed_catalogue_says_so(catalogue: SqliteCatalogue) -> None:
    catalogue.close()
    with pytest.raises(CatalogueError, match="closed"):
        catalogue.count()
