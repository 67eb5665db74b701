"""Engines that the children of these tests run: well behaved, slow, deaf, dying."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from assistant.workers.child import CallContext


class Echo:
    def __init__(self, emit: Callable[[Any], None], **arguments: Any) -> None:
        self._emit = emit
        self._arguments = arguments

    def echo(self, context: CallContext, value: Any) -> Any:
        return value
