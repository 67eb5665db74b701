"""Documents translated one after the other: kept, stopped, resumed.

In: files and options. Out: translated files, events.
"""
