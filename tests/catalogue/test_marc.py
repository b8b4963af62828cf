"""What a MARC 21 record says, field by field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fedsearch.catalogue import LoadedRecord
from fedsearch.catalogue.marc import NotBibliographic
from fedsearch.model import Author, Item, Link, MeshHeading

Reading = Callable[..., LoadedRecord]
PERSIAN = "008 200101s2014    ir            000 0 per d"


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("245 10 $aHeart failure :$ba companion /$cA. Uthor.", "Heart failure: a companion"),
        ("245 10 $aTextbook of surgery.$nPart 2,$pThe abdomen /$cB. Writer.", "Textbook of surgery. Part 2, The abdomen"),
        ("245 10 $aTextbook of surgery$bthe basis$nVol. 1", "Textbook of surgery: the basis. Vol. 1"),
        ("245 00 $aCirculation$h[electronic resource]", "Circulation"),
        ("245 00 $aHIV / AIDS :$ba guide", "HIV / AIDS: a guide"),
        ("245 00 $aLiving with A.L.S.", "Living with A.L.S."),
        ("245 10 $aپرستاری داخلی جراحی :$bقلب و عروق /$cبرونر.", "پرستاری داخلی جراحی: قلب و عروق"),
    ],
)
def test_a_title_is_shown_without_its_punctuation_and_responsibility(reading: Reading, field: str, title: str) -> None:
    assert reading(field).record.title == title


def test_the_linked_880_gives_the_title_in_the_original_script(reading: Reading) -> None:
    loaded = reading("245 10 $6880-02$aTārīkh-i pizishkī /$cʻA. Mīrī.", "880 10 $6245-02/(3/r$aتاريخ پزشكى /$cع. ميرى.", PERSIAN)
    assert (loaded.record.title, loaded.record.vernacular_title) == ("Tārīkh-i pizishkī", "تاريخ پزشكى")
    assert loaded.searchable.titles == ("Tārīkh-i pizishkī", "تاريخ پزشكى")


def test_an_880_linked_elsewhere_or_not_linked_at_all_is_no_title(reading: Reading) -> None:
    loaded = reading("245 10 $6880-02$aTitle", "880 1_ $6100-01/(3/r$aنام", "880 __ $aبی‌پیوند")
    assert loaded.record.vernacular_title is None


def test_a_record_with_only_a_title_in_the_original_script_shows_that(reading: Reading) -> None:
    assert reading("880 10 $6245-00/(3/r$aعنوان").record.title == "عنوان"


def test_original_script_names_are_searchable(reading: Reading) -> None:
    loaded = reading("245 10 $aX", "100 1_ $6880-01$aJaʻfarī, Jaʻfar", "880 1_ $6100-01/(3/r$aجعفرى، جعفر.")
    assert "جعفرى، جعفر." in loaded.searchable.authors


@pytest.mark.parametrize(
    ("field", "author"),
    [
        ("100 1_ $aBraunwald, Eugene,$d1929-$eauthor.", Author(family="Braunwald", given="Eugene")),
        ("100 1_ $aSmith, John A.", Author(family="Smith", given="John A.")),
        ("100 0_ $aAvicenna,$d980-1037.", Author(family="Avicenna")),
        ("700 1_ $aLibby, Peter,$eeditor.", Author(family="Libby", given="Peter", role="editor")),
        ("700 1_ $aLibby, Peter,$4edt", Author(family="Libby", given="Peter", role="editor")),
        ("700 1_ $aLibby, Peter$4http://id.loc.gov/vocabulary/relators/edt", Author(family="Libby", given="Peter", role="editor")),
        ("700 1_ $aکریمی، مریم،$eمترجم", Author(family="کریمی", given="مریم", role="translator")),
        ("700 1_ $aRāzī, M.,$etr.", Author(family="Rāzī", given="M.", role="translator")),
        ("110 2_ $aWorld Health Organization.$bRegional Office.", Author(collective="World Health Organization. Regional Office")),
        ("111 2_ $aHeart Congress$n(2nd :$d2001 :$cTehran)", Author(collective="Heart Congress (2nd : 2001 : Tehran)")),
    ],
)
def test_names_lose_dates_and_relators_and_gain_a_role(reading: Reading, field: str, author: Author) -> None:
    assert reading("245 10 $aX", field).record.authors == (author,)


@pytest.mark.parametrize(
    "field",
    ["700 1_ $aBrush, Paul,$eillustrator.", "710 2_ $aProQuest (Firm)", "700 12 $aGalen.$tOn the pulse.", "710 2_ $aPress,$epublisher."],
)
def test_who_did_not_write_edit_or_translate_is_no_author_and_still_found(reading: Reading, field: str) -> None:
    loaded = reading("245 10 $aX", field)
    assert loaded.record.authors == ()
    assert loaded.searchable.authors


@pytest.mark.parametrize(
    ("fixed", "imprint", "published"),
    [
        ("s2010    xxu", "260 __ $cc2009.", "2010"),
        ("s        xxu", "260 __ $cc2009.", "2009"),
        ("s    xxxx", "264 _1 $c[2010]", "2010"),
        ("s19uu    xxu", "260 __ $c[19--?]", None),
        ("m20032008xxu", "260 __ $c2003-2008.", "2003"),
        ("s2014    ir ", "264 _1 $cc1393 [2014 or 2015].", "2014"),
        ("s1395    ir ", "264 _1 $c۱۳۹۵.", "2016"),
        ("s1395    ir ", "264 _1 $c1395 [2017].", "2017"),
        ("s        ir ", "264 _1 $c١٣٩٥", "2016"),
        ("s        ir ", "264 _1 $c1310 ق.", "1892"),
        ("s1482    it ", "260 __ $c1482", "1482"),
    ],
)
def test_a_year_is_western_whatever_the_calendar(reading: Reading, fixed: str, imprint: str, published: str | None) -> None:
    language = "per" if fixed[9:11] == "ir" else "eng"
    assert reading("245 10 $aX", f"008 200101{fixed:12}           000 0 {language} d", imprint).record.published == published


def test_a_serial_that_goes_on_has_no_last_year(reading: Reading) -> None:
    fixed = "008 200101c19539999mduer p       0    0eng c"
    assert reading("245 00 $aCirculation", fixed, leader="00000nas a2200000 a 4500").last_year == 9999


def test_publisher_and_place_are_the_publishers_and_not_the_printers(reading: Reading) -> None:
    record = reading("245 10 $aX", "264 _3 $aCity :$bPrinter", "264 _1 $a[Tihrān] :$bNashr-i Chishmah,$c1394").record
    assert (record.place, record.publisher) == ("Tihrān", "Nashr-i Chishmah")


@pytest.mark.parametrize(
    "unknown", ["260 __ $a[S.l. :$bs.n.]", "264 _1 $a[Place of publication not identified] :$b[publisher not identified]"]
)
def test_an_unknown_publisher_is_none(reading: Reading, unknown: str) -> None:
    record = reading("245 10 $aX", unknown).record
    assert (record.place, record.publisher) == (None, None)


def test_isbns_lose_qualifiers_and_cancelled_ones_do_not_count(reading: Reading) -> None:
    ids = reading("245 10 $aX", "020 __ $a978-0-07-180215-4 (hbk.)", "020 __ $z9780071802161", "020 __ $a0071802150 $qv. 1").record.ids
    assert ids.isbn == ("9780071802154",)


def test_a_doi_comes_from_024_or_from_the_address_of_the_text_itself(reading: Reading) -> None:
    assert reading("245 10 $aX", "024 7_ $a10.1036/ABC$2doi").record.ids.doi == "10.1036/abc"
    assert reading("245 10 $aX", "856 40 $uhttps://doi.org/10.1036/ABC").record.ids.doi == "10.1036/abc"
    assert reading("245 10 $aX", "856 42 $uhttps://doi.org/10.1036/ABC").record.ids.doi is None


def test_languages_come_from_008_and_from_041_run_together_or_not(reading: Reading) -> None:
    assert reading("245 10 $aX", "041 1_ $aengper$hger").record.languages == ("en", "fa")


@pytest.mark.parametrize(
    ("leader", "lines", "kind"),
    [
        ("nam", (), "book"),
        ("nas", (), "journal"),
        ("ngm", (), "audio-visual"),
        ("nam", ("502 __ $aThesis (M.D.)--Tehran.",), "thesis"),
        ("naa", ("773 0_ $tBook of hearts$z9780071802154",), "book-chapter"),
        ("nab", ("773 0_ $tCirculation$x0009-7322",), "journal-article"),
        ("nai", ("008 200101c20109999xxu   w             eng d",), "website"),
    ],
)
def test_the_type_is_told_by_the_leader(reading: Reading, leader: str, lines: tuple[str, ...], kind: str) -> None:
    assert reading("245 10 $aX", *lines, leader=f"00000{leader} a2200000 a 4500").record.type == kind


def test_a_journal_is_its_own_journal_and_a_part_names_its_host(reading: Reading) -> None:
    journal = reading("245 00 $aStroke.", "022 __ $a0039-2499", leader="00000nas a2200000 a 4500").record
    assert (journal.title, journal.journal, journal.issn) == ("Stroke", "Stroke", ("0039-2499",))
    part = reading("245 00 $aOn clots", "773 0_ $tStroke.$gp. 12-15$x0039-2499", leader="00000nab a2200000 a 4500").record
    assert (part.journal, part.pages, part.issn) == ("Stroke", "12-15", ("0039-2499",))


def test_mesh_headings_are_kept_apart_from_other_subjects(reading: Reading) -> None:
    record = reading(
        "245 10 $aX",
        "650 12 $aHeart Failure$xdrug therapy.",
        "650 _2 $aHeart Failure$xmortality.",
        "650 _7 $aNursing Care$2mesh",
        "650 _0 $aHeart$xDiseases.",
        "653 __ $aقلب$aنارسایی",
        "650 _4 $aبیماری‌های قلب",
    ).record
    assert record.mesh == (
        MeshHeading(name="Heart Failure", major=True, qualifiers=("drug therapy", "mortality")),
        MeshHeading(name="Nursing Care"),
    )
    assert record.keywords == ("Heart -- Diseases", "بیماری‌های قلب", "قلب", "نارسایی")


def test_links_are_web_addresses_and_say_what_they_lead_to(reading: Reading) -> None:
    links = reading(
        "245 10 $aX",
        "856 40 $uhttps://example.org/text$zOpen access",
        "856 42 $uhttps://example.org/about",
        "856 41 $3Table of contents$uhttp://example.org/toc",
        "856 4_ $uhttps://example.org/",
        "856 4_ $ujavascript:alert(1)",
        "856 4_ $uhttp://[broken",
    ).record.links
    assert links == (
        Link(url="https://example.org/text", label="Open access", kind="full-text"),
        Link(url="https://example.org/about", kind="related"),
        Link(url="http://example.org/toc", label="Table of contents", kind="related"),
        Link(url="https://example.org/"),
    )


def test_a_unimarc_record_is_refused_by_its_name(reading: Reading) -> None:
    with pytest.raises(NotBibliographic, match="UNIMARC"):
        reading("200 1_ $aTitre propre$fAuteur")


def test_the_number_of_a_copy_is_not_part_of_the_place_on_the_shelf(reading: Reading) -> None:
    items = reading("245 10 $aX", "952 __ $bMAIN$oWG 370 H230 2020 c.1$p1", "952 __ $bMAIN$oWG 370 H230 2020 c.2$p2").record.items
    assert {item.call_number for item in items} == {"WG 370 H230 2020"}


def test_marc_items_say_where_and_not_whether(reading: Reading) -> None:
    assert reading("245 10 $aX", "852 0_ $aHL$bMAIN$cSTACKS$hWG 370$iB825 2015$t2$p3001").record.items == (
        Item(place="MAIN", shelf="STACKS", call_number="WG 370 B825 2015", copy_number="2", barcode="3001"),
    )


@pytest.mark.parametrize(
    ("state", "available", "status"),
    [
        ("$00$10$40$70", True, None),
        ("", None, None),
        ("$00$q2026-01-20", False, "on loan until 2026-01-20"),
        ("$01", False, "withdrawn"),
        ("$12", False, "lost"),
        ("$7-1", False, "on order"),
        ("$71", True, "for use in the library"),
        ("$41", None, "damaged"),
    ],
)
def test_koha_items_say_whether_they_can_be_had(reading: Reading, state: str, available: bool | None, status: str | None) -> None:
    (item,) = reading("245 10 $aX", f"952 __ $aCENTRAL$bCENTRAL$cREF$oWG 370$p3001$t1{state}").record.items
    assert (item.place, item.call_number, item.available, item.status) == ("CENTRAL", "WG 370", available, status)


def test_a_statement_of_holdings_joins_the_shelf_before_it(reading: Reading) -> None:
    items = reading("245 00 $aX", "852 __ $bMAIN$cPER", "866 _0 $av.350(2004)-v.373(2015)", "867 _0 $a2005").record.items
    assert items == (
        Item(place="MAIN", shelf="PER", statement="v.350(2004)-v.373(2015)"),
        Item(place="MAIN", shelf="PER", statement="Supplements: 2005"),
    )


def test_a_statement_before_the_copies_stands_on_the_only_shelf_they_share(reading: Reading) -> None:
    copies = ("952 __ $bMAIN$cPER$oW1 CI743$p3001", "952 __ $bMAIN$cPER$oW1 CI743$p3002")
    statement = reading("245 00 $aX", "866 _0 $a2004-2015", *copies).record.items[0]
    assert statement == Item(place="MAIN", shelf="PER", call_number="W1 CI743", statement="2004-2015")
    elsewhere = reading("245 00 $aX", "866 _0 $a2004-2015", *copies, "952 __ $bBRANCH$p3003").record.items[0]
    assert elsewhere == Item(statement="2004-2015")


def test_dates_of_publication_are_no_statement_of_what_is_held(reading: Reading) -> None:
    assert reading("245 00 $aX", "362 0_ $aVol. 1 (1950)-").record.items == ()


def test_series_edition_and_abstract(reading: Reading) -> None:
    record = reading("245 10 $aX", "250 __ $a10th ed. /$brevised by A.", "490 1_ $aHeart series ;$vv. 3", "520 __ $aAbout hearts.").record
    assert (record.edition, record.series, record.abstract) == ("10th ed. / revised by A.", "Heart series; v. 3", "About hearts.")


def test_without_001_the_number_is_of_035_or_made_of_the_content_and_stays_the_same(reading: Reading) -> None:
    assert reading("245 10 $aX", "001 ", "035 __ $a(OCoLC)5").record.id == "(OCoLC)5"
    first, again, other = (reading("001 ", f"245 10 $a{title}").record.id for title in ("X", "X", "Y"))
    assert first == again != other


@pytest.mark.parametrize("leader", ["00000ny  a2200000 a 4500", "00000nz  a2200000 a 4500", "00000nam a2200000 a 4500"])
def test_holdings_authorities_and_untitled_records_are_refused_with_a_reason(reading: Reading, leader: str) -> None:
    with pytest.raises(NotBibliographic, match=r"holdings|authority|no title"):
        reading("100 1_ $aNobody", leader=leader)


def test_the_leader_can_ask_for_deletion(reading: Reading) -> None:
    loaded = reading("001 n9", leader="00000dam a2200000 a 4500")
    assert (loaded.deleted, loaded.control_number) == (True, "n9")
