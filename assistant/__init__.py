"""Offline Assistant's core: everything but the window. Nothing in this package imports Qt."""
