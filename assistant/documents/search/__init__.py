"""Search: the vector index, and from a question to the chunks that fit it best.

In: a question, a scope, the store and an embedder. Out: ranked chunks with their evidence, or hits without
duplicates.
"""
