"""What readers share: archives, XML and encodings of strangers, read with bounds; clean text with its place.

In: bytes, elements, rows of cells, paragraphs in reading order. Out: sections, and parts that are reported.
"""
