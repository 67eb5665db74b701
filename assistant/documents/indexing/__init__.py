"""Makes documents findable: reads them in a child process, cuts, embeds and stores them, and can be stopped.

In: the documents that are queued in the store. Out: parts, chunks, terms and vectors in the store and the
vector index, the state of each document, and how far it all is.
"""
