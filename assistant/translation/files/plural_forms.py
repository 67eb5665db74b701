"""PURE: how many forms of a word a language counts with, as gettext writes it (CLDR's rules)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PluralForms:
    count: int
    rule: str
    one: int = 0
    """The form for one thing; -1 where there is none of its own."""

    @property
    def header(self) -> str:
        return f"nplurals={self.count}; plural={self.rule};"


_USUAL = PluralForms(2, "(n != 1)")
_NONE = PluralForms(1, "0", one=-1)
_EASTERN = PluralForms(3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)")
_CZECH = PluralForms(3, "(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2")
_FORMS = {
    **dict.fromkeys(("id", "ja", "km", "ko", "lo", "ms", "my", "th", "vi", "yue", "zh"), _NONE),
    **dict.fromkeys(("fr", "hy", "oc", "tr", "fa", "hi"), PluralForms(2, "(n > 1)")),
    **dict.fromkeys(("be", "bs", "hr", "ru", "sr", "uk"), _EASTERN),
    **dict.fromkeys(("cs", "sk"), _CZECH),
    "pl": PluralForms(3, "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"),
    "lt": PluralForms(3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2)"),
    "lv": PluralForms(3, "(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2)"),
    "ro": PluralForms(3, "(n==1 ? 0 : (n==0 || (n%100>0 && n%100<20)) ? 1 : 2)"),
    "sl": PluralForms(4, "(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3)"),
    "ga": PluralForms(5, "(n==1 ? 0 : n==2 ? 1 : n<7 ? 2 : n<11 ? 3 : 4)"),
    "mt": PluralForms(4, "(n==1 ? 0 : n==0 || (n%100>1 && n%100<11) ? 1 : n%100>10 && n%100<20 ? 2 : 3)"),
    "ar": PluralForms(
        6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)", one=1
    ),
}  # fmt: skip


def plural_forms(language: str) -> PluralForms:
    return _FORMS.get(language, _USUAL)
