"""How values are shown: moments, durations, amounts, JSON, states: the filters and functions of the templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from flask import Flask, current_app, g
from markupsafe import Markup, escape

from app import feel
from app.runtime import MOST_COUNTED
from app.runtime.views import CircuitState, IncidentState, InstanceStatus, JobState, TaskState
from app.web.frame.assets import asset
from app.web.frame.current import now
from app.web.frame.paging import page_link
from app.web.frame.representing import represent
from app.web.frame.variable import shown as typed

NOTHING = Markup('<span class="faint">–</span>')
UNITS = ((365 * 86400, "year"), (30 * 86400, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))
LONG_VALUE_CHARACTERS = 72
MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$")


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks: never by colour alone."""

    kind: str  # good, warn, bad, accent or plain
    icon: str


LOOKS: Mapping[str, Look] = {
    InstanceStatus.RUNNING: Look("accent", "play"),
    InstanceStatus.COMPLETED: Look("good", "check"),
    InstanceStatus.FAILED: Look("bad", "cross"),
    InstanceStatus.CANCELLED: Look("plain", "ban"),
    JobState.AVAILABLE: Look("plain", "clock"),
    JobState.LEASED: Look("accent", "play"),
    JobState.AWAITING_APPROVAL: Look("warn", "hand"),
    JobState.HELD: Look("warn", "pause"),
    JobState.DONE: Look("good", "check"),
    TaskState.OPEN: Look("warn", "clock"),
    IncidentState.RESOLVED: Look("good", "check"),
    CircuitState.CLOSED: Look("good", "check"),
    CircuitState.HALF_OPEN: Look("warn", "clock"),
    "approved": Look("good", "check"),
    "rejected": Look("bad", "cross"),
    "waiting": Look("warn", "hand"),
    "instant": Look("good", "bolt"),
    "fast-track": Look("accent", "clock"),
    "fast_track": Look("accent", "clock"),
    "full review": Look("warn", "hand"),
    "full_review": Look("warn", "hand"),
    "escalated": Look("bad", "up"),
}
PLAIN = Look("plain", "dot")
DEAD_LETTER = Look("bad", "cross")


def register(app: Flask) -> None:
    app.jinja_env.globals.update(
        moment=moment,
        countdown=countdown,
        icon=icon,
        state=state,
        lasting=lasting,
        currency=currency,
        page_link=page_link,
    )
    app.jinja_env.filters.update(
        amount=amount,
        value=value,
        shown=shown,
        json_text=json_text,
        compact_json=compact_json,
        short=short,
        words=words,
        bounded=bounded,
        initials=initials,
        typed=typed,
        customer=customer,
        duration=duration,
    )


def moment(at: datetime | None) -> Markup:
    """A moment relative to now, with the full one as its title."""
    if at is None:
        return NOTHING
    full = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return Markup('<time datetime="{}" title="{}" data-relative>{}</time>').format(at.isoformat(), full, relative(at))


def countdown(to: datetime) -> Markup:
    """What is left until `to`, counting in the browser."""
    full = to.strftime("%Y-%m-%d %H:%M:%S UTC")
    left = max(0, int((to - now()).total_seconds()))
    text = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}" if left >= 3600 else f"{left // 60}:{left % 60:02}"
    return Markup('<time datetime="{}" title="{}" data-countdown>{}</time>').format(to.isoformat(), full, text)


def lasting(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))


def currency() -> str:
    """The company's currency, as its profile says; nothing where no role is deployed."""
    if "currency" not in g:
        mandates = current_app.extensions["bailiwick"].deployments.mandates()
        company = mandates[0].document.get("company") if mandates else None
        g.currency = str(company.get("currency", "")) if isinstance(company, Mapping) else ""
    found: str = g.currency
    return found


