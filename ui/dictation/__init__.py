"""Dictation in the window: the microphone, what is said as text where it is wanted, and the recordings."""
