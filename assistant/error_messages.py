"""What each error says in English: what happened, and what to do about it.

For logs, programs and the command line; the window has a table of its own, which can be translated. A reason
is raised as `AssistantError("reason", name=value)`, and `{name}` stands for the value. After a colon: `size`
of so many bytes, `number`, `duration` of so many seconds, `count noun`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from assistant import quantities

Detail = str | int | float | bool | None

_SAVE_AGAIN = "Open it with the program that made it and save it again."
_NO_OCR = "text recognition is not installed yet."
_ADD_TEXT = "A version of it with text can be added instead."
_ASK_REST = "The rest of it can be asked as usual."
_SOME_UNREADABLE = "{failed:number} of {total:count {unit}} could not be read: {why}"
_SAVE_WITH_ANOTHER = "Open it with another program and save it again."
_SAVE_WITHOUT_PASSWORD = "Open it with the program that made it and save it without a password."
_SAVE_AS_DOCX = "Open it with the program that made it and save it as .docx."
_INSTALL_LIBREOFFICE = (
    "Install LibreOffice, which reads more of such files, or save it as .docx, .xlsx or .pptx."
)

_CHECK_FOLDER = "Check the permissions of that folder, and that its disk is there."
_CHECK_DISK = "Check that the disk is connected and healthy."
_REINSTALL = "If it happens again, the program's files may be damaged: install it again."
_LESS_MEMORY = "Close other programs, or try something smaller."

_COPY_AGAIN = "Copy or download it again."
_COPY_ALL = "Copy all files of the model into the folder."
_FORMS = "Chat models are used here in the GGUF form, speech and translation models in the CTranslate2 form."
_HARMFUL = "It may have been made to do harm. Get the model from where you trust it."
_LFS_NOTE = "it is a note of Git LFS that stands for the model, not the model itself"
_WRITE_AGAIN = "Write it once more on the computer that it came from."
_START_AGAIN = "Close the program and start it again: behind its network guard no other one can be started."
_GOES_ON_LATER = "What has come so far is kept: try again later, and it goes on from there."
_BY_HAND = "Open {page} in a browser, download it there and add the file here."
_REPLACED = "Its maker may have replaced it. You can download the new one in a browser and add it here."


def _unusable(why: str, hint: str = "Choose another model, or get this one again.") -> tuple[str, str]:
    """Of a model's file."""
    return f"{{name}} cannot be used: {why}.", hint


def _disk_failures(doing: str, what: str) -> dict[str, tuple[str, str]]:
    """How a disk may fail; `what` is what then could not be done."""
    return {
        f"{doing}-disk-full": (f"{what}: the disk is full.", "Free some space and try again."),
        f"{doing}-file-too-large": (
            f"{what}: the disk does not take so large a file.",
            "Disks in the FAT32 form hold files up to 4 GB; use one in another form, such as exFAT.",
        ),
        f"{doing}-disk-error": (f"{what}: {{why}}.", "Check that the disk is connected and can be written."),
    }


def _downloads_off(what: str, hint: str) -> dict[str, tuple[str, str]]:
    """Who may forbid downloads; `{place}` is the file or the variable that does."""
    return {
        f"{what}-administrator": (
            "Downloads are off: the administrator of this computer has switched them off in {place}.",
            hint,
        ),
        f"{what}-environment": ("Downloads are off: the environment variable {place} forbids them.", hint),
        f"{what}-settings": ("Downloads are off: they are switched off in the settings.", hint),
        f"{what}-unreadable": (
            "Downloads are off: {place} cannot be read, and it may forbid them.",
            hint,
        ),
    }


