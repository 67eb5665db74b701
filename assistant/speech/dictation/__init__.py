"""Dictation: phrases as they are recognised become a text, with commands, own words and replacements."""
