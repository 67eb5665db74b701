"""What was translated before, in one SQLite file, and as TMX.

In: sentences with their languages and engine. Out: their translations.
"""
