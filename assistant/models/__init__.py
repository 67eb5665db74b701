"""Which models there are, and whether they fit."""
