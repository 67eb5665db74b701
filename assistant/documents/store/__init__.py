"""The document store, one SQLite file: the truth about documents, from which all else can be made again.

In: files that were found, what was read of them, and how they stand. Out: rows of documents, parts, sections
and chunks, keyword search, vectors, and the queue of what is to be indexed.
"""
