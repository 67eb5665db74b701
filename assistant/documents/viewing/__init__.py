"""A whole document to look at: its headings, its text by stretches, and words found in it."""
