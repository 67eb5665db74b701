"""The chat page: conversations, the answers that are streamed into them, assistants and attached documents.

In come what a person types or drops and, from the services, history, answers and quotes; out go requests to
the services, messages to the history, and entries for `ui.transcript`.
"""
