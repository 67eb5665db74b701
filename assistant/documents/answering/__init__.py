"""Answers from documents: quotes, answers and summaries of a model, and which of their citations hold.

In: a question or a document, ranked chunks from `search`, and what a chat model wrote. Out: `Answer`,
`GroundedAnswer` and `Summary`, whose quotes have a place on their page.
"""
