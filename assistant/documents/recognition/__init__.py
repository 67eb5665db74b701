"""Pictures of text in documents: which wait, when they are recognised, and what becomes of their words.

In: parts that wait in the store. Out: sections with a box for each character, as a text page gives them.
"""
