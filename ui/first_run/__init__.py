"""The first run: three calm steps in the window, which can be left at any time and seen again."""
