"""The models page, and loading the model that answers in the chat.

In: the services of models and chat, through `PageContext`; files that a person drops or chooses.
Out: cards, dialogs and notices; `ChatModelLoader`, whose button and model the chat page uses.
"""
