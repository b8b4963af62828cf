"""PubMed's search language: what is read from a text, what is refused and how, and that hostile input costs little."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedsearch.errors import QuerySyntaxError
from fedsearch.query import DEEPEST, FIELDS, MOST_CHARACTERS, MOST_TERMS, Boolean, DateRange, Node, Term, parse, render, without_positions


def tree(text: str) -> Node:
    """The tree of a text, positions aside."""
    return without_positions(parse(text).root)


def refused(text: str) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    return caught.value


def test_words_that_stand_together_are_one_plain_term() -> None:
    query = parse("  heart failure   statins ")
    assert query.root == Term("heart failure statins", position=2)
    assert query.is_plain
    assert query.words == ("heart", "failure", "statins")


def test_operators_go_from_left_to_right_without_precedence() -> None:
    assert tree("a1 OR b1 AND c1") == Boolean("AND", (Boolean("OR", (Term("a1"), Term("b1"))), Term("c1")))
    assert tree("a1 AND b1 OR c1") == Boolean("OR", (Boolean("AND", (Term("a1"), Term("b1"))), Term("c1")))


def test_parentheses_change_the_order() -> None:
    assert tree("a1 OR (b1 AND c1)") == Boolean("OR", (Term("a1"), Boolean("AND", (Term("b1"), Term("c1")))))


def test_terms_side_by_side_are_all_wanted() -> None:
    assert tree('asthma[ti] "hip pain" (statins)') == Boolean(
        "AND", (Term("asthma", "title"), Term("hip pain", phrase=True), Term("statins"))
    )


def test_only_capitals_are_operators() -> None:
    assert tree("cause and effect or not") == Term("cause and effect or not")


def test_what_is_not_wanted_is_left_out_of_the_terms() -> None:
    assert [term.text for term in parse("asthma NOT (child OR infant) AND statins").terms()] == ["asthma", "statins"]


@pytest.mark.parametrize(("name", "tag"), [(name, tag) for name, tags in FIELDS.items() for tag in tags if "date" not in name])
def test_every_tag_names_its_field_in_any_case(name: str, tag: str) -> None:
    assert tree(f"asthma[{tag.upper()}]") == Term("asthma", name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asthma [ ti ]", Term("asthma", "title")),
        ("cardio*[tiab]", Term("cardio*", "title-abstract")),
        ('"heart failure"[mh:noexp]', Term("heart failure", "mesh", phrase=True, explode=False)),
        ("heart failure[Majr:NoExp]", Term("heart failure", "mesh-major", explode=False)),
        ('"hip pain"[tiab:~2]', Term("hip pain", "title-abstract", phrase=True, near=2)),
        ("hip pain[ti:~۳]", Term("hip pain", "title", phrase=True, near=3)),
        ("2019:2024[dp]", DateRange("2019", "2024")),
        ('"2019/01/05"[dp] : "2024/2"[dp]', DateRange("2019/01/05", "2024/2")),
        ("۲۰۱۹:۲۰۲۴[dp]", DateRange("2019", "2024")),
        ("2020[edat]", DateRange("2020", "2020", "entry-date")),
        ("2019/9:2019/10[dp]", DateRange("2019/9", "2019/10")),
        ("2020/05:2020[dp]", DateRange("2020/05", "2020")),
        ("«بیماری قلبی»[ti]", Term("بیماری قلبی", "title", phrase=True)),
        ("“heart failure”", Term("heart failure", phrase=True)),
        ("asthma\u200f", Term("asthma")),
        ("کم\u200cخونی", Term("کم\u200cخونی")),
    ],
)
def test_each_notation_is_read(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "field", "number"),
    [
        ("10.1056/NEJMoa1409077", "doi", "10.1056/nejmoa1409077"),
        ("https://doi.org/10.1056/NEJMoa1409077", "doi", "10.1056/nejmoa1409077"),
        ("doi: 10.1056/NEJMoa1409077.", "doi", "10.1056/nejmoa1409077"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", "doi", None),
        ("25176015", "pmid", "25176015"),
        ("۲۵۱۷۶۰۱۵", "pmid", "25176015"),
        ("PMID: 123", "pmid", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/25176015/", "pmid", "25176015"),
        ("pmc 4280750", "pmcid", "PMC4280750"),
        ("PMCID: PMC۴۲۸۰۷۵۰", "pmcid", "PMC4280750"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC4280750/", "pmcid", "PMC4280750"),
        ("978-0-306-40615-7", "isbn", "9780306406157"),
        ("ISBN ۰۳۰۶۴۰۶۱۵۲", "isbn", "9780306406157"),
        ("0028-4793", "issn", "0028-4793"),
        ("ISSN: ۰۰۲۸-۴۷۹۳", "issn", "0028-4793"),
    ],
)
def test_a_text_that_is_nothing_but_an_identifier_asks_for_that_item(text: str, field: str, number: str | None) -> None:
    root = parse(text).root
    assert isinstance(root, Term)
    assert (root.field, root.text) == (field, number or text.lower())


@pytest.mark.parametrize("text", ["2019", "p53", "1 2 3 4 5", "10.1000/x[1au]", "covid-19", "pmid 12345 67"])
def test_what_only_looks_like_an_identifier_is_searched_as_words(text: str) -> None:
    root = parse(text).root
    assert isinstance(root, Term)
    assert root.field in ("all", "first-author")


@pytest.mark.parametrize("text", ["(10.1000/abc)", "asthma AND (10.1000/abc OR 10.1000/d(e)f)", "((10.1000/abc))"])
def test_a_doi_gives_the_parentheses_around_it_back(text: str) -> None:
    assert {term.text for term in parse(text).terms()} <= {"asthma", "10.1000/abc", "10.1000/d(e)f"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[Asthma in children].", "Asthma in children ."),
        ("Imaging with [18F]FDG in sepsis", "Imaging with 18F FDG in sepsis"),
        ("an open [bracket", "an open bracket"),
    ],
)
def test_brackets_of_a_title_are_no_field_tags(text: str, words: str) -> None:
    assert tree(text) == Term(words)


def test_punctuation_between_terms_is_not_searched() -> None:
    assert tree("asthma[ti]. - statins[ti];") == Boolean("AND", (Term("asthma", "title"), Term(". - statins", "title")))
    assert tree("asthma[ti] ...") == Term("asthma", "title")


@pytest.mark.parametrize(
    ("text", "position", "says", "helps"),
    [
        ("   ", 0, "empty", "Type a word"),
        ("!!!", 0, "nothing to search for in the search", "Type a word"),
        ("*", 0, "nothing to search for", ""),
        ("asthma ()", 7, "nothing to search for between the parentheses", "Type a word"),
        ("()", 0, "between the parentheses", "Type a word"),
        ("asthma AND", 7, "Nothing stands after AND at position 8", "delete it"),
        ("(asthma OR) statins", 8, "Nothing stands after OR", ""),
        ("NOT asthma", 0, "Nothing stands before NOT", "“not” for the word itself"),
        ("asthma AND OR statins", 11, "AND at position 8 is followed by OR", "Leave one of them out"),
        ("(asthma", 0, "position 1 is never closed", "Add a “)”"),
        ("asthma)", 6, "position 7 has no opening one", "Add a “(”"),
        ('asthma "heart', 7, "quotation mark at position 8 is never closed", "closing quotation mark"),
        ("«قلب", 0, "quotation mark at position 1 is never closed", ""),
        ("asthma[tiabb]", 6, "[tiabb] at position 7 is not known", "Did you mean [tiab]?"),
        ("asthma[mesh trems]", 6, "not known", "Did you mean [mesh terms]?"),
        ("asthma[xyzzy]", 6, "not known", "Usual ones are [ti], [tiab]"),
        ("asthma[au:~3]", 6, "cannot take “:~3”", "MeSH tags take :noexp"),
        ("asthma[tiab:~2]", 0, "two words or more", '"hip pain"[tiab:~2]'),
        ("(asthma OR copd)[tiab]", 16, "[tiab] at position 17 has no term before it", "after each term"),
        ("...[ti]", 0, "no letter or digit before [ti]", "Type a word"),
        ('"…"[ti]', 0, "no letter or digit before [ti]", "Type a word"),
        ("2019/13[dp]", 0, "is not a date", "YYYY/MM"),
        ("2024:2019[dp]", 0, "run backwards", "Write 2019:2024"),
        ("2019/10:2019/9[dp]", 0, "run backwards", "Write 2019/9:2019/10"),
        ("asth\x00ma", 4, "control character (U+0000) at position 5", "Delete it"),
        ("asth\x1bma", 4, "U+001B", "Delete it"),
        ("asth\ud800ma", 4, "U+D800", "Delete it"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_what_would_help(text: str, position: int, says: str, helps: str) -> None:
    error = refused(text)
    assert error.position == position
    assert says in str(error)
    assert helps in error.hint


def test_ten_thousand_parentheses_are_refused_for_their_length() -> None:
    assert "10,000 characters" in str(refused("(" * 10_000))
    assert refused("x" * (MOST_CHARACTERS + 1)).position == MOST_CHARACTERS


def test_parentheses_nest_to_the_limit_and_no_deeper() -> None:
    assert tree("(" * DEEPEST + "asthma" + ")" * DEEPEST) == Term("asthma")
    assert "more than 50 deep" in str(refused("(" * (DEEPEST + 1) + "asthma" + ")" * (DEEPEST + 1)))


def test_terms_are_counted_and_limited() -> None:
    assert len(parse(" OR ".join(["ab"] * MOST_TERMS)).terms()) == MOST_TERMS
    assert "more than 200 terms" in str(refused(" OR ".join(["ab"] * (MOST_TERMS + 1))))


def test_two_hundred_alternating_operators_are_read_and_rendered() -> None:
    text = "ab" + "".join(f" {operator} ab" for operator in ["AND", "OR"] * 99)
    assert len(parse(text).terms()) == 199
    assert render(parse(text).root).count("ab") == 199


def lines_run(text: str) -> int:
    """How many lines of the parser run for a text: work done, whatever the machine."""
    ran = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal ran
        if not frame.f_code.co_filename.endswith(("query.py", "identifiers.py")):
            return None
        ran += event == "line"
        return count

    tracing = sys.gettrace()
    sys.settrace(count)
    try:
        parse(text)
    except QuerySyntaxError:
        pass
    finally:
        sys.settrace(tracing)
    return ran


@pytest.mark.parametrize(
    "piece", ["[", "]", ")", "*", "2019:", '"a" ', "[ti", "a[", "10.1000/", "a (", "«", "AND ", "۱", "\u200c", ".)", "x[ti]"]
)
def test_twice_the_text_takes_at_most_twice_the_work(piece: str) -> None:
    half, whole = (piece * (length // len(piece)) for length in (900, 1_800))
    assert lines_run(whole) <= 2.2 * lines_run(half) + 200


words = st.text("abcxyz0123۱۲قلب\u200c-.*'α", min_size=1, max_size=8).filter(lambda text: any(c.isalpha() for c in text))
fields = st.sampled_from(sorted(name for name in FIELDS if "date" not in name))
phrases = st.lists(words, min_size=2, max_size=3).map(" ".join)
dates = st.builds(lambda year, month: f"{year}/{month}" if month else f"{year}", st.integers(1900, 2030), st.integers(0, 12))
leaves = st.one_of(
    st.builds(Term, words, fields),
    st.builds(Term, phrases, fields, phrase=st.just(True)),
    st.builds(Term, phrases, st.sampled_from(["title", "title-abstract"]), st.just(True), near=st.integers(0, 9)),
    st.builds(Term, phrases, st.just("mesh"), st.booleans(), st.just(False)),
    st.builds(lambda date, field: DateRange(date, date, field), dates, st.sampled_from(["date", "entry-date"])),
)


def text_of(parts: list[str], operators: list[str]) -> str:
    return " ".join(f"{part} {operator}" for part, operator in zip(parts, operators, strict=True)).rsplit(" ", 1)[0]


@st.composite
def texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Queries that can be read, as people type them: some operators, some parentheses, any leaf."""
    count = draw(st.integers(1, 4))
    parts = [f"({draw(texts(depth - 1))})" if depth and draw(st.integers(0, 3)) == 0 else render(draw(leaves)) for _ in range(count)]
    return text_of(parts, [draw(st.sampled_from(["AND", "OR", "NOT"])) for _ in parts])


