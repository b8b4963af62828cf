"""fedsearch: one question to many literature sources, one answer in which each work stands once."""

__version__ = "0.1.0"
