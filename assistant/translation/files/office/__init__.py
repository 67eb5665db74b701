"""Office files (.docx, .pptx, .xlsx): what a person reads in them, and the same files with translations.

In: a path. Out: paragraphs with marks; a package of which only what was translated has changed.
"""
