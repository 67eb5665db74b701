"""PURE: languages by their codes (ISO 639, two letters where there are two): the one table of them."""

from __future__ import annotations

MANY = "mul"
"""The code that stands for many languages."""

NAMES = {
    "aa": "Afar", "ab": "Abkhazian", "ae": "Avestan", "af": "Afrikaans", "ak": "Akan", "am": "Amharic",
    "an": "Aragonese", "ar": "Arabic", "as": "Assamese", "av": "Avaric", "ay": "Aymara",
    "az": "Azerbaijani", "ba": "Bashkir", "be": "Belarusian", "bg": "Bulgarian", "bi": "Bislama",
    "bm": "Bambara", "bn": "Bengali", "bo": "Tibetan", "br": "Breton", "bs": "Bosnian", "ca": "Catalan",
    "ce": "Chechen", "ceb": "Cebuano", "ch": "Chamorro", "co": "Corsican", "cr": "Cree", "cs": "Czech",
    "cu": "Church Slavic", "cv": "Chuvash", "cy": "Welsh", "da": "Danish", "de": "German", "dv": "Divehi",
    "dz": "Dzongkha", "ee": "Ewe", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "ff": "Fula", "fi": "Finnish", "fj": "Fijian",
    "fo": "Faroese", "fr": "French", "fy": "Western Frisian", "ga": "Irish", "gd": "Scottish Gaelic",
    "gl": "Galician", "gn": "Guarani", "gu": "Gujarati", "gv": "Manx", "ha": "Hausa", "haw": "Hawaiian",
    "he": "Hebrew", "hi": "Hindi", "ho": "Hiri Motu", "hr": "Croatian", "ht": "Haitian Creole",
    "hu": "Hungarian", "hy": "Armenian", "hz": "Herero", "ia": "Interlingua", "id": "Indonesian",
    "ie": "Interlingue", "ig": "Igbo", "ii": "Sichuan Yi", "ik": "Inupiaq", "io": "Ido", "is": "Icelandic",
    "it": "Italian", "iu": "Inuktitut", "ja": "Japanese", "jv": "Javanese", "jw": "Javanese",
    "ka": "Georgian", "kg": "Kongo", "ki": "Kikuyu", "kj": "Kuanyama", "kk": "Kazakh", "kl": "Kalaallisut",
    "km": "Khmer", "kn": "Kannada", "ko": "Korean", "kr": "Kanuri", "ks": "Kashmiri", "ku": "Kurdish",
    "kv": "Komi", "kw": "Cornish", "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish", "lg": "Ganda",
    "li": "Limburgish", "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian", "lu": "Luba-Katanga",
    "lv": "Latvian", "mg": "Malagasy", "mh": "Marshallese", "mi": "Māori", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese",
    "na": "Nauru", "nb": "Norwegian Bokmål", "nd": "North Ndebele", "ne": "Nepali", "ng": "Ndonga",
    "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian", "nr": "South Ndebele", "nv": "Navajo",
    "ny": "Nyanja", "oc": "Occitan", "oj": "Ojibwa", "om": "Oromo", "or": "Odia", "os": "Ossetic",
    "pa": "Punjabi", "pi": "Pali", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "qu": "Quechua",
    "rm": "Romansh", "rn": "Rundi", "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda",
    "sa": "Sanskrit", "sc": "Sardinian", "sd": "Sindhi", "se": "Northern Sami", "sg": "Sango",
    "sh": "Serbo-Croatian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sm": "Samoan",
    "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "ss": "Swati", "st": "Sesotho",
    "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik",
    "th": "Thai", "ti": "Tigrinya", "tk": "Turkmen", "tl": "Tagalog", "tn": "Tswana", "to": "Tongan",
    "tr": "Turkish", "ts": "Tsonga", "tt": "Tatar", "tw": "Twi", "ty": "Tahitian", "ug": "Uyghur",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "ve": "Venda", "vi": "Vietnamese", "vo": "Volapük",
    "wa": "Walloon", "wo": "Wolof", "xh": "Xhosa", "yi": "Yiddish", "yo": "Yoruba", "yue": "Cantonese",
    "za": "Zhuang", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
"""In English, as CLDR has them; where several are in use, the one that stemmers and models go by."""

_TWO_LETTERS = {
    "aar": "aa", "abk": "ab", "afr": "af", "aka": "ak", "amh": "am", "ara": "ar", "arb": "ar", "arg": "an",
    "asm": "as", "ava": "av", "ave": "ae", "aym": "ay", "ayr": "ay", "aze": "az", "azj": "az", "bak": "ba",
    "bam": "bm", "bel": "be", "ben": "bn", "bis": "bi", "bod": "bo", "bos": "bs", "bre": "br", "bul": "bg",
    "cat": "ca", "ces": "cs", "cha": "ch", "che": "ce", "chu": "cu", "chv": "cv", "cor": "kw", "cos": "co",
    "cre": "cr", "cym": "cy", "dan": "da", "deu": "de", "div": "dv", "dzo": "dz", "ell": "el", "eng": "en",
    "epo": "eo", "est": "et", "ekk": "et", "eus": "eu", "ewe": "ee", "fao": "fo", "fas": "fa", "pes": "fa",
    "fij": "fj", "fil": "tl", "fin": "fi", "fra": "fr", "fry": "fy", "ful": "ff", "fuv": "ff", "gla": "gd",
    "gle": "ga", "glg": "gl", "glv": "gv", "grn": "gn", "gug": "gn", "guj": "gu", "hat": "ht", "hau": "ha",
    "hbs": "sh", "heb": "he", "her": "hz", "hin": "hi", "hmo": "ho", "hrv": "hr", "hun": "hu", "hye": "hy",
    "ibo": "ig", "ido": "io", "iii": "ii", "iku": "iu", "ile": "ie", "ina": "ia", "ind": "id", "ipk": "ik",
    "isl": "is", "ita": "it", "jav": "jv", "jpn": "ja", "kal": "kl", "kan": "kn", "kas": "ks", "kat": "ka",
    "kau": "kr", "knc": "kr", "kaz": "kk", "khm": "km", "kik": "ki", "kin": "rw", "kir": "ky", "kom": "kv",
    "kon": "kg", "kor": "ko", "kua": "kj", "kur": "ku", "kmr": "ku", "lao": "lo", "lat": "la", "lav": "lv",
    "lvs": "lv", "lim": "li", "lin": "ln", "lit": "lt", "ltz": "lb", "lub": "lu", "lug": "lg", "mah": "mh",
    "mal": "ml", "mar": "mr", "mkd": "mk", "mlg": "mg", "plt": "mg", "mlt": "mt", "mon": "mn", "khk": "mn",
    "mri": "mi", "msa": "ms", "zsm": "ms", "zlm": "ms", "mya": "my", "nau": "na", "nav": "nv", "nbl": "nr",
    "nde": "nd", "ndo": "ng", "nep": "ne", "npi": "ne", "nld": "nl", "nno": "no", "nob": "no", "nor": "no",
    "nya": "ny", "oci": "oc", "oji": "oj", "ori": "or", "ory": "or", "orm": "om", "gaz": "om", "oss": "os",
    "pan": "pa", "pli": "pi", "pol": "pl", "por": "pt", "pus": "ps", "pbt": "ps", "que": "qu", "quy": "qu",
    "roh": "rm", "ron": "ro", "run": "rn", "rus": "ru", "sag": "sg", "san": "sa", "sin": "si", "slk": "sk",
    "slv": "sl", "sme": "se", "smo": "sm", "sna": "sn", "snd": "sd", "som": "so", "sot": "st", "spa": "es",
    "sqi": "sq", "als": "sq", "srd": "sc", "srp": "sr", "ssw": "ss", "sun": "su", "swa": "sw", "swh": "sw",
    "swe": "sv", "tah": "ty", "tam": "ta", "tat": "tt", "tel": "te", "tgk": "tg", "tgl": "tl", "tha": "th",
    "tir": "ti", "ton": "to", "tsn": "tn", "tso": "ts", "tuk": "tk", "tur": "tr", "twi": "tw", "uig": "ug",
    "ukr": "uk", "urd": "ur", "uzb": "uz", "uzn": "uz", "ven": "ve", "vie": "vi", "vol": "vo", "wln": "wa",
    "wol": "wo", "xho": "xh", "yid": "yi", "ydd": "yi", "yor": "yo", "zha": "za", "zho": "zh", "cmn": "zh",
    "zul": "zu", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no",
    "scc": "sr", "scr": "hr",
}  # fmt: skip
"""Of codes with three letters, of outdated ones, and of both kinds of Norwegian."""

WIDELY_SPOKEN = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr",
    "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
"""Those that a chat model can be expected to have read."""

_WORDS = {
    0.75: "en",
    0.55: "ca da de es fr gl id it ms nb nl no pt ro sv vi ja zh",
    0.4: "ar bg cs el et fa fi ga he hi hr hu ko lt lv mt pl ru sk sl sr th tr uk bn ne",
}
"""Words of a token, roughly: vocabularies are learned mostly from English, and cut other words into more
pieces."""
_WORDS_OF_A_TOKEN = {code: words for words, codes in _WORDS.items() for code in codes.split()}

_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
_WIDE = {"ja", "ko", "yue", "zh"}
_UPRIGHT = {
    "am", "as", "bn", "bo", "dz", "gu", "hi", "hy", "ii", "ka", "km", "kn", "lo", "ml", "mr", "my", "ne",
    "or", "pa", "sa", "si", "ta", "te", "th", "ti", *_RIGHT_TO_LEFT, *_WIDE,
}  # fmt: skip
"""Those whose script has no slanted letters of its own."""


def name(code: str) -> str:
    """ "German" for "de"; the code itself where its name is not known."""
    return NAMES.get(code.casefold(), code)


def plain(tag: str) -> str:
    """The code, two letters where there are two, of any name for a language: "pt_BR", "zho-Hans", "iw"."""
    code = tag.replace("_", "-").partition("-")[0].casefold()
    return _TWO_LETTERS.get(code, code)


def words_of_a_token(code: str) -> float:
    """How many words a chat model makes of a token."""
    return _WORDS_OF_A_TOKEN.get(code, min(_WORDS))


def is_right_to_left(code: str) -> bool:
    return code in _RIGHT_TO_LEFT


def is_wide(code: str) -> bool:
    """Whether its signs are as wide as high, and take the room of two letters."""
    return code in _WIDE


def has_italics(code: str) -> bool:
    return code not in _UPRIGHT
