"""The models that are here.

In: files, folders, archives, downloads and bundles from other computers.
Out: a folder of checked models, none twice and none half; bundles for other computers.
"""