MESSAGES: dict[str, tuple[str, str]] = {
    "as-told": ("{message}", "{hint}"),
    # --- the data folder, files, settings, the network guard ------------------------------------------------
    "data-folder-used-by-window": (
        "Offline Assistant's window is open and uses this data folder (process {pid})",
        "Use the window, or close it and try again.",
    ),
    "data-folder-used-by-command": (
        "Another offline-assistant command uses this data folder (process {pid})",
        "Wait until it has finished and try again.",
    ),
    "data-folder-used": (
        "Another process uses this data folder",
        "Close Offline Assistant wherever it is open and try again.",
    ),
    "data-folder-unusable": (
        "The data folder {folder} cannot be used: {why}",
        "Make it writable, or choose another folder with OFFLINE_ASSISTANT_HOME.",
    ),
    "data-folder-not-made": (
        "The data folder {folder} cannot be made: {why}.",
        "Make it writable, or set OFFLINE_ASSISTANT_HOME to another folder.",
    ),
    "data-folder-disk-full": ("The disk of {folder} is full.", "Free some space and start again."),
    "settings-not-readable": ("The settings in {file} cannot be read ({why}); the defaults are used.", ""),
    "settings-damaged": ("The settings in {file} are damaged ({why}); the defaults are used.", ""),
    "settings-damaged-and-kept": (
        "The settings were damaged ({why}). They are kept as {name}; the defaults are used.",
        "",
    ),
    "settings-version-unknown": ("The settings name a version that never was: {version}.", ""),
    "settings-newer": (
        "The settings were written by a newer version of this program and are kept as {name}; what this "
        "version knows of them is used.",
        "",
    ),
    "settings-not-migrated": (
        "The settings of an older version could not be taken over ({why}); the defaults are used. The old "
        "file is kept as {name}.",
        "",
    ),
    "no-such-setting": ("The setting {name} is passed over: there is no such setting.", ""),
    "setting-impossible": ("The setting {name} is passed over: {why}.", ""),
    "settings-not-saved": ("The settings were not saved in {file}: {why}.", "Make its folder writable."),
    "settings-not-saved-disk-full": ("The settings were not saved: the disk is full.", "Free some space."),
    # --- engines' processes ---------------------------------------------------------------------------------
    "worker-crashed": ("{name} {how}.", "It is started again by itself; try once more."),
    "worker-crashed-at-start": ("{name} {how} before it was ready.", _REINSTALL),
    "worker-killed-for-memory": (
        "{name} was ended by the system because memory ran out.",
        _LESS_MEMORY,
    ),
    "worker-over-memory-limit": (
        "{name} needed more than the {limit:size} of memory it may have.",
        _LESS_MEMORY,
    ),
    "worker-not-ready": (
        "{name} was not ready within {seconds:g} seconds.",
        "The computer may be very busy: try again later.",
    ),
    "worker-unresponsive": ("{name} gave no sign of life for {seconds:g} seconds and was restarted.", ""),
    "worker-ignored-stop": (
        "{name} was restarted, because something that was stopped went on for {seconds:g} seconds.",
        "Try once more.",
    ),
    "worker-restarted": (
        "{name} was restarted, because another task no longer answered.",
        "Try once more.",
    ),
    "worker-start-error": ("{name} could not be started: {why}", _REINSTALL),
    "worker-not-startable": (
        "{name} could not be started: {why}",
        "Close other programs, or restart the computer.",
    ),
    "worker-start-memory": ("There is not enough memory to start {name}.", ""),
    "worker-unwatched": ("{name} is no longer looked after: {why}", ""),
    "memory-error": ("There was not enough memory for this.", ""),
    "program-error": (
        "Something went wrong inside ({method}): {why}",
        "This is a fault of the program, not of what you did.",
    ),
    "no-such-method": ("{engine} has no method {method!r}", ""),
    "request-not-sent": ("The request cannot be sent to {name}: {why}", ""),
    "request-not-readable": ("A request could not be read: {why}", ""),
    "result-not-sent": ("A result could not be sent back: {why}", ""),
    "output-not-readable": ("what it sent cannot be read: {why}", ""),
    # --- models: files, library, downloads ------------------------------------------------------------------
    "model-file-missing": (
        "The model file {name} is not there.",
        "Choose another model, or bring the file back.",
    ),
    "model-file-unreadable": (
        "The model file {name} cannot be read: {why}.",
        "Check that you may read it and that its disk is connected.",
    ),
    "model-bin-unreadable": (
        "The model file {name} cannot be read: {why}.",
        "Check that it is there, that you may read it and that its disk is connected.",
    ),
    "model-path-missing": ("There is no {name} here.", "Choose a file or a folder that exists."),
    "model-path-unreadable": (
        "{name} cannot be read: {why}.",
        "Check that you may read it and that its disk is connected.",
    ),
    "folder-without-model": (
        "There is no model in the folder {name}.",
        "Choose a folder that holds GGUF files, or a model for speech, translation or documents.",
    ),
    "model-refused": _unusable("{why}"),
    "model-not-loaded": _unusable("the engine cannot load it"),
    "model-context-not-made": _unusable("there is not enough memory for its context"),
    "model-does-not-chat": _unusable("it is not a model that chats"),
    "model-is-adapter": _unusable("it is an adapter, which goes on top of a model"),
    "model-file-without-model": _unusable("it holds no model"),
    "not-an-adapter": _unusable("it is not an adapter"),
    "adapter-for-another-model": _unusable("it was made for another model"),
    "adapter-for-another-family": _unusable(
        "it was made for a model of the family {family}, not {model_family}"
    ),
    "model-empty": _unusable("it is empty", _COPY_AGAIN),
    "model-no-file": _unusable("it is no file"),
    "model-unfinished": _unusable("it is a download that has not finished", "Let it finish first."),
    "model-is-lfs-note": _unusable(_LFS_NOTE, "Get the file itself, for instance with “git lfs pull”."),
    "model-is-web-page": _unusable(
        "it is a web page, not a model", "Download the model again, from its files' list."
    ),
    "model-is-whisper-cpp": _unusable(
        "it is a model for whisper.cpp or an old llama.cpp",
        "Get it in the CTranslate2 form for speech (a folder with model.bin), or in the GGUF form for chat.",
    ),
    "model-is-old-llama-cpp": _unusable("it is a model for an old llama.cpp", "Get it in the GGUF form."),
    "model-is-pytorch": _unusable(
        "it is in PyTorch's form, which may hold a program",
        "Get the model in the GGUF form for chat, or as a folder with safetensors for documents.",
    ),
    "model-is-packed": _unusable(
        "it is an archive of a kind that is not unpacked here", "Unpack it and add the folder."
    ),
    "model-is-document": _unusable("it is a document, not a model", "Add documents on the Documents page."),
    "model-is-safetensors": _unusable(
        "it is in the safetensors form",
        "Get the model in the GGUF form for chat, or add the whole folder of a model for documents.",
    ),
    "model-form-unused": _unusable(
        "models in the form {form} are not used here",
        "Get the model in the GGUF form for chat, or in the CTranslate2 form for speech and translation.",
    ),
    "model-unknown": _unusable(
        "it is not a model of any kind that is known here",
        "Chat models have names in .gguf; others are folders, zip files or .argosmodel files.",
    ),
    "model-many-files": _unusable("{count:number} files are in it, more than any model has"),
    "not-gguf": _unusable("it is not a GGUF model file", "Models for this program have names in .gguf."),
    "gguf-is-lfs-note": _unusable(_LFS_NOTE),
    "gguf-is-web-page": _unusable("it is a web page that was saved under a model's name"),
    "gguf-is-server-message": _unusable("it is a message of a server that was saved under a model's name"),
    "gguf-is-zip": _unusable("it is a zip archive"),
    "gguf-is-old": _unusable("it is a model of an old form that is not read any more"),
    "gguf-part-renamed": _unusable(
        "it is one of {parts} parts, and must have the name that it came with", _COPY_AGAIN
    ),
    "gguf-parts-mixed": _unusable("its parts belong to different models", _COPY_AGAIN),
    "gguf-byte-order": _unusable("it was made for computers that write numbers the other way round"),
    "gguf-version": _unusable("it is of version {version}, which is not known here"),
    "gguf-many-tensors": _unusable("it speaks of {count:number} tensors, which no model has"),
    "gguf-many-keys": _unusable("it speaks of {count:number} keys, which no model has"),
    "gguf-many-words": _unusable("it speaks of {count:number} words, which no model has"),
    "gguf-key-impossible": _unusable("its {key} cannot be {value:number}"),
    "gguf-key-twice": _unusable("the key {key!r} stands in it twice"),
    "gguf-key-unknown": _unusable("the key {key!r} is of a kind that is not known here"),
    "gguf-key-nested": _unusable("the key {key!r} holds arrays within arrays"),
    "gguf-tensor-dimensions": _unusable("the tensor {tensor!r} has {count:number} dimensions"),
    "gguf-tensor-unknown": _unusable("the tensor {tensor!r} is of a kind that is not known here"),
    "gguf-tensor-shape": _unusable("the tensor {tensor!r} cannot have the shape {shape}"),
    "gguf-tensor-twice": _unusable("the tensor {tensor!r} stands in it twice"),
    "gguf-tensor-place": _unusable("the tensor {tensor!r} begins at an impossible place"),
    "gguf-tensors-overlap": _unusable("the tensors {before!r} and {tensor!r} overlap"),
    "gguf-alignment": _unusable("its tensors cannot be aligned to {value!r} bytes"),
    "gguf-long-text": _unusable("it holds a text of {size:number} bytes where none can be so long"),
    "gguf-large-header": _unusable("its header is larger than that of any model"),
    "gguf-header-cut-off": _unusable("it is cut off within its header", _COPY_AGAIN),
    "gguf-no-model": _unusable("it holds a vocabulary and nothing else"),
    "gguf-no-language-model": _unusable(
        "it is no language model",
        "Chat needs a language model in the GGUF form; pictures, voices and music are not made here.",
    ),
    "gguf-embedder": _unusable(
        "it is a model for embedding in the GGUF form",
        "Get it as a sentence-transformers folder (with modules.json and safetensors).",
    ),
    "weights-cut-off": _unusable(
        "it is cut off: {there:number} bytes are there of {size:number}", _COPY_AGAIN
    ),
    "not-ctranslate2": _unusable("it is not the CTranslate2 form of a model"),
    "ctranslate2-dimensions": _unusable("the variable {variable!r} has {count} dimensions"),
    "ctranslate2-many-variables": _unusable("it speaks of {count:number} variables, which no model has"),
    "ctranslate2-header-cut-off": _unusable("it is cut off", _COPY_AGAIN),
    "ctranslate2-cut-off": _unusable("it is cut off: {there:number} bytes are there", _COPY_AGAIN),
    "ctranslate2-kind-unused": _unusable(
        "it is a CTranslate2 model of a kind that is not used here ({spec})",
        "Chat models are used in the GGUF form; of CTranslate2, models for speech and translation.",
    ),
    "speech-without-tokenizer": _unusable(
        "tokenizer.json is missing, without which the speech engine would try to fetch it",
        "Get tokenizer.json from where the model is from, put it beside model.bin, and add the folder.",
    ),
    "speech-without-preprocessor": _unusable(
        "preprocessor_config.json is missing, which says how this model hears",
        "Get it from where the model is from, put it beside model.bin, and add the folder.",
    ),
    "translation-without-vocabulary": _unusable("its vocabulary is missing", _COPY_ALL),
    "translation-without-tokenizer": _unusable(
        "what cuts text into pieces for it is missing (source.spm, sentencepiece.bpe.model or the like)",
        "Copy that file from where the model is from into the folder, and add it again.",
    ),
    "not-argos": _unusable("it is no translation model of Argos Translate"),
    "argos-without-tokenizer": _unusable("its sentencepiece.model is missing", "Download the package again."),
    "embedder-modules-damaged": _unusable("its modules.json is damaged", _COPY_AGAIN),
    "embedder-with-program": _unusable(
        "it brings a program of its own, and those of strangers are not run here"
    ),
    "safetensors-without-weights": _unusable(
        "its weights are missing, or in PyTorch's form, which may hold a program",
        "Get the model with its weights as model.safetensors.",
    ),
    "safetensors-without-tokenizer": _unusable("its tokenizer.json is missing", _COPY_ALL),
    "safetensors-unreadable": _unusable("it cannot be read: {why}"),
    "safetensors-damaged": _unusable("it is damaged or cut off", _COPY_AGAIN),
    "safetensors-adapter": _unusable(
        "it is an adapter in the safetensors form",
        "Adapters (LoRA) are used here in the GGUF form: get or convert it.",
    ),
    "safetensors-unused": _unusable("it is a model in the safetensors form", _FORMS),
    "safetensors-architecture-unused": _unusable(
        "it is a model in the safetensors form ({architecture})", _FORMS
    ),
    "packed-without-model": _unusable("there is no model in this archive"),
    "packed-damaged": _unusable("the archive is damaged or was not copied whole", _COPY_AGAIN),
    "packed-locked": _unusable("it is locked with a password", "Unpack it and add the folder."),
    "packed-many-files": _unusable("it holds {count:number} files", _HARMFUL),
    "packed-link": _unusable("{member!r} in it is a link to somewhere else", _HARMFUL),
    "packed-outside": _unusable("{member!r} in it would be unpacked somewhere else", _HARMFUL),
    "packed-twice": _unusable("{member!r} is in it twice", _HARMFUL),
    "packed-too-large": _unusable("it would unpack to {size:size}", _HARMFUL),
    "packed-lie": _unusable("it holds more than it says", _HARMFUL),
    "model-changed-while-copied": (
        "{name} changed while it was copied.",
        "Try again once nothing writes to it.",
    ),
    "model-missing": ("{name} is missing: {note}", "Connect its disk, or add it again."),
    "model-damaged": (
        "{name} is damaged or was changed: {files} is not as it was added.",
        "Remove it and add it again from where it came.",
    ),
    "no-such-model": ("There is no model {id} here.", "There are: {listed}."),
    "model-gone-for-good": ("This model has been deleted for good.", "Add it again."),
    "catalogue-damaged": (
        "The list of models that can be got is damaged.",
        "Install the program again; the models that are here are not touched by that.",
    ),
    "no-such-catalogue-model": (
        "The catalogue has no model {id}.",
        "`offline-assistant models fit` lists those that it has.",
    ),
    "nothing-to-discard": ("Nothing of {name} waits to be thrown away.", "Stop its download first."),
    "bundle-folder-taken": ("This folder belongs to the program.", "Choose one on a stick or another disk."),
    "bundle-model-missing": ("{note}", "Connect its disk, or leave this model out."),
    "bundle-model-damaged": (
        "{name} is damaged: {file} is not as it was added.",
        "Remove it and add it again, or leave it out.",
    ),
    "bundle-file-too-large": (
        "One file has {size:size}, and this disk takes files of up to 4 GB only: it has the FAT32 form.",
        "Use another disk, or have this one formatted as exFAT, which deletes what is on it.",
    ),
    "bundle-unfinished": (
        "The copying into {folder} was not finished.",
        "Do it once more on the computer it came from.",
    ),
    "no-bundle": (
        "There is nothing in {folder} that was carried from another computer.",
        "Choose the folder that was written there; mostly it is called {usual}.",
    ),
    "bundle-damaged": ("What {folder} holds is damaged.", _WRITE_AGAIN),
    "bundle-newer": (
        "This was written by a newer version of the program.",
        "Bring this one up to date first.",
    ),
    "bundle-file-damaged": (
        "{file} is missing or damaged. Nothing was taken over.",
        "Write it once more on the computer that it came from; perhaps the stick is worn out.",
    ),
    "documents-here-already": (
        "There are documents here already, and those that were carried cannot be joined with them.",
        "Add the files themselves on this computer, or take them over in a data folder of their own.",
    ),
    "no-documents-to-carry": ("There are no documents to carry.", "Add some, or leave them out."),
    "no-room-on-disk": (
        "There is not enough room on the disk of {folder}: {needed:size} are needed, "
        "and {free:size} can be used.",
        "Free some space and try again, or use the model where it is instead of copying it.",
    ),
    **_disk_failures("add-model", "The model was not added"),
    **_disk_failures("remove-model", "{name} was not removed"),
    **_disk_failures("restore-model", "The model was not brought back"),
    **_disk_failures("check-model", "{name} cannot be checked"),
    **_disk_failures("write-bundle", "Nothing was carried"),
    **_disk_failures("read-bundle", "Nothing was taken over"),
    **_disk_failures("read-bundle-documents", "The documents were not taken over"),
    **_disk_failures("read-bundle-chats", "The chats were not taken over"),
    **_downloads_off("downloads-off", ""),
    **_downloads_off(
        "download-refused", "You can download the model on another computer, from {page}, and add it here."
    ),
    **_downloads_off("download-ended", "What has come is kept."),
    "courier-not-started": ("No courier was started with this program.", _START_AGAIN),
    "courier-ended": ("The courier {how}.", _START_AGAIN),
    "courier-ended-midway": ("The courier {how}.", f"What has come is kept. {_START_AGAIN}"),
    "download-without-address": (
        "Nobody states from where {name} can be downloaded.",
        "See {page}, download it in a browser and add the file here.",
    ),
    "download-replaced": (
        "{name} is no longer what it was when it was first fetched.",
        "Its maker may have published a new version: get it once more to take that.",
    ),
    "download-failed": ("The download failed: {why}.", "Try again later."),
    "download-name-impossible": ("“{name}” is no name for a file.", "The catalogue is damaged."),
    "download-no-room": (
        "The disk has {free:size} free; {needed:size} are to come, and {reserve:size} should stay free.",
        "Free {more:size} on the disk of {folder}.",
    ),
    "download-disk-full": ("The disk is full.", "Free some space on the disk of {folder}, then go on."),
    "download-file-too-large": (
        "The disk does not take a file so large.",
        "Disks formatted as FAT32 end at 4 GB: move {folder} to another one.",
    ),
    "download-not-written": (
        "{folder} cannot be written: {why}.",
        "Make it writable for you, then try again.",
    ),
    "download-offline": (
        "This computer is offline, or {host} cannot be reached from it.",
        "Connect this computer to the internet, then try again.",
    ),
    "download-no-answer": ("{host} does not answer.", _GOES_ON_LATER),
    "download-cut-off": ("The connection to {host} broke.", _GOES_ON_LATER),
    "download-changed": ("{host} has another version of the file.", _GOES_ON_LATER),
    "download-certificate": (
        "What answers is not {host}: its certificate is not valid ({why}).",
        "See whether this computer's clock is right and whether this network wants you to sign in first.",
    ),
    "download-proxy": (
        "The proxy of this network does not let {host} through: {why}.",
        "Ask whoever looks after this network, or set HTTPS_PROXY to another proxy.",
    ),
    "download-not-for-all": (
        "{host} does not give this file to everybody ({status}).",
        f"Its maker may want you to agree to terms. {_BY_HAND}",
    ),
    "download-gone": (
        "{host} does not have this file any more ({status}).",
        f"Its maker may have moved it. {_BY_HAND}",
    ),
    "download-busy": ("{host} is busy ({status}).", _GOES_ON_LATER),
    "download-long-pause": (
        "{host} is busy ({status}) and asks to be left alone for {wait:duration}.",
        _GOES_ON_LATER,
    ),
    "download-not-given": ("{host} refuses ({status} {why}).", _BY_HAND),
    "download-elsewhere": (
        "{host} sends on to {address}, which is not among those that this program asks.",
        "If this network wants you to sign in first, do so in a browser; otherwise download the file there.",
    ),
    "download-in-circles": (
        "{host} sends from one address to the next without end.",
        "Try again later.",
    ),
    "download-is-web-page": (
        "{host} answers with a web page instead of the model.",
        "If this network wants you to sign in first, as in a hotel, do so in a browser, then try again.",
    ),
    "download-other-size": (
        "{host} offers another file than the one wanted: {offered:size} instead of {wanted:size}.",
        _REPLACED,
    ),
    "download-other-bytes": (
        "{host} offers another file than the one wanted: {offered} bytes instead of {wanted}.",
        _REPLACED,
    ),
    "download-other-content": (
        "{name} from {host} is not the file that was wanted: its checksum is another. It was deleted.",
        "Try again. If it stays so, its maker has replaced it, or somebody on the way has.",
    ),
    "download-without-length": ("{host} does not say how large the file is.", "Try again later."),
    # --- chat and its history -------------------------------------------------------------------------------
    "model-too-large": (
        "{name} does not fit: it needs at least {needed:size} of memory, and {free:size} are free.",
        "Close other programs, or choose a smaller model.",
    ),
    "model-too-large-for-context": (
        "{name} does not fit: it needs at least {needed:size} of memory, and {free:size} are free.",
        "It fits with a context of {context} tokens.",
    ),
    "model-too-large-for-kv-type": (
        "{name} does not fit: it needs at least {needed:size} of memory, and {free:size} are free.",
        "It fits with a context of {context} tokens and {kv_type} for what it remembers.",
    ),
    "no-such-kv-type": ("There is no kind of context memory named {name!r}.", "One of: {known}."),
    "option-out-of-range": ("{name} cannot be {value}.", "It may be from {least} to {most}."),
    "no-model-loaded": ("No model is loaded.", "Choose one on the Chat page, or give a model file."),
    "no-model-file-chosen": ("No model is chosen.", "Choose a model file (.gguf)."),
    "model-engine-failed": ("The model's engine failed ({status}).", "Load the model again."),
    "prompt-too-long": (
        "The message is too long: {tokens} tokens with all that belongs to it, and {limit} fit.",
        "Shorten it, or load the model with a larger context.",
    ),
    "template-refused": (
        "The model's own chat template rejects this conversation: {why}.",
        "Choose another model, or an assistant without instructions.",
    ),
    "no-such-assistant": ("There is no assistant called {name}.", "There are: {known}."),
    "assistant-gone": ("This assistant is not there any more.", "Make a new one."),
    "assistant-not-there": ("This assistant is not there any more.", ""),
    "assistant-is-builtin": ("This assistant came with the program and cannot be deleted.", ""),
    "assistant-field-unknown": ("An assistant has no field “{field}” that could hold this.", ""),
    "assistant-field-too-long": (
        "The field “{field}” of the assistant is too long.",
        "At most {most} characters fit.",
    ),
    "assistant-without-name": ("An assistant needs a name.", "Write one, for instance “Letters”."),
    "assistant-not-saved": ("The assistant was not saved: {why}.", "Make the data folder writable."),
    "assistant-not-saved-disk-full": (
        "The assistant was not saved: the disk is full.",
        "Free some space and try again.",
    ),
    "assistants-not-readable": ("Your own assistants cannot be read ({why}).", ""),
    "assistants-damaged": (
        "The file of your own assistants was damaged ({damage}); a copy is kept as {name}.",
        "",
    ),
    "assistants-damaged-not-kept": (
        "The file of your own assistants was damaged ({damage}); it cannot be put aside: {why}.",
        "",
    ),
    "assistants-newer": (
        "They were written by a newer version of this program; a copy is kept as {name}.",
        "",
    ),
    "assistants-newer-not-kept": (
        "They were written by a newer version of this program; it cannot be put aside: {why}.",
        "",
    ),
    "conversation-gone": ("This conversation is not there any more.", "Begin a new one."),
    "conversation-not-there": ("This conversation is not there any more.", ""),
    "message-gone": ("This message is not there any more.", ""),
    "parent-message-gone": ("The message that this one follows is not there any more.", ""),
    "no-conversation-in-file": (
        "This file holds no conversation that can be read.",
        "Choose a Markdown or JSON file that was exported here, or JSON with a list of messages.",
    ),
    "history-damaged": (
        "The history of conversations is damaged.",
        "Start the program again: what can be read is taken over, and the damaged file is kept.",
    ),
    "history-disk-full": (
        "The disk that holds the history of conversations is full.",
        "Free some space and go on.",
    ),
    "history-busy": (
        "Another process holds the history of conversations.",
        "Close the other window or command.",
    ),
    "history-denied": ("The history of conversations cannot be opened or written: {file}", _CHECK_FOLDER),
    "history-disk-error": (
        "The disk reports an error at the history of conversations: {file}",
        _CHECK_DISK,
    ),
    "history-failed": ("The history of conversations failed: {why}", "Start the program again."),
    "history-closed": ("The history of conversations is closed.", ""),
    "history-no-folder": (
        "The folder of the history of conversations cannot be made: {folder}",
        "Check the permissions of its parent folder.",
    ),
    "history-not-set-aside": (
        "The history of conversations is damaged and cannot be set aside: {why}.",
        "Make the data folder writable.",
    ),
    "history-newer-not-set-aside": (
        "The history of conversations is newer and cannot be set aside: {why}.",
        "Make the data folder writable.",
    ),
    "history-newer": (
        "Your conversations were written by a newer version of this program. They are kept in {name} and "
        "come back with the newer version.",
        "Install the newer version again to see them.",
    ),
    "history-read-in-part": (
        "The history of conversations was damaged. It is kept as {name}.",
        "{taken} conversations could be read and are here.",
    ),
    "history-not-readable": (
        "The history of conversations was damaged. It is kept as {name}.",
        "Nothing in it could be read: put a back-up in its place if you have one.",
    ),
    "history-is-back": ("{taken} conversations of a newer version of this program are back.", ""),
    # --- documents: formats ---------------------------------------------------------------------------------
    "file-empty": ("This file is empty.", "There is nothing in it to read."),
    "file-not-there": (
        "The file is not there any more.",
        "Look for it, or remove it from the list: {name!r}.",
    ),
    "file-forbidden": ("You are not allowed to read this file.", "Change the permissions of {name!r}."),
    "file-name-impossible": ("There can be no file of this name.", "Check the name."),
    "file-read-error": ("The file cannot be read: {why}.", "Check the drive it is on, and try again."),
    "file-damaged": ("This file is damaged and cannot be read.", _SAVE_AGAIN),
    "not-a-file": ("This is not a file but a folder or a device.", "Choose files or a folder of files."),
    "not-what-its-name-says": ("This file is damaged, or it is not a {format} file at all.", _SAVE_AGAIN),
    "format-unknown": (
        "This kind of file cannot be read.",
        "Documents, spreadsheets, slides, mail, web pages and text files can.",
    ),
    "compound-file-unknown": (
        "This kind of file cannot be read.",
        "Open it with the program that made it and save it as PDF.",
    ),
    "not-text": (
        "This file is named like a text, but what is in it is not text.",
        "Open it with the program that made it and save it as a document.",
    ),
    "not-xml": ("A piece of this file is not the XML that it should be.", _SAVE_AGAIN),
    "xml-breaks-off": ("A piece of this file breaks off or is damaged.", _SAVE_AGAIN),
    "archive-not-document": ("This is an archive, not a document.", "Unpack it and add the files in it."),
    "archive-damaged": ("This file is damaged: its inner folder cannot be read.", _SAVE_AGAIN),
    "archive-bomb": (
        "This file would unpack to {size:size} in {pieces:number} pieces.",
        "It was probably made to do harm; if you trust it, save it in another format and add that.",
    ),
    "archive-locked": (
        "This file is locked with a password, and such archives cannot be unlocked here.",
        _SAVE_WITHOUT_PASSWORD,
    ),
    "archive-member-damaged": ("A piece of this file is damaged: {member}.", _SAVE_AGAIN),
    "archive-member-missing": ("A piece of this file is missing: {member}.", _SAVE_AGAIN),
    "archive-member-too-large": (
        "One piece of this file takes {size:size}, too much to read at once.",
        "Divide the document into smaller ones.",
    ),
    "pdf-empty": ("This PDF has no pages.", _SAVE_WITH_ANOTHER),
    "pdf-damaged": ("This file is damaged, or it is not a PDF file at all.", _SAVE_WITH_ANOTHER),
    "pdf-locked": ("This PDF is locked with a password.", "Give its password to read it."),
    "pdf-password-wrong": ("The password is wrong.", "Try again; capital and small letters differ."),
    "pdf-lock-unknown": (
        "This PDF is locked in a way that cannot be opened here.",
        "Open it with the program that made it and save it without protection.",
    ),
    "document-closed": ("The document is closed.", "Open it again."),
    "no-such-page": ("There is no page {page}.", "This document has {pages}."),
    "page-damaged": ("This page is damaged.", "Open the file with another program and save it again."),
    "page-without-size": ("This page is damaged.", "Its size cannot be read."),
    "page-of-odd-size": ("This page is damaged.", "Its size is not plausible."),
    "page-text-damaged": ("The text of this page is damaged.", "Open the file with another program."),
    "page-not-drawn": ("This page cannot be drawn.", "Its size is not plausible."),
    "office-document-missing": ("This file is damaged: the document itself is missing in it.", _SAVE_AGAIN),
    "office-locked": ("This Office file is locked with a password.", "Give the password to read it."),
    "office-password-wrong": ("The password does not open this Office file.", "Try again."),
    "office-lock-unknown": (
        "This Office file is locked in a way that cannot be unlocked here, or it is damaged.",
        _SAVE_WITHOUT_PASSWORD,
    ),
    "office-locked-too-large": (
        "This locked Office file is too large to be unlocked in memory.",
        "Save it without a password.",
    ),
    "workbook-too-large": (
        "This workbook holds more text than can be kept in memory.",
        "Divide it into smaller ones, or save its sheets as CSV.",
    ),
    "legacy-office-too-large": (
        "This file is {size:size} large, too much to read at once.",
        "Save it in the format of today, as .docx, .xlsx or .pptx.",
    ),
    "legacy-word-damaged": ("This Word document is damaged.", _SAVE_AS_DOCX),
    "legacy-word-damaged-without-libreoffice": ("This Word document is damaged.", _INSTALL_LIBREOFFICE),
    "legacy-word-no-text": ("The text of this Word document cannot be found.", _SAVE_AS_DOCX),
    "legacy-word-no-text-without-libreoffice": (
        "The text of this Word document cannot be found.",
        _INSTALL_LIBREOFFICE,
    ),
    "legacy-word-locked": ("This Word document is locked with a password.", "Give the password to read it."),
    "legacy-presentation-damaged": (
        "This presentation is damaged.",
        "Open it with the program that made it and save it as .pptx.",
    ),
    "legacy-presentation-damaged-without-libreoffice": (
        "This presentation is damaged.",
        _INSTALL_LIBREOFFICE,
    ),
    "legacy-presentation-locked": (
        "This presentation is locked with a password.",
        "Give the password to read it.",
    ),
    "legacy-workbook-damaged": (
        "This workbook is damaged or in a form that cannot be read.",
        "Open it with the program that made it and save it as .xlsx.",
    ),
    "legacy-workbook-damaged-without-libreoffice": (
        "This workbook is damaged or in a form that cannot be read.",
        _INSTALL_LIBREOFFICE,
    ),
    "legacy-workbook-locked": ("This workbook is locked with a password.", "Give the password to read it."),
    "opendocument-locked": (
        "This document is locked with a password, and OpenDocument files cannot be unlocked here.",
        _SAVE_WITHOUT_PASSWORD,
    ),
    "book-empty": ("There is no chapter in this book that can be read.", "Look for another copy of it."),
    "book-locked": (
        "This book is locked by copy protection (DRM) and cannot be read here.",
        "Its seller's program can open it; a copy without protection can be added.",
    ),
    "html-too-large": (
        "This web page is {size:size} large, too much to read at once.",
        "Save the part that matters as text.",
    ),
    "rtf-too-large": (
        "This RTF file is {size:size} large, too much to read at once.",
        "Save it in another format, which will be much smaller.",
    ),
    "rtf-too-deep": (
        "This RTF file is nested too deeply to be read.",
        "Open it in a text processor and save it again.",
    ),
    "mail-empty": ("There is neither a header nor a text of a mail in this file.", "Save the message again."),
    "mail-damaged": (
        "This message is damaged or nested too deeply to be read.",
        "Open it in a mail program and save it again.",
    ),
    "mail-too-large": (
        "This mail is {size:size} large, too much to read at once.",
        "Save its attachments and add those.",
    ),
    "mailbox-message-too-large": ("This message is too large to be read.", ""),
    "outlook-damaged": (
        "This Outlook message is damaged.",
        "Open it in Outlook and save it again, perhaps as .eml.",
    ),
    # --- documents: indexing, searching, answering ----------------------------------------------------------
    "dangling-link": (
        "This is a link to something that is not there.",
        "Connect the drive that it points to, or add the file itself.",
    ),
    "link-circle": ("This link leads in a circle.", "Its folder was read once; nothing is missing."),
    "no-such-path": ("There is no such file or folder.", "Check the name and the drive."),
    "path-denied": ("You are not allowed to read this.", "Change the permissions of “{name}”."),
    "path-too-long": ("The name is too long.", "Move it to a shorter path."),
    "path-unreachable": ("It cannot be reached: {why}.", "Check the drive it is on, and try again."),
    "no-regular-file": ("This is not a file but a pipe, socket or device.", "Choose files or folders."),
    "file-replaced": ("There is no file here any more but something else.", "Look at its folder."),
    "file-gone": ("The file is not there any more.", "Look for it, or remove it from the list."),
    "file-denied": ("You are not allowed to read this file.", "Change its permissions."),
    "file-not-read": ("The file cannot be read: {why}.", "Check the drive it is on."),
    "nothing-to-read": ("There is no file in this folder that can be read.", "Choose another folder."),
    "handbook-is-builtin": (
        "The handbook belongs to the program; nothing can be put into it.",
        "Choose another collection.",
    ),
    "no-such-folder": ("There is no folder {path}.", "Only folders can be watched."),
    "folder-not-watched": ("This folder is not watched: {path}", ""),
    "watch-limit": (
        "This system does not let more folders be watched, so changes in some are noticed after {seconds} "
        "seconds or more.",
        "To have them noticed at once, raise the system's limit fs.inotify.max_user_watches.",
    ),
    "collection-exists": ('There is a collection "{name}" already.', "Choose another name."),
    "no-such-collection": ('There is no collection "{name}".', ""),
    "collection-without-name": ("A collection needs a name.", ""),
    "no-such-document": ("There is no such document.", "It may have been removed."),
    "path-taken": ("Another document is at {path} already.", ""),
    "removed-while-read": ("The document was removed while it was read.", ""),
    "chunk-without-vector": ("A chunk came without its vector, and the store does not have it.", ""),
    "document-store-newer": (
        "The document store was written by a newer version of Offline Assistant.",
        "Install the newer version again, or set OFFLINE_ASSISTANT_HOME to another folder.",
    ),
    "document-store-damaged": (
        "The document store is damaged.",
        "Start the program again: the damaged store is set aside and your files are read anew.",
    ),
    "document-store-busy": (
        "Another process holds the document store.",
        "Close the other window or command.",
    ),
    "document-store-denied": ("The document store cannot be opened or written: {file}", _CHECK_FOLDER),
    "document-store-disk-error": ("The disk reports an error at the document store: {file}", _CHECK_DISK),
    "document-store-failed": ("The document store failed: {why}", "Start the program again."),
    "document-store-no-folder": (
        "The folder of the document store cannot be made: {folder}",
        "Check the permissions of its parent folder.",
    ),
    "document-store-not-set-aside": (
        "The document store is damaged and cannot be set aside: {why}.",
        "Make the data folder writable.",
    ),
    "document-store-not-carried": (
        "The disk that holds the document store is full.",
        "Free some space and try again.",
    ),
    "carried-documents-damaged": ("The documents that were carried are damaged.", "Carry them once more."),
    "document-store-closed": ("The document store is closed.", ""),
    "document-store-full": (
        "The disk that holds the document store is full.",
        "Free some space; indexing then goes on where it stopped.",
    ),
    "document-store-read-again": (
        "The document store was damaged. It was set aside as {name}.",
        "Your files are untouched and are read again.",
    ),
    "document-store-begun-anew": (
        "The document store was damaged. It was set aside as {name}.",
        "Your files are untouched. Add them again to search them.",
    ),
    "sentence-model-missing": (
        "The built-in sentence model is missing.",
        "Install Offline Assistant again.",
    ),
    "sentence-model-damaged": (
        "The built-in sentence model is damaged.",
        "Install Offline Assistant again.",
    ),
    "sentence-model-unusable": ("The sentence model cannot be loaded: {folder}", ""),
    "sentence-model-failed": (
        "The sentence model cannot be loaded: {why}",
        "Start the program again; if it goes on, install it again.",
    ),
    "embedder-pooling-unknown": ("The model “{name}” cannot be used: its kind of pooling is not known.", ""),
    "embedder-vectors-differ": ("The model “{name}” cannot be used: its vectors come out differently.", ""),
    "sentence-model-not-loaded": ("The sentence model cannot be loaded.", ""),
    "open-needs-memory": (
        "This file cannot be opened: it needs more memory than reading a document may take.",
        _SAVE_AGAIN,
    ),
    "open-takes-too-long": (
        "This file cannot be opened: it takes far too long.",
        _SAVE_AGAIN,
    ),
    "open-crashes": (
        "This file cannot be opened: it crashes the program that reads it.",
        _SAVE_AGAIN,
    ),
    "part-needs-memory": ("Reading it failed: it needs more memory than reading a document may take.", ""),
    "part-takes-too-long": ("Reading it failed: it takes far too long.", ""),
    "part-crashes": ("Reading it failed: it crashes the program that reads it.", ""),
    "part-not-tried": ("It was not tried, because several before it could not be read.", ""),
    "page-needs-memory": (
        "This page cannot be shown: it needs more memory than reading a document may take.",
        "",
    ),
    "page-takes-too-long": ("This page cannot be shown: it takes far too long.", ""),
    "page-crashes": ("This page cannot be shown: it crashes the program that reads it.", ""),
    "no-page-pictures": (
        "There are no page pictures of this kind of file.",
        "Its text can be shown.",
    ),
    "reading-never-ends": (
        "Reading this file does not come to an end.",
        _SAVE_AGAIN,
    ),
    "nested-too-deeply": (
        "This is nested too deeply to be read.",
        "Such a file is damaged, or made to do harm.",
    ),
    "not-understood": (
        "This is damaged, or built in a way that is not understood.",
        "Open the file with the program that made it and save it again.",
    ),
    "reading-failed": (
        "Something went wrong while this was read: {why}",
        "Try again; if it happens again, it is a fault of the program.",
    ),
    "indexing-failed": (
        "Something went wrong while this was indexed: {why}",
        "Try again; if it happens again, it is a fault of the program.",
    ),
    "indexing-keeps-crashing": (
        "Indexing this document failed again and again: {why}",
        "The other documents are not affected.",
    ),
    "reading-stopped": (
        "You stopped reading it. What was read before can be asked.",
        "Choose “Try again” to read the rest.",
    ),
    "no-part-readable": ("It could not be read: {why}", _SAVE_AGAIN),
    "not-readable": ("It could not be read.", _SAVE_AGAIN),
    "no-text-some-unreadable": (
        "No text was found: {failed:count {unit}} could not be read, and the rest has none.",
        _SAVE_AGAIN,
    ),
    "only-part-is-picture": (f"Its only {{unit}} is a picture without text; {_NO_OCR}", _ADD_TEXT),
    "all-parts-are-pictures": (
        f"All {{pictures:count {{unit}}}} are pictures without text; {_NO_OCR}",
        _ADD_TEXT,
    ),
    "picture-and-blank": (
        f"There is no text in it: 1 {{unit}} is only a picture, 1 is blank; {_NO_OCR}",
        _ADD_TEXT,
    ),
    "picture-and-blanks": (
        f"There is no text in it: 1 {{unit}} is only a picture, {{blank:number}} are blank; {_NO_OCR}",
        _ADD_TEXT,
    ),
    "pictures-and-blank": (
        f"There is no text in it: {{pictures:count {{unit}}}} are only a picture, 1 is blank; {_NO_OCR}",
        _ADD_TEXT,
    ),
    "pictures-and-blanks": (
        "There is no text in it: {pictures:count {unit}} are only a picture, {blank:number} are blank; "
        + _NO_OCR,
        _ADD_TEXT,
    ),
    "no-text": ("There is no text in it.", ""),
    "one-picture": (f"1 of {{total:count {{unit}}}} is only a picture; {_NO_OCR}", _ASK_REST),
    "some-pictures": (
        f"{{pictures:number}} of {{total:count {{unit}}}} are only a picture; {_NO_OCR}",
        _ASK_REST,
    ),
    "some-unreadable": (_SOME_UNREADABLE, _ASK_REST),
    "one-picture-some-unreadable": (
        f"1 of {{total:count {{unit}}}} is only a picture; {_NO_OCR} {_SOME_UNREADABLE}",
        _ASK_REST,
    ),
    "some-pictures-some-unreadable": (
        f"{{pictures:number}} of {{total:count {{unit}}}} are only a picture; {_NO_OCR} {_SOME_UNREADABLE}",
        _ASK_REST,
    ),
    "passage-gone": (
        "This passage is not there any more: its document has changed or was removed.",
        "Ask again.",
    ),
    "document-changed": ("The document has changed or was removed meanwhile.", "Summarise it again."),
    "nothing-to-summarise": ("There is no text in this document.", "Choose another one."),
    "no-model-to-summarise": ("No model is loaded that could summarise.", "Choose one on the Chat page."),
    #
    "collection-keeps-name": ("The collection “{name}” keeps its name.", "The program itself uses it."),
    # --- the command line and the window --------------------------------------------------------------------
    "message-empty": ("The message is empty.", "Write it in quotation marks after the command."),
    "question-empty": ("The question is empty.", "Write it in quotation marks after the command."),
    "no-model-chosen": (
        "No model has been chosen yet.",
        "Name a GGUF file: offline-assistant chat --model FILE.gguf. It is remembered.",
    ),
    "no-such-model-file": (
        "There is no model file {file}.",
        "Name a GGUF file, or a model that `offline-assistant models` lists.",
    ),
    "no-model-of-this-name": (
        "There is no model {name} here.",
        "`offline-assistant models` lists those that are.",
    ),
    "download-not-confirmed": (
        "The download of {size:size} from {host} was not confirmed.",
        "Its licence is {licence}. Add --yes to confirm it.",
    ),
    "export-not-written": ("“{name}” could not be written: {why}.", "Choose another folder."),
    "import-not-read": ("“{name}” could not be read.", "Choose an exported file."),
}


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        kind, _, noun = format_spec.partition(" ")
        match kind:
            case "size":
                return quantities.size(value)
            case "number":
                return quantities.number(value)
            case "duration":
                return quantities.duration(value)
            case "count":
                return quantities.count(value, noun)
        return str(super().format_field(value, format_spec))


_formatter = _Formatter()


def words(reason: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and what to do about it or "".

    Raises:
        KeyError: there is no such reason, or a value that its sentences name is missing.
    """
    message, hint = MESSAGES[reason]
    return _formatter.vformat(message, (), details), _formatter.vformat(hint, (), details)


def filled(text: str, details: Mapping[str, Any]) -> str:
    """Any text with such places, for the window's own words."""
    return _formatter.vformat(text, (), details)
