"""The models that turn texts into vectors: which there are, what each needs, how one is made, and its use.

In: folders of models, and how much memory is free. Out: an `Embedder`, and what may be said of possible ones.
"""
