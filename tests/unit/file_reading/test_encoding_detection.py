"""Encodings: found by mark, declaration, validity and letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UnreadableDocument
from assistant.file_reading.encoding_detection import decode, decoded_blocks, encoding_of

RUSSIAN = (
    "Утром над рекой поднялся густой туман, и рыбаки не решились выйти на воду. Старый паромщик сидел у огня "
    "и рассказывал детям, как раньше ходили здесь пароходы. "
)
JAPANESE = (
    "朝から雨が降り続いていたので、私たちは駅前の小さな喫茶店で待つことにした。窓の外を急ぐ人々を眺めていた。"
)
CHINESE = "早上下了一场大雨，路上的行人都打着伞。我们坐在窗边喝茶，等着天气变好，然后去公园散步。"
TAIWANESE = "早上下了一場大雨，路上的行人都撐著傘。我們坐在窗邊喝茶，等著天氣變好，然後去公園散步。"
HINDI = "सुबह तेज़ बारिश हुई, इसलिए हम घर पर ही रहे। दादाजी ने समुद्र की एक पुरानी कहानी सुनाई।"
KOREAN = (
    "아침부터 비가 내려서 우리는 역 앞의 작은 찻집에서 기다리기로 했다. 창밖으로 사람들이 바쁘게 지나갔다."
)
GREEK = "Το πρωί έβρεχε και μείναμε στο σπίτι. Ο παππούς διηγήθηκε μια παλιά ιστορία για τη θάλασσα."
HEBREW = "בבוקר ירד גשם כבד ולכן נשארנו בבית. סבא סיפר לנו סיפור ישן על הים ועל האוניות שהפליגו רחוק."
ARABIC = "هطل المطر صباحا فبقينا في البيت وحكى لنا الجد قصة قديمة عن البحر والسفن التي أبحرت بعيدا."
THAI = "ตอนเช้าฝนตกหนัก พวกเราจึงนั่งอยู่ในร้านกาแฟเล็ก ๆ หน้าสถานี และมองดูผู้คนที่เดินผ่านไปมาอย่างเร่งรีบ"
POLISH = "Rano padał deszcz, więc zostaliśmy w domu. Dziadek opowiedział starą historię o morzu i żaglowcach."
CZECH = "Ráno pršelo, a tak jsme zůstali doma. Dědeček vyprávěl starý příběh o moři a o lodích."
TURKISH = "Sabah yağmur yağdığı için evde kaldık. Dedem bize denizi anlatan eski bir öykü söyledi."
GERMAN = "Am Morgen regnete es, also blieben wir zu Hause. Großvater erzählte von früher, über ferne Küsten."
FRENCH = "Le matin, il pleuvait, nous sommes restés à la maison. Grand-père a dit une légende où tout gèle."
MARKED = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
UNMARKED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((RUSSIAN, name) for name in ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic", "cp855")),
        *((JAPANESE, name) for name in ("shift_jis", "euc_jp", "iso2022_jp", "cp932")),
        *((CHINESE, name) for name in ("gb2312", "gb18030", "hz")),
        (TAIWANESE, "big5"),
        *((KOREAN, name) for name in ("euc_kr", "cp949", "johab")),
        *((GREEK, name) for name in ("cp1253", "iso8859-7")),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (THAI, "tis-620"),
        *((POLISH, name) for name in ("cp1250", "iso8859-2")),
        *((CZECH, name) for name in ("cp1250", "iso8859-2")),
        (TURKISH, "cp1254"),
        *((GERMAN, name) for name in ("cp1252", "iso8859-1", "mac-roman", "cp850")),
        *((FRENCH, name) for name in ("cp1252", "iso8859-1", "mac-roman", "cp850")),
        *((text, name) for text in (RUSSIAN, GERMAN, JAPANESE) for name in MARKED),
        *((text, name) for text in (RUSSIAN, GERMAN, HINDI) for name in UNMARKED),
        (GERMAN + "\n" + JAPANESE + "\n", "utf-16-le"),
    ],
)  # fmt: skip
def test_texts_are_read_letter_by_letter(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_utf8_and_marks_are_never_mistaken(text: str) -> None:
    # "~{" and an escape begin encodings that are pure ASCII; a mark as the first letter is a mark.
    if "~{" in text or "\x1b" in text or text[0] in "\ufeff\ufffe":
        return
    assert decode(text.encode("utf-8-sig")) == text
    assert decode(text.encode("utf-16")) == text or "\0" in text
    if "\0" not in text:
        assert decode(text.encode()) == text


@given(st.binary(max_size=2000))
def test_any_bytes_become_some_text(content: bytes) -> None:
    decode(content).encode("utf-8", "replace")


def test_a_declaration_decides_where_letters_cannot() -> None:
    content = "<?xml version='1.0' encoding='cp855'?><a>да</a>".encode("cp855")
    assert "да" in decode(content)
    assert "да" in decode("да".encode("koi8-r"), "KOI8-R")


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("“Straße” – 5 €", "cp1252", "ISO-8859-1"),
        ("İğne", "cp1254", "iso-8859-9"),
        ("① 株", "cp932", "Shift_JIS"),
        ("〜", "shift_jis", "x-sjis"),
        ("～", "cp932", "windows-31j"),
        ("똠방각하", "cp949", "ks_c_5601-1987"),
        ("龍門", "gb18030", "gb_2312-80"),
        ("着", "big5hkscs", "big5-hkscs"),
        ("水", "hz", "hz-gb-2312"),
        ("Žluťoučký", "mac_latin2", "x-mac-ce"),
        (RUSSIAN, "cp1251", "us-ascii"),
        (RUSSIAN, "cp1251", "x-user-defined"),
        (RUSSIAN, "cp1251", "base64"),
    ],
)
def test_names_mean_what_programs_mean_by_them(text: str, encoding: str, declared: str) -> None:
    assert decode(text.encode(encoding), declared) == text


def test_a_wrong_declaration_does_no_harm() -> None:
    assert decode(f'<meta charset="iso-8859-1">{RUSSIAN}'.encode()).endswith(RUSSIAN)
    assert decode(f'<meta charset="utf-16">{GERMAN}'.encode("cp1252")).endswith(GERMAN)
    assert decode(b'<meta charset="no-such-thing">plain') == '<meta charset="no-such-thing">plain'


def test_strays_in_utf8_come_from_windows() -> None:
    assert decode((GERMAN * 5).encode() + b" caf\xe9 \x80") == GERMAN * 5 + " café €"


def test_letters_after_a_long_stretch_of_ascii_decide(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"plain line\n" * 200_000 + RUSSIAN.encode("cp1251"))
    encoding = encoding_of(path)
    assert encoding == "cp1251"
    assert "".join(decoded_blocks(path, encoding)).endswith(RUSSIAN)


def test_a_character_on_the_edge_of_two_blocks_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "edge.txt"
    path.write_bytes(b"x" * ((1 << 20) - 1) + "é!".encode())
    assert "".join(decoded_blocks(path, encoding_of(path))).endswith("xé!")


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"\x7fELF\x02\x01\x01" + bytes(5000), b"\x01\x02\x03" * 100]
)
def test_rubbish_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument) as caught:
        encoding_of(path)
    assert caught.value.hint


def test_short_lines_of_kana_are_japanese() -> None:
    for encoding in ("shift_jis", "euc_jp"):
        assert decode("じゃあ、行こっか？".encode(encoding)) == "じゃあ、行こっか？"


@pytest.mark.parametrize(
    "text",
    [
        "Stück;Größe;Preis",
        "¿Cuánto cuesta?",
        "Straße 5",
        "£ 5 – “so”",
        "Señor Muñoz pagó 5",
        "smørrebrød på øl",
    ],
)
def test_a_few_letters_are_taken_for_windows(text: str) -> None:
    assert decode(text.encode("cp1252")) == text
