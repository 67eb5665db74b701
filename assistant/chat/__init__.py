"""Chat with a language model on this computer, in a process of its own."""
