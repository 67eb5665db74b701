"""Text with headings, lists and tables, as blocks, and as a file for Word."""
