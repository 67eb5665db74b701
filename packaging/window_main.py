"""The script of the frozen program that is the window alone; an installed wheel has a gui-script for it."""

import sys

from assistant.__main__ import window_main

if __name__ == "__main__":
    sys.exit(window_main())
