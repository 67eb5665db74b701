"""Keeps the store equal to what the person wants: added, removed and moved documents, watched folders.

In: what the person asks for, and what changed on the disk. Out: documents registered with the indexer,
missing, removed or moved in the store.
"""
