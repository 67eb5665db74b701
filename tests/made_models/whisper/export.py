"""A trained network as a folder of CTranslate2 that faster_whisper loads."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ctranslate2.converters import TransformersConverter
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import Tokenizer, models
from transformers import (
    GenerationConfig,
    PreTrainedTokenizerFast,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
)

from tests.made_models.whisper import tokens as marks
from tests.made_models.whisper.network import (
    DECODER_LAYERS,
    ENCODER_LAYERS,
    HEADS,
    INNER,
    LENGTH,
    MELS,
    POSITIONS,
    WIDTH,
    Network,
)

ALIGNMENT_HEADS = [[DECODER_LAYERS - 1, 0], [DECODER_LAYERS - 1, 1]]
"""Those that were trained to look where the next token is said."""


class _Converter(TransformersConverter):
    """Takes the vocabulary from here; transformers would find no empty token."""

    def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
        tokens = marks.vocabulary_of_model()
        return PreTrainedTokenizerFast(
            tokenizer_object=Tokenizer(
                models.WordLevel({token: number for number, token in enumerate(tokens)})
            ),
            eos_token=marks.END,
            bos_token=marks.END,
            unk_token=marks.END,
        )


def write(network: Network, folder: Path, quantization: str = "int8") -> None:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name)
        _whisper(network).save_pretrained(source)
        WhisperFeatureExtractor(feature_size=MELS).save_pretrained(source)
        marks.tokenizer().save(str(source / "tokenizer.json"), pretty=False)
        converter = _Converter(name, copy_files=["tokenizer.json", "preprocessor_config.json"])
        converter.convert(str(folder), quantization=quantization, force=True)


def _whisper(network: Network) -> WhisperForConditionalGeneration:
    end, start = marks.mark(marks.END), marks.mark(marks.START)
    ids = {"pad_token_id": end, "bos_token_id": end, "eos_token_id": end, "decoder_start_token_id": start}
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=marks.tokenizer().get_vocab_size(),
            num_mel_bins=MELS,
            d_model=WIDTH,
            encoder_layers=ENCODER_LAYERS,
            decoder_layers=DECODER_LAYERS,
            encoder_attention_heads=HEADS,
            decoder_attention_heads=HEADS,
            encoder_ffn_dim=INNER,
            decoder_ffn_dim=INNER,
            max_source_positions=POSITIONS,
            max_target_positions=LENGTH,
            suppress_tokens=[],
            begin_suppress_tokens=None,
            **ids,
        )
    )
    weights = {
        f"model.{key}": value for key, value in network.state_dict().items() if not key.startswith("classify")
    }
    weights["proj_out.weight"] = weights["model.decoder.embed_tokens.weight"]
    model.load_state_dict(weights)
    model.generation_config = GenerationConfig(
        alignment_heads=ALIGNMENT_HEADS,
        lang_to_id={f"<|{code}|>": marks.mark(f"<|{code}|>") for code in _LANGUAGE_CODES},
        no_timestamps_token_id=marks.mark(marks.NO_TIMES),
        suppress_tokens=[],
        begin_suppress_tokens=[marks.mark("Ġ"), end],
        max_length=LENGTH,
        **ids,
    )
    return model
