"""TODO: what this room does, what comes in, what goes out."""
