"""Files of many formats, read as paragraphs to translate and written again with the translations.

In: a path. Out: paragraphs with marks; the file with what took their place.
"""
