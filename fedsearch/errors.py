"""What can go wrong, as a tree: each class stands for something else that somebody should do next.

FedsearchError
  QueryError                the searcher's text; carries position and hint
    QuerySyntaxError        cannot be read
    UnsupportedQuery        readable, but no chosen source can run it
  SettingsError             the operator's files; names file, table and key
  CatalogueError            the catalogue's file or a file being loaded into it
  DedupeError               a file of references that cannot be read or written
  DecisionError             a librarian's decision that makes no sense
  SourceError               one source; becomes a Failed outcome beside the results
    SourceTimeout           the deadline passed
    SourceUnreachable       name, connection, TLS
    SourceDenied            key or licence refused
    SourceThrottled         asked too often; may carry retry_after
    SourceRejected          our request makes no sense to it: our fault
    SourceBroken            it says it is broken
    SourceUnreadable        it answered and we could not read it: the format changed
    SourceSuspended         left alone for a while after repeated failures
  NoSourceAnswered          every source failed; carries the outcomes
  NotKept                   a result set or work that is not (or no longer) kept
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fedsearch.model import Outcome


class FedsearchError(Exception):
    """The root: `str(error)` says what happened and `hint` what would help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def detail(self) -> str:
        """Message and hint as one text for a person."""
        return f"{self} {self.hint}".strip()


class QueryError(FedsearchError):
    """The searcher's text; `position` counts characters from 0 in the text as typed."""

    def __init__(self, message: str, hint: str = "", position: int | None = None) -> None:
        super().__init__(message, hint)
        self.position = position


class QuerySyntaxError(QueryError):
    """The text cannot be read as a query."""


class UnsupportedQuery(QueryError):
    """The query can be read, but none of the chosen sources can run it."""


class SettingsError(FedsearchError):
    """A fault in the operator's files or environment; the message names file, table and key."""


class CatalogueError(FedsearchError):
    """The catalogue cannot be opened, or a file cannot be loaded into it."""


class DedupeError(FedsearchError):
    """A file of references cannot be read as what its ending says, or the answer cannot be written."""


class DecisionError(FedsearchError):
    """A librarian's decision that makes no sense."""


class SourceError(FedsearchError):
    """One source did not answer usefully."""

    status = "error"


class SourceTimeout(SourceError):
    """The deadline passed before the source answered."""

    status = "timeout"


class SourceUnreachable(SourceError):
    """No connection: name, network or TLS."""


class SourceDenied(SourceError):
    """The source refused the key or the licence."""


class SourceThrottled(SourceError):
    """The source says it was asked too often; `retry_after` is in seconds where it said so."""

    status = "throttled"

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class SourceRejected(SourceError):
    """The source found no sense in the request: a fault of ours."""


class SourceBroken(SourceError):
    """The source says that it is out of order."""


class SourceUnreadable(SourceError):
    """The source answered and the answer could not be read; its format may have changed."""


class SourceSuspended(SourceError):
    """The source failed so often that it is left alone for a while."""

    status = "suspended"


class NoSourceAnswered(FedsearchError):
    """Every source that was asked failed; `outcomes` says how each of them did."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__("No source answered.", "Please try again in a minute.")
        self.outcomes = tuple(outcomes)


class NotKept(FedsearchError):
    """A result set or a work that is not kept, or no longer."""
