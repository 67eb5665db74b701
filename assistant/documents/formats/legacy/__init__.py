"""Office files of before 2007 (.doc, .xls, .ppt): by LibreOffice where it is there, else by our own readers.

In: a path. Out: a document whose parts are slides, sheets, or stretches of a text.
"""
