"""What the Crossref connector asks, what it makes of each kind of answer, and how a work becomes a record."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from fedsearch.connectors.crossref import CROSSREF, SELECT, Crossref, fault
from fedsearch.connectors.crossref_json import read_work
from fedsearch.connectors.crossref_markup import plain_abstract, plain_text
from fedsearch.connectors.crossref_strategy import MOST_BYTES_OF_WORDS
from fedsearch.errors import (
    SourceBroken,
    SourceDenied,
    SourceError,
    SourceRejected,
    SourceThrottled,
    SourceUnreadable,
    UnsupportedQuery,
)
from fedsearch.model import Author, Flag, Licence, Link, Page, Record, Relation, Strategy
from fedsearch.query import Limits, parse

PAYLOADS = Path(__file__).parents[1] / "payloads" / "crossref"
ADDRESS = "https://api.crossref.org/"
# The names that Crossref lists where a select is refused ("Valid selects for this route are ...", October 2026).
SELECTABLE = frozenset(
    "abstract URL resource member posted score created degree update-policy short-title license ISSN container-title issued update-to "
    "issue prefix approved indexed article-number clinical-trial-number accepted author group-title DOI is-referenced-by-count "
    "updated-by event chair standards-body original-title funder translator published archive published-print alternative-id subject "
    "subtitle published-online publisher-location content-domain reference title link type publisher volume references-count ISBN "
    "issn-type assertion deposited page contributor content-created short-container-title relation editor".split()
)


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def translated(text: str, limits: Limits = Limits(), **more: Any) -> Strategy:
    return Crossref(httpx.AsyncClient()).translate(parse(text, limits, **more))


def asked(strategy: Strategy, response: httpx.Response, limit: int = 50, mailto: str | None = None) -> tuple[Page, httpx.URL]:
    """One search against a canned answer: the page, and the address that was called."""

    async def search() -> Page:
        async with httpx.AsyncClient(base_url=ADDRESS) as http:
            return await Crossref(http, mailto).search(strategy, limit)

    with respx.mock(base_url=ADDRESS) as crossref:
        route = crossref.get("/works").mock(return_value=response)
        page = asyncio.run(search())
        return page, route.calls.last.request.url


def page_of(name: str) -> Page:
    return asked(Strategy(text="asthma"), httpx.Response(200, content=payload(name)))[0]


def records() -> dict[str, Record]:
    return {hit.record.id: hit.record for hit in page_of("answer.json").hits}


def read(**fields: Any) -> Record:
    record = read_work({"DOI": "10.5555/x", "title": ["A title"], **fields})
    assert record is not None
    return record


ARTICLE = "10.5555/fs.2024.0101"


# What is asked


def test_plain_words_go_as_typed_and_lose_nothing() -> None:
    assert translated("aspirin stroke prevention") == Strategy(text="aspirin stroke prevention")


def test_persian_words_go_as_they_are() -> None:
    assert translated("آسم کودکان").text == "آسم کودکان"


def test_boolean_structure_is_lost_with_one_sentence_and_each_word_goes_once() -> None:
    strategy = translated('("heart failure" OR "heart attack") AND statin*')
    assert strategy.text == "heart failure attack statin"
    assert strategy.losses == (
        "Crossref has no phrase search: quoted words were sent as single words.",
        "Crossref has no Boolean search: all words were sent as one bag of words.",
        "Crossref has no truncation: words with * were sent without it.",
    )


def test_what_stands_after_not_is_left_out_and_said() -> None:
    strategy = translated("asthma NOT children")
    assert strategy.text == "asthma"
    assert strategy.losses == ("Crossref cannot exclude words: what stands after NOT was left out.",)


def test_authors_journals_and_affiliations_have_their_own_parameters() -> None:
    strategy = translated("sepsis AND smith ja[au] AND lancet[ta] AND shiraz[ad]")
    assert strategy.text == "sepsis"
    assert strategy.parameters == (("query.author", "smith ja"), ("query.container-title", "lancet"), ("query.affiliation", "shiraz"))
    assert strategy.losses == ()


def test_an_author_as_an_alternative_to_a_word_goes_into_the_bag() -> None:
    strategy = translated("asthma OR smith[au]")
    assert (strategy.text, strategy.parameters) == ("asthma smith", ())
    assert strategy.losses[0].startswith("Crossref cannot offer one field as an alternative")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("10.1000/ABC", "doi:10.1000/abc"),
        ("0140-6736", "issn:0140-6736"),
        ("0140-6736[ta]", "issn:0140-6736"),
        ("978-0-306-40615-7", "isbn:9780306406157"),
        ("0000-0002-1825-0097[auid]", "orcid:0000-0002-1825-0097"),
        ("10.1000/1[doi] OR 10.1000/2[doi]", "doi:10.1000/1,doi:10.1000/2"),
    ],
)
def test_identifiers_alone_are_filters_without_words(text: str, sent: str) -> None:
    assert translated(text) == Strategy(text="", parameters=(("filter", sent),))


def test_an_identifier_as_an_alternative_to_words_is_left_out_and_said() -> None:
    strategy = translated("10.1000/1[doi] OR asthma")
    assert (strategy.text, strategy.parameters) == ("asthma", ())
    assert strategy.losses == ("Crossref cannot offer an identifier or a date as an alternative to words: it was left out.",)


@pytest.mark.parametrize("text", ["foo[doi] AND asthma", "10.1000/a,b[doi] AND asthma"])
def test_an_identifier_that_no_filter_can_carry_is_left_out_and_said(text: str) -> None:
    strategy = translated(text)
    assert (strategy.text, strategy.parameters) == ("asthma", ())
    assert "left out" in strategy.losses[0]


@pytest.mark.parametrize("text", ["25176015", "PMC4212585", "25176015[pmid] OR 25176016[pmid]"])
def test_pubmed_numbers_alone_cannot_be_asked(text: str) -> None:
    with pytest.raises(UnsupportedQuery, match="does not know PubMed numbers"):
        translated(text)


@pytest.mark.parametrize("text", ["2020[dp]", "persian[la]", "review[pt]"])
def test_nothing_but_limits_cannot_be_asked(text: str) -> None:
    with pytest.raises(UnsupportedQuery, match="needs a word"):
        translated(text)


def test_dates_that_hold_for_the_whole_search_are_filters_and_narrow_each_other() -> None:
    strategy = translated("asthma AND 2019/03:2024[dp]", Limits(year_from=2018, year_to=2022))
    assert strategy.parameters == (("filter", "from-pub-date:2019-03,until-pub-date:2022"),)
    assert strategy.losses == ()


def test_dates_inside_an_alternative_are_left_out_and_said() -> None:
    strategy = translated("(asthma AND 2020[dp]) OR copd")
    assert (strategy.text, strategy.parameters) == ("asthma copd", ())
    assert "Crossref cannot offer an identifier or a date as an alternative to words: it was left out." in strategy.losses


def test_entry_dates_languages_types_and_volumes_are_said_to_be_left_out() -> None:
    strategy = translated("asthma AND 2020[edat] AND persian[la] AND review[pt] AND 12[vi] AND 12345678[pmid] AND wz100[cn]")
    assert (strategy.text, strategy.parameters) == ("asthma", ())
    assert len(strategy.losses) == 6
    assert all(loss.endswith(".") and len(loss) < 100 for loss in strategy.losses)


def test_headings_and_title_words_go_as_plain_words_with_a_loss_each() -> None:
    strategy = translated('"Heart Failure/drug therapy"[mh] AND statins[ti]')
    assert strategy.text == "Heart Failure drug therapy statins"
    assert [loss.split(":")[0] for loss in strategy.losses] == [
        "Crossref has no subject headings (MeSH)",
        "Crossref cannot search title or abstract alone",
        "Crossref has no Boolean search",
    ]


def test_types_are_filters_and_several_are_alternatives() -> None:
    strategy = translated("asthma", Limits(types=("journal-article", "preprint")))
    assert strategy.parameters == (("filter", "type:journal-article,type:posted-content"),)


def test_a_type_crossref_does_not_have_leaves_all_types_in() -> None:
    strategy = translated("asthma", Limits(types=("journal-article", "guideline")))
    assert strategy.parameters == ()
    assert strategy.losses == ("Crossref has no type for guideline: works of every type were asked for.",)


def test_a_language_limit_is_lost() -> None:
    losses = translated("asthma", Limits(languages=("fa",))).losses
    assert losses == ("Crossref has no language filter: works in every language were asked for.",)


def test_newest_first_is_asked_for() -> None:
    assert translated("asthma", sort="newest").parameters == (("sort", "published"), ("order", "desc"))


def test_more_words_than_an_address_can_hold_are_cut_and_said() -> None:
    strategy = translated(" ".join(["بیماری‌های"] * 180))
    assert 0 < len(str(httpx.QueryParams({"q": strategy.text}))) <= MOST_BYTES_OF_WORDS + 200
    assert strategy.losses == ("The search has more words than Crossref takes: the last ones were left out.",)


def test_only_fields_that_crossref_lets_select_are_selected() -> None:
    assert set(SELECT.split(",")) <= SELECTABLE


def test_a_search_sends_words_parameters_rows_select_and_mail_address() -> None:
    strategy = translated("sepsis AND lancet[ta] AND 2020[dp]")
    _, url = asked(strategy, httpx.Response(200, content=payload("empty.json")), mailto="library@hospital.example")
    assert dict(url.params) == {
        "query.bibliographic": "sepsis",
        "query.container-title": "lancet",
        "filter": "from-pub-date:2020,until-pub-date:2020",
        "rows": "50",
        "select": SELECT,
        "mailto": "library@hospital.example",
    }


def test_no_mail_address_and_no_words_are_not_sent_empty() -> None:
    _, url = asked(translated("10.1000/abc"), httpx.Response(200, content=payload("empty.json")))
    assert set(url.params) == {"filter", "rows", "select"}


def test_no_more_rows_are_asked_for_than_crossref_gives() -> None:
    _, url = asked(Strategy(text="asthma"), httpx.Response(200, content=payload("empty.json")), limit=5000)
    assert url.params["rows"] == str(CROSSREF.capabilities.most_records) == "1000"


# What the answers mean


def test_hits_keep_crossrefs_order_and_the_total_is_the_one_it_claims() -> None:
    page = page_of("answer.json")
    assert [hit.rank for hit in page.hits] == [1, 2, 3, 4, 5]
    assert page.hits[0].record.id == ARTICLE
    assert (page.total, page.unreadable, page.untitled) == (1234, 0, 0)


def test_an_empty_answer_is_an_empty_page() -> None:
    page = page_of("empty.json")
    assert (page.hits, page.total) == ((), 0)


def test_a_work_without_a_title_is_counted_and_not_shown() -> None:
    page = page_of("one_untitled.json")
    assert (len(page.hits), page.untitled, page.unreadable) == (1, 1, 0)


def test_a_work_that_cannot_be_read_is_counted_and_the_rest_go_on(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        page = page_of("one_without_doi.json")
    assert (len(page.hits), page.unreadable) == (1, 1)
    assert "without a DOI" in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, "select_not_available.json", SourceRejected, "select not available"),
        (200, "select_not_available.json", SourceRejected, "select not available"),
        (400, "maintenance.html", SourceRejected, "rejected"),
        (404, "not_found.txt", SourceRejected, "HTTP 404"),
        (403, "not_found.txt", SourceDenied, "refused"),
        (429, "maintenance.html", SourceThrottled, "too often"),
        (500, "exception.json", SourceBroken, "HTTP 500"),
        (503, "maintenance.html", SourceBroken, "HTTP 503"),
        (504, "maintenance.html", SourceBroken, "HTTP 504"),
        (200, "exception.json", SourceBroken, "fault of its own"),
        (200, "maintenance.html", SourceBroken, "web page"),
        (200, "garbage.json", SourceUnreadable, "not JSON"),
        (200, "single_work.json", SourceUnreadable, "without a list"),
        (301, "not_found.txt", SourceRejected, "HTTP 301"),
    ],
)
def test_each_failure_is_the_error_that_says_what_to_do(status: int, body: str, error: type[SourceError], words: str) -> None:
    response = httpx.Response(status, content=payload(body))
    with pytest.raises(error, match=words):
        asked(Strategy(text="asthma"), response)
    assert isinstance(fault(response), error)


@pytest.mark.parametrize("name", ["answer.json", "empty.json", "one_without_doi.json"])
def test_a_list_of_works_is_no_fault_however_short(name: str) -> None:
    assert fault(httpx.Response(200, content=payload(name))) is None


def test_what_crossref_repeats_of_the_search_stays_out_of_the_message() -> None:
    body = payload("select_not_available.json").replace(b"language", b"patient Karimi")
    verdict = fault(httpx.Response(400, content=body))
    assert verdict is not None
    assert "Karimi" not in verdict.detail


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"status":"ok","message":{"items":null}}'])
def test_an_answer_without_a_list_is_never_an_empty_page(body: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        asked(Strategy(text="asthma"), httpx.Response(200, content=body))


def test_retry_after_is_carried() -> None:
    with pytest.raises(SourceThrottled) as caught:
        asked(Strategy(text="asthma"), httpx.Response(429, headers={"Retry-After": "7"}))
    assert caught.value.retry_after == 7


# How a work becomes a record


def test_every_field_of_an_article_is_read() -> None:
    article = records()[ARTICLE]
    assert article.ids.doi == ARTICLE
    assert article.title == "Low-dose statins in childhood asthma & wheeze: A randomised trial"
    assert article.vernacular_title == "استاتین با دوز کم در آسم کودکان"
    assert article.authors == (
        Author(family="Karimi", given="Mina"),
        Author(family="Morrison", given="Barclay III"),
        Author(collective="STAR Trial Group"),
    )
    assert (article.journal, article.journal_abbreviation) == ("Example Journal of Paediatrics", "Ex. J. Paediatr.")
    assert article.issn == ("1234-5679", "2049-3630")
    assert (article.published, article.published_online) == ("2024-03", "2024-01-15")
    assert (article.volume, article.issue, article.pages) == ("12", "3", "201-9")
    assert (article.publisher, article.place, article.languages) == ("Example Medical Press", "Shiraz", ("en",))
    assert article.licences == (Licence(url="https://creativecommons.org/licenses/by/4.0/", start="2024-01-15", version="vor"),)
    assert article.links == (Link(url="https://journal.example/full/101.pdf", label="application/pdf", kind="full-text"),)
    assert (article.type, article.cited_by, article.url) == ("journal-article", 17, "https://doi.org/10.5555/fs.2024.0101")


def test_an_abstract_keeps_its_sections_and_loses_its_markup() -> None:
    assert records()[ARTICLE].abstract == (
        "BACKGROUND: Statins may help (p < 0.05).\nMETHODS: We gave CO2 and placebo.\nTwice."
    )  # fmt: skip


def test_updates_are_flags_with_their_notice_and_said_by_crossref() -> None:
    assert records()[ARTICLE].flags == (
        Flag(kind="retracted", notice_doi="10.5555/fs.2024.0199", said_by=(CROSSREF.id,)),
        Flag(kind="corrected", notice_doi="10.5555/fs.2024.0150", said_by=(CROSSREF.id,)),
    )


def test_relations_name_what_the_other_work_is_and_who_says_so() -> None:
    assert records()[ARTICLE].related == (
        Relation(
            kind="retraction",
            doi="10.5555/fs.2024.0199",
            note="retraction according to publisher; retraction according to retraction-watch",
        ),
        Relation(kind="correction", doi="10.5555/fs.2024.0150", note="erratum according to publisher"),
        Relation(kind="preprint", doi="10.5555/pre.7", note="has preprint"),
    )


def test_posted_content_is_a_preprint_unless_its_subtype_says_otherwise() -> None:
    preprint = records()["10.5555/pre.7"]
    assert preprint.type == "preprint"
    assert [flag.kind for flag in preprint.flags] == ["preprint"]
    assert [(other.kind, other.doi) for other in preprint.related] == [("article", ARTICLE)]
    assert read(type="posted-content", subtype="blog").type == "website"


def test_a_chapter_has_its_book_its_series_and_its_editors() -> None:
    chapter = records()["10.5555/978-0-306-40615-7_4"]
    assert (chapter.type, chapter.journal, chapter.series) == ("book-chapter", "Handbook of the Lung", "Lecture Notes in Breathing")
    assert chapter.ids.isbn == ("9780306406157",)
    assert [(author.family, author.role) for author in chapter.authors] == [
        ("Avicenna", "author"),
        ("Editor", "editor"),
        ("Translator", "translator"),
    ]
    assert (chapter.published, chapter.year, chapter.pages) == (None, None, "e4")


def test_the_notice_of_a_retraction_is_not_itself_retracted() -> None:
    notice = records()["10.5555/fs.2024.0199"]
    assert notice.flags == ()
    assert [(other.kind, other.doi, other.note) for other in notice.related] == [
        ("retracts", ARTICLE, "retraction according to publisher")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED ARTICLE: Zinc and colds", "retracted"),
        ("Retracted: Zinc and colds", "retracted"),
        ("[RETRACTED] Zinc and colds", "retracted"),
        ("WITHDRAWN: Zinc and colds", "withdrawn"),
    ],
)
def test_a_warning_before_the_title_is_a_flag_and_no_part_of_the_title(title: str, kind: str) -> None:
    record = read(title=[title])
    assert record.title == "Zinc and colds"
    assert [flag.kind for flag in record.flags] == [kind]


@pytest.mark.parametrize("title", ["Retraction: Zinc and colds", "Withdrawn patients in trials", "Retracted articles: a survey"])
def test_titles_about_retraction_are_no_warnings(title: str) -> None:
    assert (read(title=[title]).title, read(title=[title]).flags) == (title, ())


def test_a_title_that_is_nothing_but_a_warning_stays() -> None:
    assert read(title=["RETRACTED:"]).title == "RETRACTED:"


@pytest.mark.parametrize(
    ("update", "flag", "relation"),
    [
        ("expression_of_concern", "concern", "concern"),
        ("withdrawal", "withdrawn", "retraction"),
        ("removal", "withdrawn", "retraction"),
        ("corrigendum", "corrected", "correction"),
        ("partial_retraction", "corrected", "correction"),
        ("new_edition", None, "newer-version"),
        ("something_new", None, "other"),
    ],
)
def test_each_kind_of_update_has_its_flag_and_relation(update: str, flag: str | None, relation: str) -> None:
    record = read(**{"updated-by": [{"DOI": "10.5555/notice", "type": update}]})
    assert [found.kind for found in record.flags] == ([flag] if flag else [])
    assert [other.kind for other in record.related] == [relation]


@pytest.mark.parametrize(
    ("title", "subtitle", "joined"),
    [
        ("Asthma", "a review", "Asthma: a review"),
        ("Asthma: A Review", "a review", "Asthma: A Review"),
        ("Is it asthma?", "A review", "Is it asthma? A review"),
        ("Asthma", "", "Asthma"),
    ],
)
def test_title_and_subtitle_are_one_and_nothing_stands_twice(title: str, subtitle: str, joined: str) -> None:
    assert read(title=[title], subtitle=[subtitle]).title == joined


@pytest.mark.parametrize(
    ("dates", "published", "online"),
    [
        ({"issued": {"date-parts": [[None]]}}, None, None),
        ({"issued": {"date-parts": []}}, None, None),
        ({"issued": {"date-parts": [[2020, 13, 40]]}}, "2020", None),
        ({"issued": {"date-parts": [["2020", "2", "3"]]}}, "2020-02-03", None),
        ({"issued": {"date-parts": [[2019]]}, "published-print": {"date-parts": [[2020, 2]]}}, "2020-02", None),
        ({"published-online": {"date-parts": [[2019, 5, 1]]}}, None, "2019-05-01"),
        ({"issued": {"date-parts": [[0]]}}, None, None),
    ],
)
def test_dates_are_as_precise_as_given_and_null_is_no_date(dates: dict[str, Any], published: str | None, online: str | None) -> None:
    record = read(**dates)
    assert (record.published, record.published_online) == (published, online)


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        ("CO\n      <sub>2</sub>\n   emissions", "CO2 emissions"),
        ("The <i>BRCA1</i> gene", "The BRCA1 gene"),
        ("Trial\n   <i>vs</i>\n   . control (\n  <i>PIK3CA</i>\n )", "Trial vs. control (PIK3CA)"),
        ("lesion<i>in vivo</i>and after", "lesion in vivo and after"),
        ("2-<i>N</i>-acetyl<scp>d</scp>", "2-N-acetyld"),
        ("A &amp;amp;amp; B", "A & B"),
        ("&lt;i&gt;E. coli&lt;/i&gt; again", "E. coli again"),
        ("p<0.05 and x <y and z> w", "p<0.05 and x <y and z> w"),
        ("Cut <i>short", "Cut short"),
        ("Cut <i short", "Cut <i short"),
        ("Q&A: R&D", "Q&A: R&D"),
        ('d-<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>π</mml:mi></mml:math> MOF', "d-π MOF"),
        ("<tex-math>\\alpha</tex-math>α blockers", "α blockers"),
        ("<tex-math>never closed", "never closed"),
        ("a\x00b\ud800c\u2028d", "abc d"),
    ],
)
def test_markup_goes_and_every_word_stays(marked_up: str, plain: str) -> None:
    assert plain_text(marked_up) == plain


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        ("<jats:title>Zusammenfassung</jats:title><jats:p>Wenig Schlaf.</jats:p>", "Wenig Schlaf."),
        ("ABSTRACT Little sleep.", "Little sleep."),
        ("Abstract thinking needs sleep.", "Abstract thinking needs sleep."),
        ("<p>Aims:\n little <b>sleep", "Aims: little sleep"),
        ("<title>Aim</title><title>Sleep</title><p>Little.</p>", "AIM\nSLEEP: Little."),
        ("<jats:p>One</jats:p><jats:list><jats:list-item><jats:p>Two</jats:p></jats:list-item></jats:list>", "One\nTwo"),
        ("<jats:p> </jats:p>", None),
    ],
)
def test_abstracts_of_every_shape_keep_their_text(marked_up: str, plain: str | None) -> None:
    assert plain_abstract(marked_up) == plain


def test_hostile_markup_costs_no_more_than_its_length() -> None:
    assert plain_text("<i" * 50_000) == "<i" * 50_000
    assert plain_text("<p a='" * 20_000).count("<p") == 20_000
    assert plain_text("&amp;" * 50_000) == "&" * 50_000


def test_members_of_an_unexpected_kind_lose_only_themselves() -> None:
    record = read(
        author="Karimi", editor=[None, 3], relation=[], license={"URL": 7}, link=[{}], issued="2020", ISSN=None, ISBN="x", volume=12,
        subtitle=None, abstract=["no"], page={"a": 1}, **{"updated-by": "x", "is-referenced-by-count": "many"},
    )  # fmt: skip
    assert (record.title, record.volume, record.authors, record.cited_by) == ("A title", "12", (), None)
