"""The window: all of Qt, and no library of the engines."""
