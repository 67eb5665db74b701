"""Offline Assistant's core: everything but the window. Nothing in this package imports Qt."""

__version__ = "0.1.0"
"""The one place of the version; pyproject.toml reads it from here."""
