"""Transcripts of recordings: kept, edited, and exported as text, subtitles and documents."""
