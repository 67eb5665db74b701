"""A document to read in the side panel: its pages or its text, outline, and words found in it."""
