"""LaTeX as legible text: letters and signs of Unicode, raised and lowered runs, fractions with a stroke."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.rich_text.blocks import Span, Spans, SpanStyle

LONGEST = 4000
"""Characters; longer ones are shown as they are written."""

SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ",
    "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮",
    "partial": "∂", "nabla": "∇", "infty": "∞", "pm": "±", "mp": "∓", "times": "×", "div": "÷",
    "cdot": "·", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "•", "oplus": "⊕", "otimes": "⊗",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "equiv": "≡",
    "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "prec": "≺", "succ": "≻",
    "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇",
    "cup": "∪", "cap": "∩", "setminus": "∖", "emptyset": "∅", "varnothing": "∅", "forall": "∀",
    "exists": "∃", "nexists": "∄", "neg": "¬", "lnot": "¬", "land": "∧", "wedge": "∧", "lor": "∨",
    "vee": "∨", "therefore": "∴", "because": "∵", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⇔",
    "implies": "⇒", "mapsto": "↦", "longrightarrow": "⟶", "uparrow": "↑", "downarrow": "↓",
    "rightleftharpoons": "⇌", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "dots": "…",
    "prime": "′", "angle": "∠", "perp": "⊥", "parallel": "∥", "mid": "∣", "triangle": "△", "hbar": "ℏ",
    "ell": "ℓ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "degree": "°", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lvert": "|", "rvert": "|", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "vert": "|", "lbrace": "{", "rbrace": "}", "quad": "  ", "qquad": "    ",
    "top": "⊤", "bot": "⊥", "vdash": "⊢", "models": "⊨", "square": "□", "checkmark": "✓", "dagger": "†",
}  # fmt: skip
"""What stands for a command."""

OPERATORS = frozenset({
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "csc", "deg", "det", "dim", "exp", "gcd",
    "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh",
    "sup", "tan", "tanh",
})  # fmt: skip
"""Commands that are shown by their names, upright."""
UPRIGHT = frozenset(
    {"text", "mathrm", "operatorname", "textrm", "mbox", "mathsf", "textsf", "texttt", "mathtt"}
)
"""Commands whose argument is words."""
LIKE_ITSELF = frozenset({"mathbf", "boldsymbol", "bm", "mathit", "mathcal", "mathfrak", "mathscr", "textbf",
                         "textit", "displaystyle", "boxed", "underbrace", "overbrace"})  # fmt: skip
"""Commands that only change how their argument looks."""
ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7",
           "tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
           "underline": "\u0332"}  # fmt: skip
"""Combining characters, put behind each letter of the argument."""
DOUBLE_STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
SILENT = frozenset({"left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "limits",
                    "nolimits", "nonumber", "displaystyle", "textstyle", "middle", "hline"})  # fmt: skip
"""Commands that are left out."""
SPACES = {",": "\u2009", ":": " ", ";": " ", " ": " ", "!": "", ">": " "}
"""What stands for an escaped character."""
TIGHT = re.compile(r"[√∛∜]?[\w.′∞\u0300-\u036f]+\Z")
"""Needs no brackets beside a stroke or under a root."""
RAISED = str.maketrans("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
"""For what is raised within something raised or lowered."""
LOWERED = str.maketrans("0123456789+−=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ")
"""For what is lowered within something raised or lowered."""

_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|([{}^_&~])|(\s+)|([^\\{}^_&~\s])", re.DOTALL)


def spans(source: str) -> Spans:
    """A formula as it can be read in a line, with its exponents raised and its indices lowered."""
    if len(source) > LONGEST:
        return (Span(source, SpanStyle.FORMULA),)
    parser = _Parser(source)
    found = parser.until(None)
    return tuple(_joined([(text.strip("\n"), level) for text, level in found]))


def _joined(pieces: list[tuple[str, int]]) -> Iterator[Span]:
    text, level = "", 0
    for piece, at in pieces:
        if at != level and text:
            yield Span(text, SpanStyle.FORMULA, level=level)
            text = ""
        text, level = text + piece, at
    if text:
        yield Span(text, SpanStyle.FORMULA, level=level)


Pieces = list[tuple[str, int]]


class _Parser:
    """Reads a formula token by token; what it does not know it shows by its name."""

    DEEPEST = 40

    def __init__(self, source: str) -> None:
        self._tokens = [match.groups() for match in _TOKEN.finditer(source)]
        self._at = 0
        self._depth = 0

    def until(self, end: str | None) -> Pieces:
        pieces: Pieces = []
        while self._at < len(self._tokens):
            if self._tokens[self._at][2] == end and end is not None:
                self._at += 1
                break
            pieces += self._next()
        return pieces

    def _next(self) -> Pieces:
        name, escaped, sign, space, character = self._tokens[self._at]
        self._at += 1
        if name is not None:
            return self._command(name)
        if escaped is not None:
            return [("\n" if escaped == "\\" else SPACES.get(escaped, escaped), 0)]
        if space is not None:
            return [(" ", 0)]
        if sign == "{":
            return self._group_rest()
        if sign in ("^", "_"):
            return self._script(1 if sign == "^" else -1)
        if sign == "&":
            return [("  ", 0)]
        if sign == "~":
            return [(" ", 0)]
        if sign == "}":
            return []
        return [({"'": "′", "-": "−", "*": "∗"}.get(character, character), 0)]

    def _is_next(self, character: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][4] == character

    def _group_rest(self) -> Pieces:
        if self._depth >= self.DEEPEST:
            return []
        self._depth += 1
        pieces = self.until("}")
        self._depth -= 1
        return pieces

    def _argument(self) -> Pieces:
        while self._at < len(self._tokens) and self._tokens[self._at][3] is not None:
            self._at += 1
        if self._at >= len(self._tokens) or self._depth >= self.DEEPEST:
            return []
        self._depth += 1
        pieces = self._next()
        self._depth -= 1
        return pieces

    def _raw_argument(self) -> str:
        return _text(self._argument())

    def _script(self, level: int) -> Pieces:
        text = ""
        for piece, at in self._argument():
            text += piece.translate(RAISED if at > 0 else LOWERED) if at else piece.replace(" ", "")
        return [(text, 0 if text == "′" else level)]

    def _command(self, name: str) -> Pieces:
        if name in SIGNS:
            return [(SIGNS[name], 0)]
        if name in OPERATORS:
            return [(f"{name}\u2009", 0)]
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return self._fraction()
        if name == "sqrt":
            return self._root()
        if name == "binom":
            return [(f"({self._raw_argument()} choose {self._raw_argument()})", 0)]
        if name in UPRIGHT or name in LIKE_ITSELF:
            return self._argument()
        if name == "mathbb":
            return [("".join(DOUBLE_STRUCK.get(letter, letter) for letter in self._raw_argument()), 0)]
        if name in ACCENTS:
            text = self._raw_argument()
            return [("".join(letter + ACCENTS[name] for letter in text), 0)]
        if name in ("begin", "end"):
            self._argument()
            return []
        if name in SILENT:
            if (
                name in ("left", "right")
                and self._at < len(self._tokens)
                and self._tokens[self._at][4] == "."
            ):
                self._at += 1
            return []
        return [(name, 0)]

    def _fraction(self) -> Pieces:
        above, below = self._argument(), self._argument()
        return [
            *_bracketed(above),
            ("/" if _is_tight(above) and _is_tight(below) else " / ", 0),
            *_bracketed(below),
        ]

    def _root(self) -> Pieces:
        degree = ""
        if self._is_next("["):
            self._at += 1
            while self._at < len(self._tokens) and not self._is_next("]"):
                degree += _text(self._next())
            self._at += 1
        inside = self._argument()
        sign = {"3": "∛", "4": "∜"}.get(degree, "√")
        before: Pieces = [(degree, 1)] if degree not in ("", "3", "4") else []
        return [*before, (sign, 0), *_bracketed(inside)]


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def _is_tight(pieces: Pieces) -> bool:
    return bool(TIGHT.match(_text(pieces)))


def _bracketed(pieces: Pieces) -> Pieces:
    """What is longer than a word stands in brackets where a stroke or a root would have shown its extent."""
    return pieces if _is_tight(pieces) else [("(", 0), *pieces, (")", 0)]
