"""Modules that import one another in a circle are one thought or a mistake. Here stands each that `app` has, and why.

Imports for type annotations count: a base that names its heirs cannot be read without them, whatever is loaded when.
"""

from collections.abc import Callable, Iterable, Iterator

import grimp

CIRCLES = {
    frozenset({"app.engine.element", "app.engine.token", "app.engine.workflow"}): "docs/adr/0004",
}


def test_no_circle_of_imports_but_those_that_are_argued() -> None:
    """The list is exact: a circle that has come is a defect, one that has gone or shrunk leaves the list."""
    graph = grimp.build_graph("app", exclude_type_checking_imports=False, cache_dir=None)
    assert set(circles(graph.modules, graph.find_modules_directly_imported_by)) == set(CIRCLES)


def test_circles_are_found_whatever_leads_into_and_out_of_them() -> None:
    """Of two circles that one import connects each is told by itself; a chain is none."""
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"e"}, "e": {"f"}, "f": {"d"}, "g": {"a"}}
    assert set(circles(imports, lambda name: imports[name])) == {frozenset("bc"), frozenset("def")}


def circles(modules: Iterable[str], imported_by: Callable[[str], Iterable[str]]) -> Iterator[frozenset[str]]:
    """The strongly connected components of more than one module, by Tarjan's algorithm without recursion."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for first in sorted(modules):
        visits = [] if first in numbers else [(first, iter(imported_by(first)))]
        while visits:
            module, imports = visits[-1]
            if module not in numbers:
                numbers[module] = lowest[module] = len(numbers)
                path.append(module)
                on_path.add(module)
            following = next((each for each in imports if each not in numbers or each in on_path), None)
            if following is None:
                visits.pop()
                if visits:
                    lowest[visits[-1][0]] = min(lowest[visits[-1][0]], lowest[module])
                if lowest[module] == numbers[module]:
                    component = frozenset(path[path.index(module) :])
                    del path[path.index(module) :]
                    on_path -= component
                    if len(component) > 1:
                        yield component
            elif following in numbers:
                lowest[module] = min(lowest[module], numbers[following])
            else:
                visits.append((following, iter(imported_by(following))))
