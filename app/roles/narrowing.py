"""Stage 4: a JobRole may narrow what its WorkRoles grant, and never widen it."""

from collections.abc import Callable, Iterator
from itertools import chain

from app import feel
from app.errors import Diagnostic
from app.roles.documents import Path
from app.roles.predicate import compile_text
from app.roles.schema import JobRoleDocument, LimitPart, MetricPart, WorkActionPart, WorkRoleDocument
from app.roles.sources import Source, Sources
from app.roles.words import Phase

WorkRoles = list[WorkRoleDocument]
Rule = Callable[[Source[JobRoleDocument], WorkRoles], Iterator[Diagnostic]]


def check_narrowing(source: Source[JobRoleDocument], sources: Sources) -> Iterator[Diagnostic]:
    """Every place at which the JobRole claims more than its WorkRoles grant together."""
    known: WorkRoles = []
    unreadable = False
    for index, name in enumerate(source.model.work_roles):
        if (work_role := sources.work_roles.get(name)) is not None:
            known.append(work_role.model)
        elif ("work-role", name) in sources.unusable:
            unreadable = True  # its own mistakes are reported already
        else:
            names = ", ".join(sorted(sources.work_roles)) or "none"
            message = f"Expected a WorkRole, but found {name}."
            yield source.diagnostic("unknown", ("work_roles", index), message, f"Known are: {names}.")
    if not unreadable:
        yield from chain.from_iterable(rule(source, known) for rule in _RULES)


