"""A person's own documents: read, indexed, searched, and answered from with exact citations.

In: paths, folders to watch, and questions (`service`, which asks `engine` in a process of its own). Out:
`records`: documents and how they stand, hits, quotes with their places, answers, pages to look at.
"""

ENGINE = "assistant.documents.engine:DocumentsEngine"
"""What runs in the documents worker."""
