"""Texts of any language: which one it is, where its sentences end, how wide it is.

In: text. Out: codes of languages, spans of sentences, room in a line.
"""
