"""Sổ MTQG: the book in which a commune keeps its national target programs."""

__version__ = "0.1.0"
