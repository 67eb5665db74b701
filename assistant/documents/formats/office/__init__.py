"""Office files of today (.docx, .xlsx, .pptx), plain or locked with a password.

In: a path, or the package in memory. Out: a document whose parts are slides, sheets, or stretches of a text.
"""