def relative(at: datetime) -> str:
    """Such as "5 minutes ago" and "in 2 hours"."""
    seconds = (at - now()).total_seconds()
    for size, unit in UNITS:
        if abs(seconds) >= size:
            count = int(abs(seconds) // size)
            text = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "in a moment" if seconds > 5 else "just now"


def duration(length: timedelta) -> str:
    """Such as "1 h 5 min" and "350 ms"."""
    seconds = length.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min {int(seconds % 60)} s"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 48 else f"{hours // 24} days {hours % 24} h"


def amount(number: object, currency: str = "") -> Markup:
    """Money with two decimals and its currency; anything else as it is."""
    found = _number(number)
    if found is None:
        return value(number)
    text = f"{found:,.2f}".replace(",", "\u202f")
    return Markup('<span class="amount">{}</span>').format(f"{text}\u00a0{currency}" if currency else text)


def _number(found: object) -> Decimal | None:
    if isinstance(found, bool) or not isinstance(found, int | Decimal | float):
        return None
    number = Decimal(str(found))
    return number if number.is_finite() else None


def value(found: object) -> Markup:
    """A JSON value in a line: text as it is, everything else as JSON, long things folded."""
    if found is None:
        return Markup('<span class="faint">null</span>')
    if isinstance(found, str) and len(found) <= 4 * LONG_VALUE_CHARACTERS:
        return escape(found) if found else Markup('<span class="faint">empty</span>')
    text = json_text(found)
    if _number(found) is not None:
        return Markup('<span class="number">{}</span>').format(text)
    if len(text) <= LONG_VALUE_CHARACTERS and "\n" not in text:
        return Markup('<span class="value">{}</span>').format(text)
    size = f"{len(found)} entries" if isinstance(found, Mapping | list | tuple) else f"{len(text)} characters"
    return Markup(
        '<details class="fold"><summary>{}</summary><pre class="value-block" tabindex="0">{}</pre></details>'
    ).format(size, text)


def shown(found: object) -> Markup:
    """A value of the evidence: moments in full, because paper does not count."""
    if isinstance(found, str) and MOMENT.match(found):
        found = datetime.fromisoformat(found)
    if isinstance(found, datetime):
        full = found.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return Markup('<time datetime="{}">{}</time>').format(found.isoformat(), full)
    return value(found)


def compact_json(found: object) -> str:
    """JSON for an attribute that a script reads."""
    return feel.json_dumps(represent(found))


def json_text(found: object, indent: str = "") -> str:
    """A JSON value as text, indented where it is long. Numbers keep their digits."""
    compact = feel.json_dumps(found)
    if len(indent) + len(compact) <= LONG_VALUE_CHARACTERS or not isinstance(found, Mapping | list | tuple):
        return compact
    deeper = f"{indent}  "
    if isinstance(found, Mapping):
        lines = [f"{feel.json_dumps(str(key))}: {json_text(inner, deeper)}" for key, inner in found.items()]
    else:
        lines = [json_text(inner, deeper) for inner in found]
    opening, closing = "{}" if isinstance(found, Mapping) else "[]"
    inside = ",\n".join(f"{deeper}{line}" for line in lines)
    return f"{opening}\n{inside}\n{indent}{closing}"


def customer(variables: Mapping[str, object]) -> str:
    """Whom the case is about, where its variables say so in the usual way: ``customer`` with a name, or an id."""
    known = variables.get("customer")
    found = known if isinstance(known, Mapping) else {}
    parts = (found.get("name"), found.get("customer_id") or variables.get("customer_id"), found.get("tier"))
    return " · ".join(str(part) for part in parts if part)


def short(identifier: str) -> str:
    """The end of an id, where those of one moment differ."""
    return identifier[-8:]


def bounded(count: int) -> str:
    """A count of the inbox: what is not counted further is "99+"."""
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def words(name: str) -> str:
    """Such as "Awaiting approval" of awaiting_approval, and "Service task" of serviceTask."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in str(name))
    text = spaced.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def initials(name: str) -> str:
    parts = [part for part in name.replace(",", " ").split() if part]
    return "".join(part[0] for part in parts[:2]) or "?"


def icon(name: str, title: str = "") -> Markup:
    """A picture of the sprite; with a title it is announced, without one it is decoration."""
    use = Markup('<use href="{}#{}"></use>').format(asset("icons.svg"), name)
    if title:
        return Markup('<svg class="icon" role="img" aria-label="{}">{}</svg>').format(title, use)
    return Markup('<svg class="icon" aria-hidden="true" focusable="false">{}</svg>').format(use)


def state(name: str, text: str = "") -> Markup:
    """A badge for a state: colour, shape and word."""
    look = DEAD_LETTER if isinstance(name, JobState) and name is JobState.FAILED else LOOKS.get(name, PLAIN)
    label = text or words(name)
    return Markup('<span class="badge badge-{}">{}{}</span>').format(look.kind, icon(look.icon), label)
