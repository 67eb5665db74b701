"""By which model, or over which two, a text goes."""

from __future__ import annotations

from assistant.translation.records import EngineChoice
from assistant.translation.routes import languages, route, sources


def pair(source: str, target: str, **more: bool) -> EngineChoice:
    return EngineChoice(f"/{source}-{target}", f"{source}-{target}", False, ((source, target),), **more)


MANY = EngineChoice("/many", "many", False, languages=("de", "en", "fr", "it"))
NLLB = EngineChoice("/nllb", "nllb", False, languages=("de", "en", "fr", "ja"), non_commercial=True)
CHAT = EngineChoice("/chat", "chat", True)


def way(choices: list[EngineChoice], source: str, target: str, preferred: str = "") -> str:
    found = route(choices, source, target, preferred)
    return (
        ""
        if found is None
        else " ".join(f"{hop.engine.name}:{hop.source}>{hop.target}" for hop in found.hops)
    )


def test_straight_before_over_a_pivot() -> None:
    models = [pair("de", "en"), pair("en", "fr"), MANY]
    assert way(models, "de", "fr") == "many:de>fr"
    found = route(models[:2], "de", "fr")
    assert found is not None
    assert found.pivot == "en"
    assert way(models[:2], "de", "fr") == "de-en:de>en en-fr:en>fr"


def test_one_made_for_the_pair_first_and_chat_last() -> None:
    assert way([CHAT, NLLB, MANY, pair("de", "en")], "de", "en") == "de-en:de>en"
    assert way([CHAT, NLLB, MANY], "de", "en") == "many:de>en"
    assert way([CHAT, NLLB], "de", "en") == "nllb:de>en"
    assert way([CHAT, pair("de", "en"), pair("en", "fr")], "de", "fr") == "de-en:de>en en-fr:en>fr"
    assert way([CHAT], "de", "en") == "chat:de>en"


def test_the_preferred_one_is_taken_where_it_can() -> None:
    models = [CHAT, MANY, pair("de", "en"), pair("en", "ja")]
    assert way(models, "de", "en", "/chat") == "chat:de>en"
    assert way(models, "de", "en", "/many") == "many:de>en"
    assert way(models, "fr", "ja", "/many") == "many:fr>en en-ja:en>ja"
    assert way(models, "fr", "ja", "/en-ja") == "many:fr>en en-ja:en>ja"
    assert way(models, "fr", "it", "/en-ja") == "many:fr>it"


def test_another_pivot_than_english() -> None:
    assert way([pair("ca", "es"), pair("es", "eu")], "ca", "eu") == "ca-es:ca>es es-eu:es>eu"
    assert way([pair("uk", "ru"), pair("ru", "be")], "uk", "be") == "uk-ru:uk>ru ru-be:ru>be"


def test_none_where_no_model_goes() -> None:
    assert way([pair("de", "en")], "en", "de") == ""
    assert way([MANY], "de", "ja") == ""
    assert way([], "de", "en") == ""
    assert way([MANY], "de", "de") == ""


def test_names_of_a_language_are_one() -> None:
    assert way([pair("no", "en")], "nb", "en") == "no-en:nb>en"


def test_targets() -> None:
    assert languages([pair("de", "en"), MANY]) == ("en", "fr", "de", "it")
    assert "ja" in languages([CHAT])
    assert languages([]) == ()


def test_likely_sources() -> None:
    assert sources([pair("de", "en"), pair("eu", "en"), pair("en", "fr")], "fr") == ("de", "en", "eu")
    assert "ja" in sources([CHAT], "en")
