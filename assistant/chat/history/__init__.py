"""The conversations, in one SQLite file: kept, listed, searched, exported; nothing written is ever lost.

In: messages, answers while they are written (`partial_answer`), exported texts.
Out: conversations with their chosen path, hits, notices about a damaged file (`history` is its face).
"""
