"""Search: the embedder, the vector index, and from a question to the chunks that fit it best.

In: a question, a scope, and the store. Out: ranked chunks with their evidence, or hits without duplicates;
vectors for whoever has texts to compare.
"""
