"""Running an engine in its own process: start, talk, stop, and survive its death. Knows no AI library."""
