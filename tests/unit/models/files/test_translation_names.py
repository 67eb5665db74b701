from __future__ import annotations

import pytest

from assistant.models.files import translation_names


@pytest.mark.parametrize(
    ("name", "sources", "targets"),
    [
        ("opus-mt-en-de", ("en",), ("de",)),
        ("opus-mt-tc-big-en-pt", ("en",), ("pt",)),
        ("opus-mt-de-en-ctranslate2", ("de",), ("en",)),
        ("opus-mt-zh-en-ct2-int8", ("zh",), ("en",)),
        ("OPUS_en_de", ("en",), ("de",)),
        ("translate-de_en-1_0", (), ()),
        ("opus-mt-tc-big-cat_oci_spa-en", ("ca", "oc", "es"), ("en",)),
        ("opus-mt-deu-eng", ("de",), ("en",)),
        ("opus-mt-en-zle", ("en",), ("ru", "uk", "be")),
        ("opus-mt-mul-en", ("mul",), ("en",)),
        ("opus-mt-tc-big", (), ()),
        ("nllb-200-distilled-600M", (), ()),
        ("m2m100_418M", (), ()),
        ("model", (), ()),
    ],
)
def test_languages_of_a_name(name: str, sources: tuple[str, ...], targets: tuple[str, ...]) -> None:
    assert (translation_names.pair(name) or ((), ())) == (sources, targets)


def test_a_family_stands_for_its_languages() -> None:
    pair = translation_names.pair("opus-mt-en-ROMANCE")
    assert pair is not None
    assert {"fr", "es", "it", "pt", "ro"} <= set(pair[1])
