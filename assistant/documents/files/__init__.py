"""Files and folders on the disk: which can be read, what tells one state from another, what changed.

In: paths, and folders to watch. Out: scanned files and refused paths, what is new, changed, moved or gone
in a folder, and a call when something may have changed.
"""
