"""A conversation to be read: messages as Markdown with code, citations and what can be done with each.

In come entries, as many as there are, which are made into widgets only where they can be seen; out go the
actions, links and citations that a person chooses. It knows neither the history nor a model.
"""
