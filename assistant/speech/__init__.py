"""Speech to text on this computer, in a process of its own: dictation, and transcripts of recordings.

In: a file of sound, or a recording that still grows (`audio`), and a Whisper model's folder.
Out: words with their times, as they are recognised (`records`); texts with spoken commands carried out
(`dictation`); transcripts that are kept, edited and exported (`transcripts`).
"""
