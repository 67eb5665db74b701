"""The window: all of Qt, and no library of the engines; one room for each page, and what they share.

In: the services, and what a person does. Out: widgets; nothing here decides what the core decides.
"""
