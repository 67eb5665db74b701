"""The script of both frozen programs: which of the two it is, its name says.

On Linux they are one file under two names, elsewhere two files, since Windows shows a console for one alone.
"""

import sys
from pathlib import Path

from assistant.__main__ import main, window_main

if __name__ == "__main__":
    sys.exit(window_main() if Path(sys.argv[0]).stem == "offline-assistant-window" else main())
