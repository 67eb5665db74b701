"""OpenDocument files (.odt, .ods, .odp).

In: a path. Out: a document whose parts are slides, sheets, or stretches of a text.
"""
