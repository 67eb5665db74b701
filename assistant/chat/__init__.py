"""Chat with a language model on this computer, in a process of its own; and who answers.

In: messages, the settings, an assistant's character (`request_builder`), a model's file (`service`).
Out: answers as they are written, what they took, summaries of what no longer fits (`compaction`).
"""