@given(texts())
def test_a_rendered_tree_parses_to_the_same_tree(text: str) -> None:
    first = tree(text)
    assert tree(render(first)) == first


@given(st.text(max_size=200) | st.text('()[]"“»*:/AND ORti10.2019', max_size=200))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    error = query = None
    try:
        query = parse(text)
    except QuerySyntaxError as refusal:
        error = refusal
    if query:
        assert query.terms() or isinstance(query.root, DateRange)
    else:
        assert error is not None
        assert error.detail
        assert error.position is not None
        assert 0 <= error.position <= len(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("doi.org/10.1056/nejmoa1409077", "10.1056/nejmoa1409077[doi]"),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa1409077", "10.1056/nejmoa1409077[doi]"),
        ("https://pubmed.ncbi.nlm.nih.gov/25176015/?from_term=x", "25176015[pmid]"),
        ("<10.1056/NEJMoa1409077>", "10.1056/nejmoa1409077[doi]"),
        ("ISSN: 0028 4793", "0028-4793[is]"),
        ("covid ۱۹؟", "covid 19?"),
    ],
)
def test_numbers_and_addresses_are_read_as_people_paste_them(typed: str, read: str) -> None:
    assert render(parse(typed).root) == read


@pytest.mark.parametrize("typed", ["heart[ti", "#1 AND #2", "heart failure AND #12"])
def test_half_a_tag_and_the_number_of_an_earlier_search_are_refused(typed: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(typed)
