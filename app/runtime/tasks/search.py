"""Finding tasks by words: of their name, process and summary, their case, who has them, and what they hold."""

from sqlalchemy import ColumnElement, String, cast, func, or_

from app.store.tables import TaskRow

MOST_WORDS = 8


def conditions(search: str) -> list[ColumnElement[bool]]:
    """What a task must fulfil to hold every word of `search`, whatever the case of its letters."""
    return [_holds(word) for word in search.lower().split()[:MOST_WORDS]]


def _holds(word: str) -> ColumnElement[bool]:
    columns = (TaskRow.name, TaskRow.process_name, TaskRow.process_id, TaskRow.summary, TaskRow.business_key)
    texts = [func.lower(column).contains(word, autoescape=True) for column in (*columns, TaskRow.assignee)]
    return or_(*texts, func.lower(cast(TaskRow.variables, String)).contains(word, autoescape=True))
