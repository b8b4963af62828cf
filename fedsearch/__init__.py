"""fedsearch: one question to many literature sources, one answer in which each work stands once.

What other programs may import: the nouns named here, and `fedsearch.merge.merge(pages, policy)`, which is pure, with the policy that
`load_policy` reads from config/merging.toml.
"""

__version__ = "0.1.0"

from fedsearch.model import Author, Hit, Identifiers, Page, Record, SourceId, Strategy, Work
from fedsearch.settings import MergePolicy, load_policy

__all__ = ["Author", "Hit", "Identifiers", "MergePolicy", "Page", "Record", "SourceId", "Strategy", "Work", "__version__", "load_policy"]
