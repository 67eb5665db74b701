"""Turns the text of a chat into what can be shown; knows no Qt.

In: Markdown as a model writes it, growing; code; formulas. Out: flat blocks of styled runs, colours of code.
"""
