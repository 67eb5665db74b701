"""Turns the text of a chat into what can be shown; knows no Qt."""
