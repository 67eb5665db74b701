"""What macOS reads of the application (Info.plist). Nobody who wrote this had a Mac: it was never run."""

from __future__ import annotations

from typing import Any

from checkout import version

NAME = "Offline Assistant.app"
IDENTIFIER = "org.offline-assistant.OfflineAssistant"
INFO: dict[str, Any] = {
    "CFBundleName": "Offline Assistant",
    "CFBundleDisplayName": "Offline Assistant",
    "CFBundleExecutable": "offline-assistant-window",
    "CFBundleShortVersionString": version(),
    "CFBundleVersion": version(),
    "LSApplicationCategoryType": "public.app-category.productivity",
    # The wheel of tesserocr was made for it; that of ONNX Runtime for 14, and for Apple's processors alone.
    "LSMinimumSystemVersion": "15.0",
    # PyInstaller takes a bundle with a program of the terminal for one without a window.
    "LSBackgroundOnly": False,
    "NSHighResolutionCapable": True,
    "NSMicrophoneUsageDescription": "What you dictate is turned into text on this computer, and stays here.",
    "NSHumanReadableCopyright": "MIT licence",
    "CFBundleDocumentTypes": [
        {
            "CFBundleTypeName": "Documents, recordings and folders",
            "CFBundleTypeRole": "Viewer",
            # Offered under “Open With”; nobody's usual program changes.
            "LSHandlerRank": "Alternate",
            "LSItemContentTypes": [
                "public.content",
                "public.text",
                "public.image",
                "public.audiovisual-content",
                "public.email-message",
                "public.folder",
            ],
        }
    ],
}
