"""The documents page: documents are added, listed, grouped, asked, and looked at beside the answer.

In: the documents' service, through `PageContext`; files that a person drops or chooses, questions.
Out: quotes and a model's answer from them, notices with their undo; `DocumentActions`, which other pages use.
"""
