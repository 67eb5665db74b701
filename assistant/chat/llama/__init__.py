"""llama.cpp: a model is loaded, prompts are read, answers are sampled. Runs in the chat engine only.

In: a model's file and how it is to be loaded (`load_plan`), requests that fit (`session`).
Out: text as it is written, thoughts apart from answers, states for the next turn, measured speeds.
"""
