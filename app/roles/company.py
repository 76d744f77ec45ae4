"""The company profile after compilation: thresholds, people and groups, the calendar and the approval windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.roles.calendar import BusinessCalendar
from app.roles.words import RuleChanges, Ungoverned

DEFAULT_REVIEW_CADENCE_DAYS: Mapping[int, int] = {0: 365, 1: 180, 2: 90, 3: 30, 4: 30}


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    email: str
    substitutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """People who share a task list. `on_call` is the one who is paged."""

    id: str
    name: str
    on_call: str


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """`thresholds` are by dotted name ("refund.instant"); amounts are in `currency`."""

    id: str
    name: str
    owner: str
    version: str
    currency: str
    thresholds: Mapping[str, Decimal]
    calendar: BusinessCalendar
    fast_track_window: timedelta
    fast_track_in_business_time: bool
    retention: Mapping[str, timedelta]
    review_cadence_days: Mapping[int, int]
    people: Mapping[str, Person]
    groups: Mapping[str, Group]
    ungoverned: Ungoverned = Ungoverned.REVIEW
    last_resort: str | None = None  # the group that decides where nobody else may
    changes: RuleChanges = RuleChanges.TWO_PEOPLE

    def scope(self) -> dict[str, object]:
        """What FEEL sees as `company`: ``company.thresholds.refund.instant``, ``company.currency``."""
        thresholds: dict[str, dict[str, Decimal]] = {}
        for name, value in self.thresholds.items():
            subject, _, threshold = name.partition(".")
            thresholds.setdefault(subject, {})[threshold] = value
        return {"name": self.name, "currency": self.currency, "thresholds": thresholds}

    def fast_track_ends(self, now: datetime) -> datetime:
        """When the clock approves a fast track that begins `now`, if nobody objects."""
        if self.fast_track_in_business_time:
            return self.calendar.after(now, self.fast_track_window)
        return now + self.fast_track_window

    def on_call(self, group: str) -> str | None:
        """The person who is paged for `group`, or None for an unknown group."""
        known = self.groups.get(group)
        return known.on_call if known else None

    def conflicted(self, *people: str | None) -> frozenset[str]:
        """Who may not approve under four eyes: these people (requester, author of the draft), and whoever substitutes
        for one of them, over any number of hops. Names are compared as accounts are: in small letters.
        """
        substitutes = {name.casefold(): person.substitutes for name, person in self.people.items()}
        found: set[str] = set()
        waiting = [person.casefold() for person in people if person]
        while waiting:
            if (name := waiting.pop()) not in found:
                found.add(name)
                waiting.extend(each.casefold() for each in substitutes.get(name, ()))
        return frozenset(found)
