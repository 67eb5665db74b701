"""Windows' own functions for keys. Written by their documentation; nobody has run it on Windows yet."""
