"""What the pages show, read back out of their HTML."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from fedsearch.api.pages import STATIC, Form, Lang, LibraryFacts, Pages

PAYLOADS = Path(__file__).parents[2] / "payloads" / "page"
LIBRARY = LibraryFacts(
    name={"en": "Example Hospital Library", "fa": "کتابخانهٔ بیمارستان نمونه"},
    opening={"en": "All sources at once.", "fa": "همهٔ پایگاه‌ها با هم."},
    contact="mailto:library@example.org",
    sources=(("pubmed", "PubMed"), ("crossref", "Crossref"), ("catalogue", "Library catalogue")),
    demo=True,
)
PAGES = Pages(LIBRARY)
QUERY = "heart failure empagliflozin"


def payload(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return read


def answer(**changes: Any) -> dict[str, Any]:
    return payload("answer") | changes


def nothing_found(status: str) -> dict[str, Any]:
    found = answer(results=[], works=0, shown=0, facets={}, duplicates_removed=0)
    found["sources"][1]["status"] = status
    return found


def work(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = payload("answer")["results"][0] | changes
    return found


def with_whole_records() -> dict[str, Any]:
    pubmed = {"source": "pubmed", "id": "90000001", "rank": 1, "title": "Effect of it", "ids": {"doi": "10.5555/trial.1"}, "volume": "12"}
    crossref = {"source": "crossref", "id": "10.5555/trial.1", "rank": None, "title": "EFFECT OF IT", "ids": {"doi": "10.5555/trial.1"}}
    return work(records=[pubmed, crossref])


def results(lang: Lang = "en", response: dict[str, Any] | None = None, **form: Any) -> str:
    return PAGES.results(Form(q=QUERY, lang=lang, **form), response or answer(), "https://search.example.org/")


def every_page(lang: Lang) -> list[str]:
    form = Form(q=QUERY, lang=lang)
    mistake = {"status": 422, "title": "x", "detail": "Never closed. Add one.", "hint": "Add one.", "position": 3}
    failure = {"status": 502, "title": "No source answered", "detail": "d", "sources": [payload("answer")["sources"][1]]}
    return [
        PAGES.home(Form(lang=lang)),
        results(lang),
        results(lang, filters={"year": ("2021",), "evidence": ("randomised-trial",)}, year_from=2010, types=("book",)),
        results(lang, nothing_found("ok")),
        results(lang, nothing_found("error")),
        PAGES.work(form, with_whole_records()),
        PAGES.work(form, payload("answer")["results"][2]),
        PAGES.problem(form, mistake),
        PAGES.problem(form, failure),
        PAGES.api_docs(Form(lang=lang), payload("openapi")),
    ]


def tree(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def text_of(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def card(page: str, number: int) -> html.HtmlElement:
    return tree(page).xpath("//li[contains(concat(' ', @class, ' '), ' card ')]")[number]


EVERY_PAGE = [(lang, number, page) for lang in ("en", "fa") for number, page in enumerate(every_page(lang))]
for_every_page = pytest.mark.parametrize(
    ("lang", "page"), [(lang, page) for lang, _, page in EVERY_PAGE], ids=[f"{a}{b}" for a, b, _ in EVERY_PAGE]
)


@for_every_page
def test_a_page_says_its_language_and_direction(lang: Lang, page: str) -> None:
    root = tree(page)
    assert (root.get("lang"), root.get("dir")) == (lang, {"en": "ltr", "fa": "rtl"}[lang])


@for_every_page
def test_a_page_holds_no_inline_style_or_script_and_loads_nothing_from_elsewhere(lang: Lang, page: str) -> None:
    root = tree(page)
    assert root.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == []
    loaded = root.xpath("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon' or @rel='preload']/@href")
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []


@for_every_page
def test_links_lead_only_to_the_web_to_the_library_or_into_the_page(lang: Lang, page: str) -> None:
    allowed = re.compile(r"https?://|/(?!/)|#|mailto:library@example\.org$")
    assert [href for href in tree(page).xpath("//@href | //@action") if not allowed.match(href)] == []


@for_every_page
def test_ids_are_unique_and_whatever_refers_to_one_finds_it(lang: Lang, page: str) -> None:
    root = tree(page)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = {name for value in root.xpath("//@aria-labelledby | //@for") for name in value.split()}
    wanted |= {href[1:] for href in root.xpath("//@href[starts-with(., '#')]")}
    assert wanted <= set(ids)


@for_every_page
def test_headings_begin_with_one_h1_and_never_skip_a_level(lang: Lang, page: str) -> None:
    levels = [int(node.tag[1]) for node in tree(page).xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4] | //header//h1")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@for_every_page
def test_a_page_can_be_read_in_the_other_language(lang: Lang, page: str) -> None:
    other = "fa" if lang == "en" else "en"
    (link,) = tree(page).xpath("//a[@hreflang]")
    assert link.get("lang") == other
    assert f"lang={other}" in link.get("href")


def test_the_training_data_of_the_demo_is_named_as_such() -> None:
    assert "Training data" in PAGES.home(Form())
    live = LibraryFacts(name=LIBRARY.name, opening=LIBRARY.opening, sources=LIBRARY.sources)
    assert "Training data" not in Pages(live).home(Form())


def test_what_a_record_says_is_text_never_markup() -> None:
    page = results(response=answer(results=[work(title='<script>alert(1)</script>"', journal="<i>J</i>", abstract="a <b>b</b>")]))
    assert "<script>alert" not in page
    assert "<i>J</i>" not in page
    assert text_of(card(page, 0).xpath(".//h3//a")[0]) == '<script>alert(1)</script>"'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.example", "http://[x", "/\\evil.example"]
)
def test_an_address_that_is_not_on_the_web_is_no_link(address: str) -> None:
    page = results(response=answer(results=[work(access=[{"kind": "open", "label": "x", "url": address, "detail": {}}])]))
    assert "evil" not in "".join(card(page, 0).xpath(".//@href"))
    assert card(page, 0).xpath(".//*[@class='ways']//a") == []


def test_a_card_names_three_authors_and_says_that_there_are_more() -> None:
    assert text_of(card(results(), 0).find_class("byline")[0]) == "Smith JA, Blanc JJ, García M, et al."
    assert text_of(card(results("fa"), 0).find_class("byline")[0]) == "Smith JA, Blanc JJ, García M و دیگران"


def test_a_card_gives_journal_year_volume_issue_and_pages() -> None:
    assert text_of(card(results(), 0).find_class("citation")[0]) == "Journal of Examples · 2021;12(3):45-67"


def test_a_book_gives_edition_publisher_and_year() -> None:
    assert text_of(card(results(), 2).find_class("citation")[0]) == "ویراست ۲ · نشر نمونه · 2019"


def test_a_retraction_is_told_in_words_with_its_notice_and_who_says_so() -> None:
    retracted = card(results(), 0)
    caution = text_of(retracted.find_class("caution")[0])
    assert caution == "Retracted. Do not rely on its findings. Read the notice: 10.5555/notice.1 According to PubMed, Crossref."
    assert retracted.xpath(".//*[contains(@class, 'caution')]//a/@href") == ["https://doi.org/10.5555/notice.1"]
    assert "Retracted:" in text_of(retracted.xpath(".//h3")[0])


def test_an_inferred_kind_of_evidence_is_said_to_be_inferred() -> None:
    assert text_of(card(results(), 0).find_class("tier")[0]) == "Randomised trial"
    assert text_of(card(results(), 1).find_class("tier")[0]) == "Observational study (inferred)"
    assert text_of(card(results("fa"), 1).find_class("tier")[0]) == "مطالعهٔ مشاهده‌ای (استنباطی)"


def test_related_works_are_links_with_what_they_are() -> None:
    links = {text_of(link): link.get("href") for link in card(results(), 0).find_class("related")[0].xpath(".//a")}
    assert links == {"Preprint of this: 10.5555/preprint.1": "https://doi.org/10.5555/preprint.1"}


def test_a_notice_that_a_caution_leads_to_is_not_named_again_among_the_related_works() -> None:
    related = [{"kind": "retraction", "doi": "10.5555/notice.1"}, {"kind": "correction", "doi": "10.5555/notice.2"}]
    links = card(results(response=answer(results=[work(related=related)])), 0).xpath(".//*[contains(@class, 'related')]//a/@href")
    assert links == ["https://doi.org/10.5555/notice.2"]


def test_the_ladder_names_each_way_with_its_conditions() -> None:
    ways = [text_of(way) for way in card(results(), 0).find_class("way")]
    assert ways == ["Free to read published version · CC BY-NC 4.0 · pmc.ncbi.nlm.nih.gov", "SFX at Example Hospital", "Ask for a copy"]


def test_the_ladder_speaks_persian_on_the_persian_page() -> None:
    ways = [text_of(way) for way in card(results("fa"), 0).find_class("way")]
    assert ways[0] == "متن کامل رایگان نسخهٔ منتشرشده · CC BY-NC 4.0 · pmc.ncbi.nlm.nih.gov"
    assert ways[1:] == ["یافتن از طریق کتابخانه", "درخواست نسخه از کتابخانه"]


def test_the_shelf_comes_with_place_call_number_and_copies() -> None:
    (shelf,) = card(results(), 2).find_class("way")
    assert text_of(shelf) == "On the shelf Call number: WG 370 ن34 1398 کتابخانه مرکزی · 1 of 2 copies available"


def test_the_parts_of_a_call_number_are_kept_apart_so_that_persian_letters_do_not_turn_them_round() -> None:
    (number,) = card(results("fa"), 2).find_class("call-number")
    assert number.xpath("./bdi/@dir") == ["ltr"]
    assert [part.text for part in number.xpath("./bdi/bdi")] == ["WG", "370", "ن34", "1398"]


def test_place_and_names_of_the_library_come_in_the_language_of_the_page() -> None:
    shelf = {
        "kind": "shelf",
        "label": "x",
        "url": None,
        "detail": {"place": "Nursing Library", "place_fa": "کتابخانه پرستاری", "held": "1995-2018"},
    }
    ours = {"kind": "resolver", "label": "Our links", "url": "https://links.example.org/", "detail": {"label_fa": "پیوندهای ما"}}
    found = answer(results=[work(access=[shelf, ours])])
    english, persian = ([text_of(way) for way in card(results(lang, found), 0).find_class("way")] for lang in ("en", "fa"))
    assert english == ["On the shelf Nursing Library · Held: 1995-2018", "Our links"]
    assert persian == ["در قفسهٔ کتابخانه کتابخانه پرستاری · موجودی: \u20681995-2018\u2069", "پیوندهای ما"]


def test_a_journals_own_record_names_it_once_and_misses_no_author() -> None:
    journal = {"id": "catalogue:j", "title": "Journal of Examples", "journal": "Journal of Examples", "type": "journal", "year": 1976}
    assert text_of(card(results(response=answer(results=[journal])), 0)).count("Journal of Examples") == 1
    assert card(results(response=answer(results=[journal])), 0).find_class("byline") == []
    facts = tree(PAGES.work(Form(), journal)).find_class("facts")[0]
    assert "Journal of Examples" not in text_of(facts)


def test_copies_that_are_all_on_loan_are_not_called_on_the_shelf() -> None:
    lent = {"kind": "shelf", "label": "On loan", "url": None, "detail": {"place": "Central", "copies": 1, "available": 0}}
    assert (
        text_of(card(results(response=answer(results=[work(access=[lent])])), 0).find_class("way")[0]) == "In this library, on loan Central"
    )


@pytest.mark.parametrize(
    ("lang", "shown"),
    [("en", ["Free to read Online copy (as catalogued) · example.org", "Publisher’s page may need a subscription"]),
     ("fa", ["متن کامل رایگان دسترسی بررسی نشده است · example.org", "صفحهٔ ناشر شاید به اشتراک نیاز داشته باشد"])],
)  # fmt: skip
def test_what_is_not_certain_of_a_way_is_said(lang: Lang, shown: list[str]) -> None:
    copy = {"kind": "open", "label": "Online copy (as catalogued)", "url": "https://www.example.org/a", "detail": {"certain": False}}
    doi = {
        "kind": "resolver",
        "label": "Publisher's page by DOI",
        "url": "https://doi.org/10.5555/x",
        "detail": {"doi": "10.5555/x", "certain": False},
    }
    ways = card(results(lang, answer(results=[work(access=[copy, doi])])), 0).find_class("way")
    assert [text_of(way) for way in ways] == shown


def test_a_work_without_any_way_to_it_sends_the_reader_to_the_library() -> None:
    (none,) = card(results(), 1).find_class("way-none")
    assert none.xpath(".//a/@href") == ["mailto:library@example.org"]


def test_titles_in_another_language_say_which() -> None:
    assert card(results(), 2).xpath(".//h3//bdi/@lang") == ["fa"]
    assert card(results("fa"), 0).xpath(".//h3//bdi/@lang") == ["en"]
    translated = work(title="Heart failure", vernacular_title="Herzinsuffizienz", language="de")
    page = results(response=answer(results=[translated]))
    assert card(page, 0).xpath(".//h3//bdi/@lang") == []
    assert card(page, 0).xpath(".//*[@class='vernacular']/bdi/@lang") == ["de"]


def test_a_source_that_is_down_is_named_above_the_results_and_has_no_count() -> None:
    page = tree(results())
    assert "Crossref did not answer in time; its results are missing." in text_of(page.find_class("notice")[0])
    (crossref,) = page.find_class("source-timeout")
    assert text_of(crossref.xpath("./summary")[0]) == "Crossref Too late 4.0 s"
    assert "Crossref در مهلت مقرر پاسخ نداد" in text_of(tree(results("fa")).find_class("notice")[0])


def test_a_failure_is_never_shown_as_nothing_found() -> None:
    page = text_of(tree(results(response=nothing_found("error"))).xpath("//main")[0])
    assert page.startswith("Nothing was found in the sources that answered")
    assert "This does not mean that nothing exists" in page


def test_nothing_found_by_sources_that_all_answered_is_said_so_with_what_may_help() -> None:
    page = text_of(tree(results(response=nothing_found("ok"), year_from=2020)).xpath("//main")[0])
    assert page.startswith("Nothing was found")
    assert "What may help" in page
    assert "Search again without limits" in page


def test_an_older_answer_is_shown_with_its_age() -> None:
    old = answer()
    old["sources"][0] |= {"status": "stale", "age_s": 7_300}
    assert "PubMed cannot be reached now; its answer shown here is 2 hours old." in text_of(tree(results(response=old)).xpath("//main")[0])


def test_each_source_shows_its_strategy_as_sent_from_left_to_right() -> None:
    (pubmed,) = [node for node in tree(results("fa")).find_class("source") if "PubMed" in text_of(node.xpath("./summary")[0])]
    assert pubmed.xpath(".//pre[@dir='ltr']")[0].text == '"heart failure"[mh] AND empagliflozin[tiab]'
    assert text_of(pubmed.xpath(".//time")[0]) == "۲ آذر ۱۴۰۵، ساعت ۱۶:۰۰ به وقت تهران"


def test_losses_and_left_out_records_are_reported() -> None:
    catalogue = text_of(tree(results()).find_class("source")[2])
    assert "The catalogue has no abstracts." in catalogue
    assert "1 record has no title." in catalogue


def test_counts_are_persian_and_years_of_publication_are_as_the_sources_write_them() -> None:
    page = tree(results("fa"))
    assert text_of(page.xpath("//h1")[0]) == "۹۶ اثر یافت شد"
    (year,) = [node for node in page.find_class("facets")[0].xpath(".//a") if "2021" in node.get("href").split("f.year=")[-1]]
    assert text_of(year).startswith("2021 ۴۰")


def test_a_facet_is_a_list_of_links_into_the_kept_set_and_the_rest_waits() -> None:
    facets = tree(results()).find_class("facets")[0]
    years = facets.xpath(".//ul[@aria-labelledby='facet-year']")
    assert [len(part.xpath("./li")) for part in years] == [6, 2]
    assert years[0].xpath("./li/a/@href")[0] == "/search?q=heart+failure+empagliflozin&lang=en&set=s-1&f.year=2021"
    assert text_of(facets.xpath(".//ul[@aria-labelledby='facet-language']/li")[1]).startswith("Persian")


def test_filters_in_use_can_be_taken_off_one_by_one_and_all_together() -> None:
    page = tree(results(filters={"year": ("2021",), "evidence": ("randomised-trial",)}))
    chips = {text_of(link): link.get("href") for link in page.find_class("chips")[0].xpath(".//a")}
    start = "/search?q=heart+failure+empagliflozin&lang=en&set=s-1"
    assert chips == {
        "Remove filter: Kind of evidence: Randomised trial ×": f"{start}&f.year=2021",
        "Remove filter: Year: 2021 ×": f"{start}&f.evidence=randomised-trial",
        "Clear all filters": start,
    }
    assert [text_of(link) for link in page.xpath("//nav//a[@aria-current='true']")][:2] == [
        "✓Randomised trial 1212 works",
        "✓2021 4040 works",
    ]


def test_the_pager_knows_first_last_and_where_one_is() -> None:
    page = tree(results(response=answer(works=500, shown=500, page=7)))
    (pager,) = page.find_class("pager")
    assert [text_of(item) for item in pager.xpath(".//li")] == ["Previous", "1", "…", "5", "6", "7", "8", "9", "…", "25", "Next"]
    assert [text_of(link) for link in pager.xpath(".//a[@aria-current='page']")] == ["7"]
    assert "page=8" in pager.xpath(".//a[@rel='next']/@href")[0]
    assert text_of(card(results(response=answer(page=3)), 0).find_class("number")[0]) == "41"


def test_the_whole_set_can_be_saved_in_six_formats() -> None:
    links = tree(results()).find_class("exports")[0].xpath(".//a/@href")
    assert links == [f"/api/v1/searches/s-1/export?format={name}" for name in ("ris", "nbib", "bibtex", "csv", "csl-json", "jsonl")]


def test_the_address_of_a_search_holds_no_kept_set() -> None:
    (link,) = tree(results(filters={"year": ("2021",)})).find_class("permanent")[0].xpath(".//a/@href")
    assert link == "https://search.example.org/search?q=heart+failure+empagliflozin&lang=en"


def test_a_suggestion_is_a_link_to_its_own_search() -> None:
    page = tree(results(response=answer(query={"text": QUERY, "suggestion": "heart failure"})))
    assert page.find_class("suggestion")[0].xpath(".//a/@href") == ["/search?q=heart+failure&lang=en"]


def test_a_reference_manager_finds_each_result() -> None:
    coins = card(results(), 0).xpath(".//span[@class='Z3988']/@title")[0]
    assert "rft_id=info%3Adoi%2F10.5555%2Ftrial.1" in coins
    assert "rft.aulast=Smith" in coins


def test_a_record_is_tagged_for_reference_managers() -> None:
    page = tree(PAGES.work(Form(), work()))
    tags = [(tag.get("name"), tag.get("content")) for tag in page.xpath("//meta[starts-with(@name, 'citation_')]")]
    assert ("citation_doi", "10.5555/trial.1") in tags
    assert ("citation_publication_date", "2021/03/01") in tags
    assert ("citation_firstpage", "45") in tags
    assert [content for name, content in tags if name == "citation_author"][:2] == ["John A Smith", "Jean-Jacques Blanc"]


def test_a_record_sets_the_sources_side_by_side_and_marks_what_the_page_shows() -> None:
    (table,) = tree(PAGES.work(Form(), with_whole_records())).find_class("compare")
    rows = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in table.xpath(".//tr")}
    assert rows["Field"] == ["PubMed", "Crossref"]
    assert rows["Title"] == ["✓shown on this page: Effect of it", "EFFECT OF IT"]
    assert rows["Volume"] == ["12", "–not given"]
    assert rows["DOI"] == ["✓shown on this page: 10.5555/trial.1"] * 2


def test_a_record_shows_all_authors_headings_and_a_search_for_each() -> None:
    page = tree(PAGES.work(Form(), work()))
    assert [text_of(name) for name in page.find_class("names")[0]] == [
        "John A Smith",
        "Jean-Jacques Blanc",
        "M. García",
        "EXAMPLE Trial Group",
    ]
    (heading, _) = page.find_class("tags")[0].xpath(".//a")
    assert text_of(heading) == "Heart Failure / drug therapy / mortality (major topic)"
    assert heading.get("href") == "/search?q=%22Heart+Failure%22%5Bmh%5D&lang=en"


def test_mesh_headings_read_the_same_from_either_notation() -> None:
    as_members = {"name": "Heart Failure", "qualifiers": ["drug therapy", "mortality"], "major_qualifiers": ["drug therapy"]}
    assert PAGES.work(Form(), work(mesh=[as_members, {"name": "Humans"}])) == PAGES.work(Form(), work())


def test_a_record_lists_the_copies_with_only_the_columns_that_are_filled() -> None:
    page = tree(PAGES.work(Form(), payload("answer")["results"][2]))
    (table,) = [table for table in page.xpath("//table") if "compare" not in table.get("class", "")]
    assert [text_of(cell) for cell in table.xpath(".//thead//th")] == ["Place", "Shelf", "Call number", "Copy", "State"]
    assert text_of(table.xpath(".//tbody/tr")[1]).endswith("Not available now, امانت تا 1405/09/15")


def test_the_catalogues_codes_of_places_are_written_in_the_librarys_words() -> None:
    named = replace(LIBRARY, places={"en": {"NURSING": "Nursing Library", "REF": "reference"}, "fa": {"NURSING": "کتابخانه پرستاری"}})
    copies = work(items=[{"place": "NURSING", "shelf": "REF"}, {"place": "ANNEX"}])
    cells = tree(Pages(named).work(Form(lang="fa"), copies)).xpath("//section[@aria-labelledby='items']//td")
    assert [text_of(cell) for cell in cells] == ["کتابخانه پرستاری", "reference", "ANNEX", ""]


def test_a_sentence_of_ours_is_told_in_persian_and_an_unknown_one_stays_english_from_left_to_right() -> None:
    reasons = ["number 3 at pubmed", "a reason of tomorrow"]
    shown = card(results("fa", answer(results=[work(ranked_because=reasons)])), 0).find_class("reasons")[0].xpath(".//bdi")
    assert [(text_of(node), node.get("dir"), node.get("lang")) for node in shown] == [
        ("رتبهٔ ۳ در PubMed", "rtl", None),
        ("a reason of tomorrow", "ltr", "en"),
    ]


def test_the_hidden_word_before_a_marked_place_does_not_turn_the_search_round() -> None:
    page = tree(PAGES.problem(Form(q="(heart", lang="fa"), {"status": 422, "detail": "d", "position": 0}))
    assert page.xpath("//mark/span/@dir") == ["rtl"]


def test_a_single_value_beyond_the_usual_ones_does_not_wait_behind_a_fold() -> None:
    seven = answer(facets={"year": [{"value": str(year), "count": 1} for year in range(2015, 2022)]})
    facets = tree(results(response=seven)).find_class("facets")[0]
    assert [len(part.xpath("./li")) for part in facets.xpath(".//ul[@aria-labelledby='facet-year']")] == [7]


def test_the_search_describes_itself_for_browsers() -> None:
    base = "https://search.example.org/"
    root = etree.fromstring(PAGES.opensearch(base).encode())
    texts = {etree.QName(node).localname: node.text for node in root}
    assert len(texts["ShortName"] or "") in range(1, 17)
    assert texts["LongName"] == "Example Hospital Library"
    templates = [node.get("template") for node in root.iterfind("{*}Url")]
    assert templates[:2] == [f"{base}search?q={{searchTerms}}", f"{base}api/v1/search?q={{searchTerms}}"]
    assert tree(PAGES.home(Form())).xpath("//link[@rel='search']/@href") == ["/opensearch.xml"]


def test_a_record_leads_back_to_its_list() -> None:
    form = Form(q=QUERY, set_id="s-1", page=2)
    assert tree(PAGES.work(form, work())).find_class("back")[0].xpath(".//a/@href") == [form.address()]


def test_a_syntax_error_is_marked_in_the_search_with_what_would_help() -> None:
    problem = {"status": 422, "title": "x", "detail": "It is never closed. Add one.", "hint": "Add one.", "position": 4}
    page = tree(PAGES.problem(Form(q='one "two'), problem))
    (mark,) = page.xpath("//mark")
    assert (page.find_class("marked")[0].text, mark.xpath("text()"), mark.tail) == ("one ", ['"'], "two")
    assert text_of(page.xpath("//main")[0]).count("Add one.") == 1


def test_a_place_at_the_very_end_is_marked_too() -> None:
    page = tree(PAGES.problem(Form(q="one AND"), {"status": 422, "detail": "d", "position": 99}))
    assert page.xpath("//mark/text()") == ["▏"]


def test_when_no_source_answered_each_is_named_and_another_try_offered() -> None:
    failure = {"status": 504, "title": "Every source was late", "detail": "d", "sources": [payload("answer")["sources"][1]]}
    page = tree(PAGES.problem(Form(q=QUERY, set_id="s-1"), failure))
    assert "Crossref did not answer in time" in text_of(page.xpath("//main")[0])
    assert page.find_class("button")[0].get("href") == "/search?q=heart+failure+empagliflozin&lang=en"


def test_a_problem_that_has_no_words_of_ours_keeps_its_own() -> None:
    assert text_of(tree(PAGES.problem(Form(), {"status": 418, "title": "A teapot", "detail": "Short."})).xpath("//h1")[0]) == "A teapot"


def test_a_record_with_only_an_id_and_a_title_is_enough() -> None:
    bare = {"id": "crossref:x", "title": "T"}
    assert "No author named" in results(response=answer(results=[bare]))
    assert "T" in text_of(tree(PAGES.work(Form(), bare)).xpath("//h1")[0])


def test_static_files_are_addressed_by_their_content() -> None:
    address = tree(PAGES.home(Form())).xpath("//link[@rel='stylesheet']/@href")[0]
    name, _, mark = address.removeprefix("/static/").partition("?v=")
    assert STATIC.joinpath(name).is_file()
    assert re.fullmatch(r"[0-9a-f]{10}", mark)
