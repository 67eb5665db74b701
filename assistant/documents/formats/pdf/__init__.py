"""PDF: what each page says, in reading order, with a box for each character; and pictures of pages.

In: a path, and a password where one is needed. Out: a part for each page, its text under its headings.
From `pdfium`, the only file that imports the library, by glyphs, characters, lines and columns to sections.
"""
