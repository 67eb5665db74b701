"""Reading, indexing and searching a person's own documents."""
