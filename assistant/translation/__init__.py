"""Translation of text and of whole documents.

In: paragraphs or a file, and a target language. Out: paragraphs with their marks, or the file translated.
"""
