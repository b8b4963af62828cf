"""The commands, each a few lines over the rooms below."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from fedsearch import __version__, settings, terminal
from fedsearch.api.app import check_folders, create_app, open_services
from fedsearch.api.parameters import SearchParameters
from fedsearch.api.wire import search_json
from fedsearch.catalogue import NOTHING_LOADED, SAMPLE, SqliteCatalogue, load_files
from fedsearch.dedupe import FORMATS, dedupe_files, report_text
from fedsearch.errors import FedsearchError, NoSourceAnswered, QueryError
from fedsearch.results import ResultSet, report
from fedsearch.sandbox import create_sandbox
from fedsearch.search import search as run_search
from fedsearch.serving import in_background, listening_socket, port_of, quiet_logs, serve, serve_workers

app = typer.Typer(
    name="fedsearch",
    help="One question to PubMed, Crossref and the library's own catalogue.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
catalogue_app = typer.Typer(help="The library's own catalogue.")
app.add_typer(catalogue_app, name="catalogue")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Files = Annotated[
    list[Path],
    typer.Argument(help="MARC 21 files: ISO 2709 or MARCXML, also gzipped.", metavar="FILE", exists=True, dir_okay=False, readable=True),
]
_SEVERAL = ("--pubmed", "--crossref")


def main() -> None:
    """The entry point: errors in one line on standard error; exit status 0 done, 1 failed, 2 called wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Persian letters shows question marks
    try:
        status = app(args=_repeated(sys.argv[1:]), prog_name="fedsearch", standalone_mode=False)
    except typer.TyperException as exc:
        _say(f"{exc.format_message().rstrip('.')}. Try “fedsearch --help”.")
        sys.exit(2)
    except QueryError as exc:
        _say(exc.detail)
        sys.exit(2)
    except NoSourceAnswered as exc:
        _say(" ".join(filter(None, (report(outcome).message for outcome in exc.outcomes))) or exc.detail)
        sys.exit(1)
    except FedsearchError as exc:
        _say(exc.detail)
        sys.exit(1)
    except OSError as exc:
        _say(f"{exc.strerror or exc}: {exc.filename or ''}".rstrip(": "))
        sys.exit(1)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def _say(text: str) -> None:
    print(f"fedsearch: {' '.join(text.split())}", file=sys.stderr)  # noqa: T201


def _repeated(arguments: list[str]) -> list[str]:
    """`--pubmed A B C` as `--pubmed A --pubmed B --pubmed C`, so that a shell's wildcard can follow the option."""
    spread: list[str] = []
    several: str | None = None
    for argument in arguments:
        if argument.startswith("-"):
            several = next((name for name in _SEVERAL if argument.partition("=")[0] == name), None)
        elif several and spread[-1] != several:
            spread.append(several)
        spread.append(argument)
    return spread


@app.callback(invoke_without_command=True)
def _without_command(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False
) -> None:
    if version:
        print(f"fedsearch {__version__}")  # noqa: T201
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201


@app.command("serve", epilog="Example: fedsearch serve --host 0.0.0.0 --port 8000 --workers 2")
def serve_command(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that share the work.", min=1, max=64)] = 1,
) -> None:
    """Run the service against the configured sources."""
    quiet_logs()
    own = settings.load(os.environ)
    check_folders(own)
    listening = listening_socket(host, port)
    print(f"fedsearch answers at http://{host}:{port_of(listening)}/", flush=True)  # noqa: T201
    if workers == 1:
        serve(create_app(own), listening)
    else:
        os.environ["FEDSEARCH_SERVICE__WORKERS"] = str(workers)  # each takes its share of what the sources allow
        serve_workers("fedsearch.api.app:from_environment", listening, workers)


@app.command(epilog="Example: fedsearch demo --port 8000")
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    host: Host = "127.0.0.1",
) -> None:
    """Run the service with the sample catalogue and training data in place of PubMed and Crossref."""
    quiet_logs(logging.WARNING)
    listening = listening_socket(host, port)
    with (
        tempfile.TemporaryDirectory(prefix="fedsearch-demo-") as folder,
        in_background(create_sandbox(), listening_socket("127.0.0.1", 0)) as sandbox,
    ):
        own = settings.load(_demo_environment(sandbox, folder))
        with SqliteCatalogue(own.catalogue_file) as catalogue:
            loaded = load_files(catalogue, [SAMPLE]).counts.added
        print(f"The sample catalogue is loaded: {loaded} records. Training data stand in for PubMed and Crossref.")  # noqa: T201
        address = f"http://{host}:{port_of(listening)}/"
        print(f"\n  Open   {address}\n  or     curl '{address}api/v1/search?q=heart+failure'\n\nCtrl-C ends the demo.", flush=True)  # noqa: T201
        serve(create_app(own, demo=True), listening)


def _demo_environment(sandbox: str, folder: str) -> dict[str, str]:
    """The demo's settings over whatever the environment says, so that a demo never asks the real sources."""
    own = {
        "FEDSEARCH_SOURCES__PUBMED__URL": f"{sandbox}/entrez/eutils/",
        "FEDSEARCH_SOURCES__CROSSREF__URL": f"{sandbox}/crossref/",
        "FEDSEARCH_SOURCES__PUBMED__PER_SECOND": "50",
        "FEDSEARCH_SOURCES__CROSSREF__PER_SECOND": "50",
        "FEDSEARCH_CATALOGUE__URL": "",
        "FEDSEARCH_DATA": folder,
    }
    return {name: text for name, text in os.environ.items() if not name.startswith(("FEDSEARCH_SOURCES__", "FEDSEARCH_STATE__"))} | own


