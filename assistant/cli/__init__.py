"""The command line: arguments, waiting, and printing for people or as JSON. No decisions.

In: the words after `offline-assistant` (`main`, `models`), lines of standard input.
Out: answers on standard output, progress and errors on standard error, an exit status.
"""
