"""Readers of documents, one module for each family of formats.

In: a path, and a password where one is needed (`open_document`). Out: a `Document`, whose parts hold the
text in sections, each with its place.
"""
