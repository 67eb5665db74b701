"""The page of settings: appearance, chat, the proof of privacy, downloads, this computer, the data folder.

In: the settings as they are declared, the doctor's report. Out: settings that are changed and saved.
"""
