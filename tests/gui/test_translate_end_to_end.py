"""The Translate page with the real services and a trained model: a text while it is typed, and a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.services import Services
from assistant.translation.jobs.records import DocumentState
from tests.made_models.translation import sentences
from ui.translation.page import TranslatePage
from ui.window import Window

PATIENCE_MS = 60_000
