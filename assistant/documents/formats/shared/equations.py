"""Equations of Office (OMML) and of the web and OpenDocument (MathML) as LaTeX, which reads well as text."""

from __future__ import annotations

from collections.abc import Callable

from assistant.file_reading.safe_xml import Element, attribute, child, children, local

_SYMBOLS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu",
    "ν": r"\nu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon",
    "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma",
    "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint",
    "⋃": r"\bigcup", "⋂": r"\bigcap", "∪": r"\cup", "∩": r"\cap", "∞": r"\infty", "∂": r"\partial",
    "∇": r"\nabla", "±": r"\pm", "∓": r"\mp", "×": r"\times", "÷": r"\div", "⋅": r"\cdot", "·": r"\cdot",
    "∙": r"\cdot", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "≡": r"\equiv",
    "∼": r"\sim", "∝": r"\propto", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq",
    "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "→": r"\rightarrow",
    "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow",
    "↦": r"\mapsto", "…": r"\ldots", "⋯": r"\cdots", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}",
    "ℤ": r"\mathbb{Z}", "ℂ": r"\mathbb{C}", "ℏ": r"\hbar", "°": r"^{\circ}", "′": "'", "−": "-",
    "\u2061": "", "\u2062": "", "\u2063": ",", "\u2064": "", "\u00a0": " ",
}  # fmt: skip
_ACCENTS = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\bar", "\u0307": r"\dot",
    "\u0308": r"\ddot", "\u20d7": r"\vec", "\u0301": r"\acute", "\u0300": r"\grave", "\u030c": r"\check",
    "^": r"\hat", "~": r"\tilde", "¯": r"\overline", "→": r"\vec", "˙": r"\dot", "‾": r"\overline",
    "⏞": r"\overbrace", "⏟": r"\underbrace",
}  # fmt: skip
_FUNCTIONS = frozenset(
    (
        "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "log",
        "ln", "exp", "lim", "max", "min", "sup", "inf", "det", "gcd", "arg", "mod",
    )
)  # fmt: skip
_MAX_DEPTH = 100
"""What is nested deeper is left out."""


def omml(element: Element, depth: int = 0) -> str:
    """An `m:oMath` element as LaTeX without dollar signs."""
    if depth > _MAX_DEPTH:
        return ""
    write = _OMML.get(local(element))
    if write is not None:
        return write(element, depth + 1)
    return _join([omml(other, depth + 1) for other in element])


def mathml(element: Element, depth: int = 0) -> str:
    """A MathML element as LaTeX without dollar signs."""
    if depth > _MAX_DEPTH:
        return ""
    name = local(element)
    if name in ("annotation", "annotation-xml"):
        return ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _symbols(" ".join((element.text or "").split()))
    parts = [mathml(other, depth + 1) for other in element if local(other)]
    write = _MATHML.get(name)
    if write is not None and len(parts) >= write[0]:
        return write[1](parts, element)
    return _join(parts)


def _join(parts: list[str]) -> str:
    """One after the other; a command that ends in a letter is kept apart from a letter after it."""
    text = ""
    for part in parts:
        if not part:
            continue
        command = text.rpartition("\\")[2] if "\\" in text else ""
        if command and command.isalpha() and part[0].isalnum():
            text += " "
        text += part
    return text


def _symbols(text: str) -> str:
    if text in _FUNCTIONS:
        return "\\" + text
    return _join([_SYMBOLS.get(sign, sign) for sign in text])


def _part(element: Element, name: str, depth: int) -> str:
    found = child(element, name)
    return _join([omml(other, depth) for other in found]) if found is not None else ""


def _property(element: Element, name: str, default: str = "") -> str:
    """The value of a setting in the element's `…Pr`; "" as a value is kept apart from no setting."""
    for properties in element:
        if local(properties).endswith("Pr"):
            found = child(properties, name)
            if found is not None:
                return attribute(found, "val")
    return default


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _run(element: Element, depth: int) -> str:
    return _symbols("".join(part.text or "" for part in element if local(part) == "t"))


def _fraction(element: Element, depth: int) -> str:
    over, under = _part(element, "num", depth), _part(element, "den", depth)
    kind = _property(element, "type", "bar")
    if kind == "lin":
        return f"{over}/{under}"
    if kind == "noBar":
        return rf"\binom{{{over}}}{{{under}}}"
    return rf"\frac{{{over}}}{{{under}}}"


def _radical(element: Element, depth: int) -> str:
    degree, inside = _part(element, "deg", depth), _part(element, "e", depth)
    return rf"\sqrt[{degree}]{{{inside}}}" if degree else rf"\sqrt{{{inside}}}"


def _script(element: Element, depth: int) -> str:
    base = _part(element, "e", depth)
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    text = base if len(base) <= 1 or base.startswith("\\") or base.endswith(")") else _braced(base)
    if below:
        text += f"_{{{below}}}"
    if above:
        text += f"^{{{above}}}"
    return text


