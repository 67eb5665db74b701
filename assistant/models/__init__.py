"""Which model: what there is, what fits this computer, what is here.

In: files of models, the catalogue, what the chat engine says of this computer.
Out: picks, models of the library, downloads that a person confirmed; `service` is its face.
"""
