"""The models that can be got.

In: resources/models.json, with what makers say of their models.
Out: entries, checked, each chat model with its shape.
"""