def _before(element: Element, depth: int) -> str:
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    return f"{{}}_{{{below}}}^{{{above}}}{_part(element, 'e', depth)}"


def _nary(element: Element, depth: int) -> str:
    sign = _symbols(_property(element, "chr", "∫"))
    below, above = _part(element, "sub", depth), _part(element, "sup", depth)
    text = sign + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return _join([text, _part(element, "e", depth)])


def _delimiter(element: Element, depth: int) -> str:
    left, right = _property(element, "begChr", "("), _property(element, "endChr", ")")
    separator = _property(element, "sepChr", "|")
    inside = separator.join(
        _join([omml(other, depth) for other in entry]) for entry in element if local(entry) == "e"
    )
    escape = {"{": r"\{", "}": r"\}", "‖": r"\|", "⟨": r"\langle ", "⟩": r"\rangle "}
    return f"{escape.get(left, left)}{inside}{escape.get(right, right)}"


def _function(element: Element, depth: int) -> str:
    name = _part(element, "fName", depth)
    argument = _part(element, "e", depth)
    return _join([name, argument if argument.startswith(("(", "[")) else _braced(argument)])


def _limit(mark: str) -> Callable[[Element, int], str]:
    def write(element: Element, depth: int) -> str:
        return f"{_part(element, 'e', depth)}{mark}{{{_part(element, 'lim', depth)}}}"

    return write


def _accent(element: Element, depth: int) -> str:
    sign = _property(element, "chr", "\u0302")
    return f"{_ACCENTS.get(sign, chr(92) + 'hat')}{{{_part(element, 'e', depth)}}}"


def _bar(element: Element, depth: int) -> str:
    command = r"\underline" if _property(element, "pos") == "bot" else r"\overline"
    return f"{command}{{{_part(element, 'e', depth)}}}"


def _group(element: Element, depth: int) -> str:
    sign = _property(element, "chr", "⏟")
    return f"{_ACCENTS.get(sign, chr(92) + 'underbrace')}{{{_part(element, 'e', depth)}}}"


def _matrix(element: Element, depth: int) -> str:
    rows = [
        " & ".join(_join([omml(other, depth) for other in entry]) for entry in row if local(entry) == "e")
        for row in children(element, "mr")
    ]
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _array(element: Element, depth: int) -> str:
    rows = [_join([omml(other, depth) for other in entry]) for entry in children(element, "e")]
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}" if len(rows) > 1 else "".join(rows)


_OMML: dict[str, Callable[[Element, int], str]] = {
    "r": _run,
    "f": _fraction,
    "rad": _radical,
    "sSub": _script,
    "sSup": _script,
    "sSubSup": _script,
    "sPre": _before,
    "nary": _nary,
    "d": _delimiter,
    "func": _function,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "acc": _accent,
    "bar": _bar,
    "groupChr": _group,
    "m": _matrix,
    "eqArr": _array,
}


def _fenced(parts: list[str], element: Element) -> str:
    separator = (element.get("separators", ",") or "")[:1]
    return str(element.get("open", "(")) + separator.join(parts) + str(element.get("close", ")"))


_MATHML: dict[str, tuple[int, Callable[[list[str], Element], str]]] = {
    "mfrac": (2, lambda parts, _: rf"\frac{{{parts[0]}}}{{{parts[1]}}}"),
    "msqrt": (0, lambda parts, _: rf"\sqrt{{{_join(parts)}}}"),
    "mroot": (2, lambda parts, _: rf"\sqrt[{parts[1]}]{{{parts[0]}}}"),
    "msup": (2, lambda parts, _: f"{_base(parts[0])}^{{{parts[1]}}}"),
    "msub": (2, lambda parts, _: f"{_base(parts[0])}_{{{parts[1]}}}"),
    "msubsup": (3, lambda parts, _: f"{_base(parts[0])}_{{{parts[1]}}}^{{{parts[2]}}}"),
    "munder": (2, lambda parts, _: f"{_base(parts[0])}_{{{parts[1]}}}"),
    "mover": (
        2,
        lambda parts, _: (
            f"{_ACCENTS[parts[1]]}{{{parts[0]}}}"
            if parts[1] in _ACCENTS
            else f"{_base(parts[0])}^{{{parts[1]}}}"
        ),
    ),
    "munderover": (3, lambda parts, _: f"{_base(parts[0])}_{{{parts[1]}}}^{{{parts[2]}}}"),
    "mfenced": (0, _fenced),
    "mtr": (0, lambda parts, _: " & ".join(parts)),
    "mtable": (0, lambda parts, _: r"\begin{matrix}" + r" \\ ".join(parts) + r"\end{matrix}"),
}


def _base(text: str) -> str:
    return text if len(text) <= 1 or text.startswith("\\") else f"{{{text}}}"
