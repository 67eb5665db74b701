"""Texts of any language: which one it is, and where its sentences end.

In: text. Out: codes of languages, spans of sentences.
"""
