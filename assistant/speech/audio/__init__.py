"""Sound: read from files of any form, recorded safely, and where in it somebody speaks."""
