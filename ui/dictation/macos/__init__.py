"""macOS' own functions for keys. Written by their documentation; nobody has run it on a Mac yet."""
