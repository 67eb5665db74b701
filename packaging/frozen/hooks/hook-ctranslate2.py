"""CTranslate2 loads the libraries beside its extension by place; its converters name other frameworks."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("ctranslate2")
excludedimports = ["fairseq", "huggingface_hub", "onmt", "opennmt", "torch", "transformers"]
