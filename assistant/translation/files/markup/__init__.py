"""Pages of HTML or XML as paragraphs with marks, and with other words in the same markup; no more changes.

In: source text, a vocabulary. Out: paragraphs; source text again.
"""
