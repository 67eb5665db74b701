"""Who speaks in a recording: turns of speakers that are told apart by their voices, in a process of its own.

In: a file of sound, and two models that the person brings (`models/files/speaker_models.py`).
Out: turns (`records`), by which `transcripts/attribution.py` labels what is said.
"""
