"""Offline Assistant's core: everything but the window. Nothing in this package imports Qt.

In: what the window or the command line wants (`services` is the one door). Out: results, runs, errors.
"""

__version__ = "0.1.0"
"""The one place of the version; pyproject.toml reads it from here."""
