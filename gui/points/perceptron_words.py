"""The perceptron's lesson in words: its truth table, its last update, and why it can or cannot."""

import numpy as np

from gui import theme
from gui.points.perceptron_lesson import PerceptronLesson

GATES = {
    "AND": "True when both are",
    "OR": "True when one is, or both",
    "NAND": "False only when both are true",
    "NOT": "One input: true becomes false",
    "XOR": "True when exactly one is",
}
WHY_NOT = (
    "No: the two true corners lie opposite each other, and so do the two false ones. Whatever "
    "straight line you draw, at least one of the four stays on its wrong side."
)
WHY = {
    "AND": "Yes: a line can cut off the one true corner.",
    "OR": "Yes: a line can cut off the one false corner.",
    "NAND": "Yes: a line can cut off the one false corner.",
    "NOT": "Yes: any line that stands between the two points.",
}
SURELY = (
    " Where a line exists, the perceptron’s rule finds one after finitely many updates, whatever "
    "weights it begins with."
)
HIDDEN = (
    "With hidden neurons, yes: four of them draw a line each, and the last one combines their "
    "answers: the boundary can bend. The same rule goes through every layer now: that is "
    "backpropagation."
)
LEARNED = "<b>✓ Learned:</b> every answer is right."


def table(lesson: PerceptronLesson) -> str:
    """The truth table with what the network says now."""
    ink = theme.colours()
    rows = []
    one = lesson.gate == "NOT"
    heads = ["x", "wanted", "says", ""] if one else ["x₁", "x₂", "wanted", "says", ""]
    cells = "".join(f'<td align="right" width="46">{head}</td>' for head in heads)
    rows.append(f'<tr style="color:{ink.muted}">{cells}</tr>')
    last = lesson.last
    facts = zip(lesson.x, lesson.targets, lesson.answers(), lesson.right(), strict=True)
    for i, (x, wanted, said, right) in enumerate(facts):
        inputs = [_sign(float(x[0, 0, 0]))] if one else [_sign(float(v)) for v in x[:, 0, 0]]
        says = f"{said:.2f}" if lesson.hidden else f"{said:.0f}"
        tone, sign = (ink.right, "✓") if right else (ink.wrong, "✗")
        mark = f'<span style="color:{tone}">{sign}</span>'
        values = [*inputs, f"{float(wanted[0]):.0f}", says, mark]
        here = last is not None and last.index == i
        style = f' style="background-color:{ink.raised}"' if here else ""
        rows.append(
            f"<tr{style}>" + "".join(f'<td align="right">{v}</td>' for v in values) + "</tr>"
        )
    legend = "−1 is false, 1 is true. Amber: it says true; blue: false."
    return (
        f'<table cellpadding="3" cellspacing="0">{"".join(rows)}</table>'
        f'<p style="color:{ink.muted}; font-size:{theme.CAPTION}px; margin:6px 0 0 0">{legend}</p>'
    )


def why(lesson: PerceptronLesson) -> str:
    """Whether it can be done, and how far it is."""
    if lesson.hidden:
        told = HIDDEN
    elif lesson.gate == "XOR":
        told = WHY_NOT
    else:
        told = WHY[lesson.gate] + SURELY
    return f"{told}<br><br>{LEARNED}" if lesson.is_solved else told


def update(lesson: PerceptronLesson) -> str:
    """The last update, step by step."""
    last = lesson.last
    if last is None:
        return (
            "Nothing has been learned yet: the weights are random.<br><br>"
            "<b>One step</b> (S) shows one example to the neuron, and how its answer moves the "
            "line. <b>Shift+S</b> goes back."
        )
    if lesson.hidden:
        return _hidden_update(lesson)
    ink = theme.colours()
    before, after, change = last.before, last.after, last.change
    wrong = last.error != 0
    tone = ink.wrong if wrong else ink.right
    moved = (
        f"<b>Change</b> = rate × error × input<br>{_rows(change, lesson, signed=True)}"
        if wrong
        else "<b>No change:</b> a right answer leaves the weights as they are."
    )
    one = lesson.gate == "NOT"
    product = _product(before, last.x, one)
    return _spaced(
        f"<b>Example {last.index + 1}</b><br>{_place(last.x, lesson)}, "
        f"wanted <b>{last.target:.0f}</b>",
        f"<b>Sum</b> = w · x + b<br>{product}<br>= <b>{_number(last.z)}</b>, "
        f"{'above 0' if last.z > 0 else 'not above 0'}: it says <b>{last.output:.0f}</b>",
        f"<b>Error</b> = wanted − said<br>= {last.target:.0f} − {last.output:.0f} = "
        f'<b style="color:{tone}">{_number(last.error, 0)}</b>',
        moved,
        f"<b>{'New line' if wrong else 'The line stays'}</b><br>"
        f"{_sum(after, [' x', ''] if one else [' x₁', ' x₂'], one)} = 0",
    )


def _hidden_update(lesson: PerceptronLesson) -> str:
    last = lesson.last
    assert last is not None
    ink = theme.colours()
    tone = ink.right if abs(last.error) < 0.5 else ink.wrong
    moved = int(np.count_nonzero(last.change))
    after = (float(v) for v in lesson.answers())
    return _spaced(
        f"<b>Example {last.index + 1}</b><br>{_place(last.x, lesson)}, "
        f"wanted <b>{last.target:.0f}</b>",
        f"<b>Said</b> {last.output:.3f}",
        f'<b>Error</b> = wanted − said = <b style="color:{tone}">{_number(last.error, 3)}</b>',
        f"<b>Change</b><br>{moved} of {last.change.size} weights moved, the largest by "
        f"{float(np.abs(last.change).max()):.3f}",
        f"<b>Now it says</b><br>{', '.join(f'{v:.2f}' for v in after)}",
    )


def _spaced(*parts: str) -> str:
    return "".join(f'<p style="margin:0 0 12px 0; line-height:135%">{part}</p>' for part in parts)


def _place(x: tuple[float, float], lesson: PerceptronLesson) -> str:
    return f"x = {_sign(x[0])}" if lesson.gate == "NOT" else f"x = ({_sign(x[0])}, {_sign(x[1])})"


def _product(flat: np.ndarray, x: tuple[float, float], one: bool) -> str:
    inputs = [_sign(v) if v >= 0 else f"({_sign(v)})" for v in x]
    return _sum(flat, [f" × {value}" for value in inputs], one)


def _sum(flat: np.ndarray, factors: list[str], one: bool) -> str:
    """Terms with their signs between them, the bias last."""
    shown = [0, 2] if one else [0, 1, 2]
    told = ""
    for i in shown:
        value, factor = float(flat[i]), [*factors, ""][i]
        sign = "−" if value < 0 else "+"
        lead = f" {sign} " if told else sign.replace("+", "")
        told += f"{lead}{abs(value):.2f}{factor}"
    return told


def _rows(flat: np.ndarray, lesson: PerceptronLesson, signed: bool = False) -> str:
    names = ["w₁", "w₂", "b"]
    if signed:
        names = [f"Δ{name}" for name in names]
    shown = [0, 2] if lesson.gate == "NOT" else [0, 1, 2]
    told = (f"{names[i]} = {_number(float(flat[i]), signed=signed)}" for i in shown)
    return ", ".join(text.replace(" ", "\u00a0") for text in told)  # broken between them alone


def _number(value: float, digits: int = 2, signed: bool = False) -> str:
    text = f"{value:{'+' if signed and value else ''}.{digits}f}".replace("-", "−")
    return text if text.strip("−0.") else text.lstrip("−")


def _sign(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
