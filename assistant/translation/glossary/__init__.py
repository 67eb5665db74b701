"""The person's own terms: kept, found in sentences, checked in translations, as CSV and TBX.

In: terms and sentences. Out: terms that occur, translations put right or marked.
"""
