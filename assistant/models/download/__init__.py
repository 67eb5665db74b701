"""Fetching models: the only use of a network, in a process of its own.

In: an entry of the catalogue that a person confirmed.
Out: its files, every byte checked; or why they could not be had. What has come is kept.
"""