def _risk_tier(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    for work_role in work_roles:
        if source.model.risk_tier < work_role.risk_tier:
            message = (
                f"Expected at least the risk tier {work_role.risk_tier} of {work_role.id}, "
                f"but found {source.model.risk_tier}."
            )
            yield source.diagnostic(
                "lower-risk-tier", ("risk_tier",), message, f"Set risk_tier: {work_role.risk_tier}."
            )


def _autonomy(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    for work_role in work_roles:
        if source.model.autonomy.exceeds(work_role.autonomy):
            message = (
                f"Expected at most the autonomy {work_role.autonomy.value} of {work_role.id}, "
                f"but found {source.model.autonomy.value}."
            )
            yield _wider(source, ("autonomy",), message, f"Set autonomy: {work_role.autonomy.value}.")


def _actions(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    for index, action in enumerate(source.model.actions):
        path: Path = ("actions", index)
        granting = [(role, part) for role in work_roles for part in role.actions if part.action == action.action]
        if not granting:
            message = f"Expected an action that a WorkRole grants, but found {action.action}."
            remedy = "Remove it, or name the WorkRole that grants it in work_roles."
            yield _wider(source, (*path, "action"), message, remedy)
            continue
        for role, part in granting:
            if action.grant.exceeds(part.grant):
                message = (
                    f"Expected at most {part.grant.value}, as {role.id} grants it, but found {action.grant.value}."
                )
                yield _wider(source, (*path, "grant"), message, f"Set grant: {part.grant.value}.")
            yield from _said_again(source, index, role.id, part)
            names = {check.name for check in part.checks}
            for position, check in enumerate(action.checks):
                if check.name in names:
                    message = f"Expected another name than {check.name}, which is a check of {role.id}."
                    yield _wider(source, (*path, "checks", position, "name"), message, "Rename it: both are run.")
            limits = {limit.name: limit for limit in part.limits}
            for position, limit in enumerate(action.limits):
                if limit.name in limits and _looser(limit, limits[limit.name]):
                    message = (
                        f"Expected the limit {limit.name} to be at most that of {role.id}, but found a looser one."
                    )
                    yield _wider(
                        source, (*path, "limits", position), message, "Lower count and value; keep the window."
                    )


def _said_again(
    source: Source[JobRoleDocument], index: int, work_role: str, part: WorkActionPart
) -> Iterator[Diagnostic]:
    """What limits count, and which decision an action follows from, is not said otherwise than by the WorkRole."""
    action = source.model.actions[index]
    for name in ("value", "subject", "decision"):
        theirs, own = getattr(part, name), getattr(action, name)
        if theirs is not None and own is not None and own != theirs:
            message = f"Expected {name}: {theirs}, as {work_role} says, but found {own}."
            yield _wider(source, ("actions", index, name), message, f"Leave {name} out.")


def _counted(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    """A window that adds up values needs a value, and one per subject a subject; or it would count nothing."""
    for index, action in enumerate(source.model.actions):
        parts = [part for role in work_roles for part in role.actions if part.action == action.action]
        limits = [*action.limits, *chain.from_iterable(part.limits for part in parts)]
        for name, needed in (
            ("value", [limit.name for limit in limits if limit.value is not None]),
            ("subject", [limit.name for limit in limits if limit.per_subject]),
        ):
            if needed and all(getattr(each, name) is None for each in (action, *parts)):
                message = f"Expected the {name} of {action.action} that {needed[0]} counts, but found none."
                yield source.diagnostic(f"no-{name}", ("actions", index), message, f"Add {name}: request.… (FEEL).")


def _followed(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    """An action that follows from a decision looks at its answer, and the role may make the decision."""
    granted = {part.decision for part in source.model.decisions}
    for index, action in enumerate(source.model.actions):
        parts = [part for role in work_roles for part in role.actions if part.action == action.action]
        named = [action.decision, *(part.decision for part in parts)]
        decision = next((each for each in named if each is not None), None)
        if decision is None:
            continue
        if decision not in granted:
            message = f"Expected {decision}, which {action.action} follows from, among the decisions of the role."
            yield source.diagnostic("unknown", ("actions", index), message, "Add it to decisions.")
        checks = [*action.checks, *chain.from_iterable(part.checks for part in parts)]
        if not any("decision" in _names_of(check.test) for check in checks if check.phase is not Phase.AFTER):
            message = f"Expected a check of {action.action} that looks at the answer of {decision}, but found none."
            remedy = 'Add a check such as test: decision.outcome = "approve".'
            yield source.diagnostic("decision-unused", ("actions", index), message, remedy)


def _names_of(text: str) -> frozenset[str]:
    try:
        return compile_text(text).names
    except feel.FeelSyntaxError:
        return frozenset({"decision"})  # its own mistake is reported already


def _decisions(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    for index, decision in enumerate(source.model.decisions):
        path: Path = ("decisions", index)
        granting = [
            (role, part) for role in work_roles for part in role.decisions if part.decision == decision.decision
        ]
        if not granting:
            message = f"Expected a decision that a WorkRole grants, but found {decision.decision}."
            yield _wider(source, (*path, "decision"), message, "Remove it, or name the WorkRole that grants it.")
        for role, part in granting:
            if decision.right.exceeds(part.right):
                message = (
                    f"Expected at most {part.right.value}, as {role.id} grants it, but found {decision.right.value}."
                )
                yield _wider(source, (*path, "right"), message, f"Set right: {part.right.value}.")
            least, own = part.confidence, decision.confidence
            if least is not None and (own is None or own.act < least.act or own.suggest < least.suggest):
                message = f"Expected at least act: {least.act} and suggest: {least.suggest}, as {role.id} demands."
                yield _wider(source, (*path, "confidence"), message, "Raise the thresholds.")


def _inputs(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    granted = {part.name: (role, part) for role in work_roles for part in role.inputs}
    for index, each in enumerate(source.model.inputs):
        path: Path = ("inputs", index)
        if each.name not in granted:
            message = f"Expected an input that a WorkRole may consume, but found {each.name}."
            yield _wider(source, (*path, "name"), message, "Remove it, or add it to the WorkRole.")
            continue
        role, part = granted[each.name]
        if each.source != part.source:
            message = f"Expected {each.name} from {part.source}, as {role.id} says, but found {each.source}."
            yield _wider(source, (*path, "source"), message, f"Set source: {part.source}.")
        if part.max_age is not None and (each.max_age is None or each.max_age > part.max_age):
            message = f"Expected {each.name} to be at most {part.max_age} old, as {role.id} demands."
            yield _wider(source, (*path, "max_age"), message, "Lower max_age.")


def _metrics(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    demanded = {part.name: (role, part) for role in work_roles for part in role.metrics}
    for index, metric in enumerate(source.model.metrics):
        if metric.name in demanded:
            role, part = demanded[metric.name]
            if _weaker(metric, part):
                message = f"Expected a target of {metric.name} at least as strict as that of {role.id}."
                yield _wider(source, ("metrics", index), message, "Tighten minimum or maximum.")


def _escalations(source: Source[JobRoleDocument], work_roles: WorkRoles) -> Iterator[Diagnostic]:
    for role in work_roles:
        for case in role.escalates:
            if case not in source.model.exceptions:
                message = (
                    f"Expected a route for {case.value} exceptions, which {role.id} must escalate, but found none."
                )
                remedy = f"Add exceptions.{case.value} with policy and to."
                yield _wider(source, ("exceptions",), message, remedy)


_RULES: tuple[Rule, ...] = (
    _risk_tier,
    _autonomy,
    _actions,
    _counted,
    _followed,
    _decisions,
    _inputs,
    _metrics,
    _escalations,
)


def _looser(own: LimitPart, least: LimitPart) -> bool:
    more_often = least.count is not None and (own.count is None or own.count > least.count)
    more_value = least.value is not None and (own.value is None or own.value > least.value)
    return more_often or more_value or own.window != least.window


def _weaker(own: MetricPart, least: MetricPart) -> bool:
    higher = least.maximum is not None and (own.maximum is None or own.maximum > least.maximum)
    lower = least.minimum is not None and (own.minimum is None or own.minimum < least.minimum)
    return higher or lower


def _wider(source: Source[JobRoleDocument], path: Path, message: str, remedy: str) -> Diagnostic:
    return source.diagnostic("widens", path, message, remedy)
