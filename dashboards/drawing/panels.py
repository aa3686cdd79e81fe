"""Each kind of panel, drawn into a rectangle of the picture; sizes are in pixels."""

from datetime import UTC, datetime
from typing import Any

from checks import model
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from . import asking, values
from .asking import JSON, Source

INK, FAINT, LINE, PAPER = "#24292e", "#6e7681", "#dfe3e8", "#ffffff"
PALETTE = ("#3274d9", "#e0752d", "#299c46", "#a352cc", "#d44a3a", "#1a9ba1", "#c9a100", "#6e7681")
TITLE = 26
ROW = 26
CHARACTER = 7.0


class Canvas:
    """A rectangle of the figure, whose unit is a pixel and whose y grows downwards."""

    def __init__(self, figure: Figure, left: float, top: float, width: float, height: float) -> None:
        self.figure, self.left, self.top, self.width, self.height = figure, left, top, width, height
        self.axes = self.inner(0, 0, width, height)
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")

    def inner(self, left: float, top: float, width: float, height: float) -> Axes:
        total_width, total_height = (float(size) * self.figure.dpi for size in self.figure.get_size_inches())
        box = (
            (self.left + left) / total_width,
            1 - (self.top + top + height) / total_height,
            width / total_width,
            height / total_height,
        )
        return self.figure.add_axes(box)

    def text(self, x: float, y: float, text: str, size: float = 9, color: str = INK, **more: Any) -> None:
        # A dollar would begin a formula.
        self.axes.text(x, y, text.replace("$", r"\$"), fontsize=size, color=color, va="center", **more)

    def frame(self, color: str = PAPER) -> None:
        shape = FancyBboxPatch((1, 1), self.width - 2, self.height - 2, boxstyle="round,pad=0,rounding_size=4", fc=color, ec=LINE, lw=1)
        self.axes.add_patch(shape)


