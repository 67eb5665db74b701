"""Transcripts of recordings: made by a drop, listed, and edited while listening."""
