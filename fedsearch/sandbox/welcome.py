"""The sandbox's page: what this is and is not, what it holds, and how to use it."""

from __future__ import annotations

from html import escape

_EXAMPLES = (
    ("PubMed: search", "/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&sort=relevance&term=heart+failure"),
    ("PubMed: search with tags", "/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&term=sepsis[ti]+AND+2015:2024[dp]"),
    ("PubMed: spelling", "/entrez/eutils/espell.fcgi?db=pubmed&term=astma"),
    ("PubMed: fields", "/entrez/eutils/einfo.fcgi?db=pubmed&retmode=json"),
    ("Crossref: search", "/crossref/works?query.bibliographic=breast+cancer&rows=5"),
    ("Crossref: filters", "/crossref/works?query=stroke&filter=type:journal-article,from-pub-date:2010&select=DOI,title,issued"),
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>fedsearch sandbox</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c2b33; --paper: #fff; --line: #cfdadf; --accent: #0b6478; --note: #fff6df; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e4ecef; --paper: #12191d; --line: #35454d; --accent: #6cc3d5; --note: #3a3013; }} }}
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; color: var(--ink); background: var(--paper); }}
h1 {{ font-size: 1.6rem; margin: 0 0 1rem; }} h2 {{ font-size: 1.15rem; margin: 2rem 0 .5rem; }}
.note {{ background: var(--note); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }}
a {{ color: var(--accent); overflow-wrap: anywhere; }}
code, pre {{ font: .9em ui-monospace, monospace; }}
pre {{ border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; overflow-x: auto; }}
li {{ margin: .3rem 0; }}
</style>
</head>
<body>
<main>
<h1>fedsearch sandbox</h1>
<div class="note">
<p><strong>This is a training stand-in. It is not PubMed and not Crossref.</strong>
It is no part of either, and nothing here may be used for the care of a patient or for a literature review.
Every answer carries the header <code>{header}</code>.</p>
<p lang="fa" dir="rtl">این یک محیط آموزشی است؛ نه پابمد است و نه کراس‌رف. نتیجه‌های آن برای درمان بیمار یا مرور متون به کار نمی‌آید.</p>
</div>
<h2>What it holds</h2>
<p>{pubmed:,} records in PubMed’s notation and {crossref:,} works in Crossref’s, from {origin}.</p>
<h2>How to use it</h2>
<p>Point fedsearch, or any other client of the two services, at these addresses:</p>
<pre>FEDSEARCH_SOURCES__PUBMED__URL=<span class="root"></span>/entrez/eutils/
FEDSEARCH_SOURCES__CROSSREF__URL=<span class="root"></span>/crossref/</pre>
<p>ESearch, EFetch, ESummary, ESpell and EInfo answer for <code>db=pubmed</code>; Crossref answers on <code>/works</code>
and <code>/works/{{doi}}</code>. Some requests to try:</p>
<ul>
{examples}
</ul>
<h2>What differs from the real ones</h2>
<ul>
<li>The MeSH tree is not here: a heading includes narrower ones only where their names begin with it
(“Diabetes Mellitus” includes “Diabetes Mellitus, Type 2”).</li>
<li>Automatic term mapping knows the headings of these records and a few entry terms.</li>
<li>Ranking and scores are the sandbox’s own.</li>
<li>The limits of the real services are enforced only when the sandbox was started with them.</li>
<li>The key <code>bad</code> is refused, as PubMed refuses a wrong key.</li>
</ul>
</main>
<script>
for (const place of document.querySelectorAll(".root")) place.textContent = location.origin;
</script>
</body>
</html>
"""


def welcome_page(pubmed: int, crossref: int, *, bundled: bool, header: str) -> str:
    """The page as HTML."""
    examples = "\n".join(f'<li>{escape(label)}: <a href="{escape(address)}">{escape(address)}</a></li>' for label, address in _EXAMPLES)
    origin = "the bundle that ships with fedsearch" if bundled else "recorded answers that were given at the start"
    return _PAGE.format(pubmed=pubmed, crossref=crossref, origin=origin, header=escape(header), examples=examples)