def draw(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    """A panel with its title."""
    kind = panel["type"]
    if kind == "row":
        canvas.text(6, canvas.height / 2, f"▾  {panel['title']}", size=10.5, weight="bold")
        return
    kinds = {"stat": stat, "table": table, "timeseries": graph, "state-timeline": timeline, "alertlist": alerts}
    if kind != "stat":
        canvas.frame()
        canvas.text(10, 14, panel["title"], weight="bold")
    kinds[kind](panel, canvas, source, variables)


def stat(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    field = panel["fieldConfig"]["defaults"]
    found = source.now(model.filled_in(panel["targets"][0]["expr"], variables))
    text, color = values.cell(found[0][1], field) if found else (field.get("noValue", "No data"), None)
    canvas.frame(color or "#eef1f4")
    ink = PAPER if color else FAINT
    canvas.text(10, 16, panel["title"], size=min(9, 9 * (canvas.width - 20) / (8.6 * len(panel["title"]))), color=ink, weight="bold")
    canvas.text(canvas.width / 2, canvas.height / 2 + 12, text, size=24 if len(text) < 12 else 15, color=ink, ha="center", weight="bold")


def table(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    titles, rows = asking.table(panel, source, variables)
    if not rows:
        nothing(panel, canvas)
        return
    own = {each["matcher"]["options"]: {p["id"]: p["value"] for p in each["properties"]} for each in panel["fieldConfig"]["overrides"]}
    defaults = panel["fieldConfig"]["defaults"]
    texts: list[list[tuple[str, str | None]]] = []
    for row in rows:
        line: list[tuple[str, str | None]] = []
        for title in titles:
            value = row.get(title, "")
            if isinstance(value, str):
                line.append((value, None))
            else:
                text, color = values.cell(value, {**defaults, **own.get(title, {})})
                line.append((text, color if "custom.cellOptions" in own.get(title, {}) else None))
        texts.append(line)
    widths = [max(len(title), *(len(line[index][0]) for line in texts)) + 3 for index, title in enumerate(titles)]
    scale = (canvas.width - 20) / sum(widths)
    lefts = [10 + scale * sum(widths[:index]) for index in range(len(titles))]
    size = 9 if scale >= CHARACTER else max(5.5, 9 * scale / CHARACTER)
    room = int((canvas.height - TITLE - ROW) // ROW)
    for left, title in zip(lefts, titles, strict=True):
        canvas.text(left, TITLE + ROW / 2, title, size=size, color="#1f60c4", weight="bold")
    for number, line in enumerate(texts[:room]):
        top = TITLE + ROW * (number + 1)
        canvas.axes.add_patch(Rectangle((8, top), canvas.width - 16, 1, fc=LINE, ec="none"))
        for left, (text, color) in zip(lefts, line, strict=True):
            canvas.text(left, top + ROW / 2, text, size=size, color=color or INK)


def graph(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    found = asking.lines(panel, source, variables)
    if not found:
        nothing(panel, canvas)
        return
    field = panel["fieldConfig"]["defaults"]
    unit = field.get("unit", "none")
    listed = min(len(found), 4)
    axes = canvas.inner(72, TITLE + 8, canvas.width - 90, canvas.height - TITLE - 42 - 17 * listed)
    time_axis(axes, source)
    for number, (_, series) in enumerate(found):
        times = [datetime.fromtimestamp(when, UTC) for when, _ in series]
        axes.plot(times, [value for _, value in series], color=PALETTE[number % len(PALETTE)], lw=1.4)
    if field["custom"]["thresholdsStyle"]["mode"] == "line":
        most = axes.get_ylim()[1]
        for step in field["thresholds"]["steps"][1:]:
            if step["value"] <= most:
                axes.axhline(step["value"], color=values.COLORS.get(step["color"], FAINT), lw=1, ls="--")
    axes.set_ylim(bottom=field.get("min"), top=field.get("max"))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: values.shown(float(value), unit)))
    axes.grid(axis="y", color=LINE, lw=0.6)
    for number, (name, series) in enumerate(found[:listed]):
        y = canvas.height - 17 * (listed - number) + 4
        canvas.axes.add_patch(Rectangle((12, y - 2), 14, 3, fc=PALETTE[number % len(PALETTE)], ec="none"))
        more = f"   (and {len(found) - listed} more)" if number == listed - 1 and len(found) > listed else ""
        canvas.text(32, y, name + more, size=8)
        last, most = values.shown(series[-1][1], unit), values.shown(max(value for _, value in series), unit)
        canvas.text(canvas.width - 12, y, f"last {last}, max {most}", size=8, color=FAINT, ha="right")


def timeline(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    found = asking.lines(panel, source, variables)
    if not found:
        nothing(panel, canvas)
        return
    field = panel["fieldConfig"]["defaults"]
    widest = max(len(name) for name, _ in found)
    left = min(14 + CHARACTER * widest, canvas.width * 0.45)
    axes = canvas.inner(left, TITLE + 6, canvas.width - left - 18, canvas.height - TITLE - 36)
    time_axis(axes, source)
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), [name for name, _ in found], fontsize=8)
    for number, (_, series) in enumerate(found):
        for begin, end, value in merged(series, source.step):
            text, color = values.cell(value, field)
            start = datetime.fromtimestamp(begin, UTC)
            axes.barh(number, datetime.fromtimestamp(end, UTC) - start, left=start, height=0.8, color=color or FAINT, alpha=0.85)
            if end - begin > (source.end - source.start) / 12:
                axes.text(start, number, f" {text}", fontsize=8, color=PAPER, va="center", clip_on=True)


def merged(series: asking.Series, step: float) -> list[tuple[float, float, float]]:
    """(from, to, value): neighbours of one value are one; where there is no value there is a gap."""
    result: list[tuple[float, float, float]] = []
    for when, value in series:
        if result and result[-1][2] == value and when - result[-1][1] < step:
            result[-1] = (result[-1][0], when + step, value)
        else:
            result.append((when, when + step, value))
    return result


def alerts(panel: JSON, canvas: Canvas, source: Source, variables: dict[str, str]) -> None:
    found = source.now('ALERTS{alertname=~"Pgwal.+"}')
    if not found:
        nothing(panel, canvas)
    room = int((canvas.height - TITLE) // ROW)
    order = ("critical", "warning", "info")
    listed = sorted((labels for labels, _ in found), key=lambda labels: (order.index(labels["severity"]), labels["alertname"]))
    for number, labels in enumerate(listed[:room]):
        y = TITLE + ROW * number + ROW / 2
        state = labels["alertstate"]
        where = ", ".join(labels[name] for name in ("target", "application_name", "slot_name", "system_identifier") if labels.get(name))
        canvas.text(14, y, state, color=values.COLORS["red" if state == "firing" else "orange"], weight="bold")
        canvas.text(80, y, f"{labels['alertname']}  {where}")
        canvas.text(canvas.width - 12, y, labels.get("severity", ""), color=FAINT, ha="right")


def nothing(panel: JSON, canvas: Canvas) -> None:
    text = panel["fieldConfig"]["defaults"].get("noValue", "No data")
    canvas.text(canvas.width / 2, canvas.height / 2, text, size=11, color=FAINT, ha="center")


def time_axis(axes: Axes, source: Source) -> None:
    axes.set_xlim(datetime.fromtimestamp(source.start, UTC), datetime.fromtimestamp(source.end, UTC))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M:%S"))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(labelsize=8, colors=FAINT, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
