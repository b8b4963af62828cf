"""The sandbox: a stand-in PubMed and Crossref for training, demonstrations, integration partners and tests."""

from fedsearch.sandbox.app import create_sandbox
from fedsearch.sandbox.front import HEADER, NOTICE, Sandbox

__all__ = ["HEADER", "NOTICE", "Sandbox", "create_sandbox"]
