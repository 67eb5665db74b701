"""What every page uses: buttons, dialogs, notices, the theme, words, and the way to the services and back.

In: values and errors of the core, what a page wants done. Out: widgets, words in the person's language, calls
that come back on the GUI thread. Knows no page.
"""
