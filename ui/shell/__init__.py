"""What stands around the pages: navigation, notices, status line, what is dragged in, one window at a time.

In: notices, the state of indexing, files that are dragged. Out: which page is wanted, where files go.
"""
