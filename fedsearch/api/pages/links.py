"""Addresses that a page may lead to: what is not on the web or our own is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_WEB = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f]+", re.IGNORECASE)
_OWN = re.compile(r"/(?![/\\])[^\s<>\"\\\x00-\x1f\x7f]*")
_CONTACT = re.compile(r"(?:mailto|tel):[^\s<>\"\x00-\x1f\x7f]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address; without `href` it is only text."""

    label: str
    text: str
    href: str | None = None


def web(address: object) -> str | None:
    """The address if it is an http or https one; everything else (javascript:, data: ...) is dropped."""
    text = str(address).strip() if address else ""
    return text if _WEB.fullmatch(text) and host(text) else None


def host(address: str) -> str | None:
    """The host of an address, without www; None where it has none or cannot be read ("http://[x")."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def web_or_own(address: object) -> str | None:
    """As `web`, and paths of this very service (the form of an interlibrary loan)."""
    text = str(address).strip() if address else ""
    return text if _OWN.fullmatch(text) else web(text)


def contact(address: object) -> str | None:
    """As `web_or_own`, and the operator's mailto: and tel: addresses."""
    text = str(address).strip() if address else ""
    return text if _CONTACT.fullmatch(text) else web_or_own(text)


def doi_address(doi: str) -> str:
    return "https://doi.org/" + quote(doi, safe="/:;()")


def pmid_address(pmid: str) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid, safe='')}/"
