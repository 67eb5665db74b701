"""Whether the first run is to be shown unasked."""

from __future__ import annotations

from assistant import paths


def is_due() -> bool:
    """Whether nobody has used the program here yet.

    Told by what the first use leaves in the data folder, from the window or the command line. Models alone do
    not count: somebody may have set them up beforehand. Looked up without the services, before the window is
    painted.
    """
    traces = (
        paths.window_file(),
        paths.documents_folder() / paths.DOCUMENTS_FILE,
        paths.history_file(),
        paths.speech_folder(),
        paths.translation_folder(),
    )
    return not any(trace.exists() for trace in traces)
