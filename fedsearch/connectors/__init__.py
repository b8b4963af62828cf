"""The sources that fedsearch can ask, in plain sight. To add one: a module, a line in CONNECTORS, a table in sources.toml."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx

from fedsearch.catalogue import Catalogue
from fedsearch.connectors import crossref, pubmed
from fedsearch.connectors.base import Connector
from fedsearch.connectors.catalogue import CATALOGUE, LocalCatalogue
from fedsearch.connectors.crossref import CROSSREF, Crossref
from fedsearch.connectors.polite import polite_client
from fedsearch.connectors.pubmed import PUBMED, PubMed
from fedsearch.model import Source, SourceId
from fedsearch.settings import Settings
from fedsearch.store import Store


@dataclass(frozen=True, slots=True)
class Rim:
    """What connectors are opened with. `networks` stand in for the real network, by source, in tests."""

    settings: Settings
    answers: Store | None
    catalogue: Catalogue
    closing: AsyncExitStack
    networks: Mapping[str, httpx.AsyncBaseTransport] = field(default_factory=dict)


async def _open_pubmed(rim: Rim) -> Connector:
    own = rim.settings.sources.pubmed
    http = polite_client(
        PUBMED.name,
        own.url,
        per_second=own.pace,
        in_flight=own.in_flight,
        workers=rim.settings.service.workers,
        fault=pubmed.fault,
        breaker=rim.settings.breaker,
        cache=rim.settings.cache,
        store=rim.answers,
        mailto=own.email,
        network=rim.networks.get("pubmed"),
    )
    await rim.closing.enter_async_context(http)
    return PubMed(http, own.tool, own.email or None, own.api_key.get_secret_value() if own.api_key else None)


async def _open_crossref(rim: Rim) -> Connector:
    own = rim.settings.sources.crossref
    http = polite_client(
        CROSSREF.name,
        own.url,
        per_second=own.per_second,
        in_flight=own.in_flight,
        workers=rim.settings.service.workers,
        fault=crossref.fault,
        breaker=rim.settings.breaker,
        cache=rim.settings.cache,
        store=rim.answers,
        mailto=own.mailto,
        network=rim.networks.get("crossref"),
    )
    await rim.closing.enter_async_context(http)
    return Crossref(http, own.mailto or None)


async def _open_catalogue(rim: Rim) -> Connector:
    return LocalCatalogue(rim.catalogue, places=asyncio.Semaphore(rim.settings.sources.catalogue.in_flight))


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with the way to open its connector, and where its switch stands."""

    source: Source
    open: Callable[[Rim], Awaitable[Connector]]
    is_enabled: Callable[[Settings], bool]


CONNECTORS: dict[SourceId, Entry] = {
    entry.source.id: entry
    for entry in (
        Entry(PUBMED, _open_pubmed, lambda settings: settings.sources.pubmed.enabled),
        Entry(CROSSREF, _open_crossref, lambda settings: settings.sources.crossref.enabled),
        Entry(CATALOGUE, _open_catalogue, lambda settings: settings.sources.catalogue.enabled),
    )
}
