"""What other programs call our members: the columns of spreadsheets and the names in JSON."""

from __future__ import annotations

from functools import lru_cache

from fedsearch.folding import fold

# Our member: the names that mean it, folded. From EndNote, Zotero, Mendeley, Scopus, Web of Science, Embase, Ovid, PubMed, Cochrane,
# Covidence, Rayyan, Publish or Perish, Crossref, and spreadsheets with Persian headings.
_NAMES = {
    "id": "id,key,record id,rec id,record number,item key,covidence,entry id,citation key,شناسه",
    "source": "source,sources,database,name of database,database name,db,source database,library catalog,پایگاه",
    "type": "type,item type,document type,reference type,record type,entry type,entrytype,article type,نوع",
    "publication_types": "publication types,publication type,pt",
    "title": "title,article title,document title,primary title,t1,ti,عنوان,عنوان مقاله",
    "vernacular_title": "vernacular title,original title,translated title,title translation,عنوان اصلی",
    "authors": "authors,author,author names,author s,author full names,authors full names,creator,creators,contributors,au,نویسندگان,نویسنده,پدیدآور,پدیدآورندگان",
    "authors_complete": "authors complete",
    "editors": "editors,editor,book editors,ویراستار,ویراستاران",
    "translators": "translators,translator,مترجم,مترجمان",
    "journal": "journal,source title,publication title,secondary title,journal book,journal title,container title,publication name,periodical,full journal title,"
    "book title,booktitle,journal name,published in,jf,مجله,نشریه,نام مجله",
    "journal_abbreviation": "journal abbreviation,abbreviated source title,journal iso abbreviation,alternate journal,journal abbrev,container title short,iso abbreviation",
    "year": "year,publication year,published year,pub year,py,سال,سال انتشار",
    "date": "date,publication date,issued,cover date,pub date,date published,تاریخ",
    "published": "published",
    "published_online": "published online",
    "volume": "volume,vol,vl,دوره,جلد",
    "issue": "issue,number,no,issue number,is,شماره",
    "pages": "pages,page,page range,pages range,page numbers,pg,صفحات,صفحه",
    "first_page": "first page,page start,start page,beginning page,sp",
    "last_page": "last page,page end,end page,ending page,ep",
    "article_number": "art no,article number,article no,elocation id",
    "publisher": "publisher,publisher name,ناشر",
    "place": "place,place published,publisher address,city,publisher city,publisher location,محل نشر",
    "edition": "edition,نوبت چاپ",
    "series": "series,series title,collection title,فروست",
    "issn": "issn,eissn,print issn,online issn,issnl,شاپا",
    "isbn": "isbn,isbns,isbn issn,issn isbn,شابک",
    "doi": "doi,digital object identifier,doi link",
    "pmid": "pmid,pubmed id,medline pmid,pubmed,pubmed number,medline id",
    "pmcid": "pmcid,pmc,pmc id,pubmed central id",
    "ids": "ids",
    "languages": "languages",
    "language": "language,language of original document,lang,article language,زبان",
    "mesh": "mesh,mesh terms,mesh headings",
    "keywords": "keywords,author keywords,index keywords,manual tags,automatic tags,keyword,emtree drug index terms,tags,کلیدواژه,کلیدواژه ها",
    "abstract": "abstract,abstract note,abstractnote,ab,summary,چکیده,خلاصه",
    "notes": "notes,note,extra,flags notes,یادداشت",
    "flags": "flags",
    "related": "related",
    "url": "url,urls,link,links,article url,articleurl,fulltext url,web address,نشانی",
    "accession": "accession number,embase accession id,eid,ut unique wos id,ut,unique id",
}
_MEMBERS = {name: member for member, names in _NAMES.items() for name in names.split(",")}


@lru_cache(maxsize=8_192)
def member_of(name: str) -> str | None:
    """Our member for a column's heading or a name in JSON; None for one that says nothing to us."""
    return name if name in _NAMES else _MEMBERS.get(fold(name))
