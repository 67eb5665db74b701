"""What readers share: sections, tables, pages and marks within a line; clean text with its place.

In: elements, rows of cells, paragraphs in reading order. Out: sections, and parts that are reported.
"""