@app.command(epilog="Example: fedsearch sandbox --port 8100 --pubmed answers/*.xml --crossref works.json --latency-ms 200")
def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8100,
    pubmed: Annotated[
        list[Path] | None, typer.Option(help="Recorded answers to serve: PubMed XML or MEDLINE text; files or folders.", exists=True)
    ] = None,
    crossref: Annotated[
        list[Path] | None, typer.Option(help="Recorded answers to serve: Crossref JSON; files or folders.", exists=True)
    ] = None,
    latency_ms: Annotated[int, typer.Option(help="How long every answer takes.", min=0, max=60_000)] = 0,
    limits: Annotated[bool, typer.Option("--limits", help="Refuse calls beyond the real sources' rates.")] = False,
    down: Annotated[list[str] | None, typer.Option(help="A source that is out of order: pubmed or crossref.")] = None,
    host: Host = "127.0.0.1",
) -> None:
    """Stand-in PubMed and Crossref for training, demos and tests, over bundled records or over recorded answers."""
    quiet_logs()
    stand_in = create_sandbox(pubmed=pubmed or (), crossref=crossref or (), latency_ms=latency_ms, limits=limits, down=tuple(down or ()))
    listening = listening_socket(host, port)
    address = f"http://{host}:{port_of(listening)}"
    print(f"Sandbox at {address}/ : training data, not PubMed or Crossref. Point the service at it with")  # noqa: T201
    print(f"  FEDSEARCH_SOURCES__PUBMED__URL={address}/entrez/eutils/\n  FEDSEARCH_SOURCES__CROSSREF__URL={address}/crossref/", flush=True)  # noqa: T201
    serve(stand_in, listening)


@app.command(epilog='Example: fedsearch search "heart failure AND statins[tiab]" --sources pubmed,catalogue')
def search(
    query: Annotated[str, typer.Argument(help="Plain words, or PubMed syntax.", metavar="QUERY")],
    sources: Annotated[list[str] | None, typer.Option(help="Which sources to ask: pubmed, crossref, catalogue.", metavar="NAMES")] = None,
    per_page: Annotated[int, typer.Option(help="How many works to print.", min=1, max=100)] = 10,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
) -> None:
    """One search from the terminal: a table for people, JSON for programs."""
    quiet_logs(logging.ERROR)
    found = asyncio.run(_search_once(query, sources or [], newest))
    if as_json:
        print(json.dumps(search_json(found, 1, per_page, {}), ensure_ascii=False, indent=2))  # noqa: T201
    else:
        terminal.print_results(found, per_page, Console(highlight=False, soft_wrap=False))


async def _search_once(query: str, sources: list[str], newest: bool) -> ResultSet:
    async with open_services(settings.load(os.environ)) as services:
        parameters = SearchParameters.model_construct(
            q=query, sources=[n for s in sources for n in s.split(",")], sort="newest" if newest else "relevance"
        )
        return await run_search(parameters.request(services), services)


@app.command(epilog="Example: fedsearch dedupe pubmed.nbib embase.ris --output unique.ris --report report.html")
def dedupe(
    files: Annotated[
        list[Path], typer.Argument(help=f"Exports: {', '.join(FORMATS)}.", metavar="FILE", exists=True, dir_okay=False, readable=True)
    ],
    output: Annotated[Path, typer.Option(help="Where the works go; its ending names the format.")],
    report: Annotated[Path | None, typer.Option(help="What was done and why, as .html or .json.")] = None,
) -> None:
    """Each publication once, out of exports of any size. Nothing is dropped: what cannot be read is kept, counted and named."""
    own = settings.load(os.environ)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("reading")
        done = dedupe_files(
            files, output, report, own.merging, lambda at: bars.update(task, description=at.step, completed=at.done, total=at.of)
        )
    print(report_text(done))  # noqa: T201


@catalogue_app.command("load", epilog="Example: fedsearch catalogue load export.mrc new.xml.gz")
def load(
    files: Files,
    format: Annotated[str, typer.Option(help="auto: each file's format is told by its content.")] = "auto",  # noqa: A002
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Add or update records; a record marked as deleted is taken out. Says which records were refused, and why."""
    if format != "auto":
        raise typer.BadParameter(f"“{format}” is not a format; only auto is known.", param_hint="--format")
    own = settings.load(os.environ)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[records]} records"), TimeRemainingColumn())
    with (
        SqliteCatalogue(own.catalogue_file) as catalogue,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
    ):
        task = bars.add_task("loading", records=0)
        loaded = load_files(
            catalogue,
            files,
            lambda at: bars.update(task, description=at.file.name, completed=at.bytes_read, total=at.bytes_in_all, records=at.records),
        )
        held = catalogue.count()
    print(terminal.load_json(loaded, held) if as_json else terminal.load_text(loaded, held))  # noqa: T201
    if loaded.refused and loaded.counts == NOTHING_LOADED:
        raise typer.Exit(1)
