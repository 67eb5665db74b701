"""Recognition of text in pictures: scanned pages, photographs, screenshots.

In: pictures, and what is known of their languages. Out: words with their boxes, in reading order. Knows
nothing of documents: what becomes of the words is theirs.
"""
