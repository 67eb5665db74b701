"""The model that searches documents: which one does, another one chosen, and how the change goes on.

In: the choices and the status that the documents' service tells. Out: a choice that the person confirmed.
"""
