"""The X server without a toolkit: keys of the whole desktop and other programs' selections."""
