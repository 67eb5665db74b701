"""Archives, XML and encodings of strangers' files, read with bounds.

In: paths, bytes. Out: members, elements, text.
"""
