"""What texts are made of: languages, sentences, terms for keyword search, chunks for the embedder.

In: a text or a section, and its language. Out: places in it, or terms. Nothing here knows the store.
"""
