"""The names a kind of document has, and which of them a template asks for: read from its tags, nothing is filled in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

_SAME = frozenset({"_within_budget", "_run", "_paragraph", "sort", "unique", "reverse", "trim", "d", "default"})
_ONE_OF = frozenset({"first", "last"})
_WHOLE = frozenset({"dots", "items", "dictsort"})  # they look into what they are given
_PERHAPS = frozenset({"d", "default", "defined", "undefined"})  # they ask whether a name is there at all
_OURS = frozenset({"loop", "range", "words"})


@dataclass
class Shape:
    """What stands at a name: other names, a list of alike things, or a value. `anything` cannot be told beforehand."""

    path: str = ""
    names: dict[str, "Shape"] = field(default_factory=dict)
    each: "Shape | None" = None
    anything: bool = False

    def below(self) -> Iterator["Shape"]:
        for one in (*self.names.values(), *([self.each] if self.each else [])):
            yield one
            yield from one.below()


ANYTHING = Shape(anything=True)


def shape_of(value: Any, path: str = "") -> Shape:
    """The shape of fields that are complete. The entries of a list are laid over each other."""
    if isinstance(value, Mapping):
        names = {key: shape_of(one, f"{path}.{key}" if path else key) for key, one in value.items()}
        return Shape(path, names, anything=not value)
    if isinstance(value, list):
        return Shape(path, each=_laid_over(value, f"{path}[]"))
    return Shape(path)


def _laid_over(entries: list[Any], path: str) -> Shape:
    if not entries:
        return Shape(path, anything=True)
    if all(isinstance(one, Mapping) for one in entries):
        together: dict[str, Any] = {}
        for entry in entries:
            for key, value in entry.items():
                if key not in together or not together[key]:
                    together[key] = value
                elif isinstance(value, list):
                    together[key] = [*together[key], *value]
        return shape_of(together, path)
    return shape_of(entries[0], path)


@dataclass(frozen=True)
class Stray:
    """A name that no such document has: as written, the last part that is unknown, what it was looked for in, where."""

    name: str
    last: str
    beside: tuple[str, ...]
    line: int


class Asking:
    """Walks the tags of one part as a fill would, with loop variables bound to what they stand for."""

    def __init__(self, root: Shape) -> None:
        self.root = root
        self.used: set[str] = set()
        self.filters: set[str] = set()
        self.strays: list[Stray] = []

    def walk(self, tree: nodes.Template) -> None:
        self._statements(tree.body, {})

    def whole(self, shape: Shape) -> None:
        self.used.add(shape.path)
        self.used.update(one.path for one in shape.below())

    def _statements(self, body: Iterable[nodes.Node], scope: dict[str, Shape]) -> None:
        for node in body:
            if isinstance(node, nodes.For):
                self._loop(node, scope)
            elif isinstance(node, nodes.If):
                self._value(node.test, scope)
                for branch in (node.body, node.elif_, node.else_):
                    self._statements(branch, scope)
            elif isinstance(node, nodes.Assign):
                found = self._value(node.node, scope)
                if isinstance(node.target, nodes.Name):
                    scope[node.target.name] = found
            else:
                for expression in node.iter_child_nodes():
                    self._value(expression, scope)

    def _loop(self, node: nodes.For, scope: dict[str, Shape]) -> None:
        over = self._value(node.iter, scope)
        inside = dict(scope)
        for name in node.target.find_all(nodes.Name):
            inside[name.name] = ANYTHING
        if isinstance(node.target, nodes.Name):
            inside[node.target.name] = over.each or ANYTHING
            self.used.add(inside[node.target.name].path)
        if node.test:
            self._value(node.test, inside)
        self._statements(node.body, inside)
        self._statements(node.else_, scope)

    def _value(self, node: nodes.Node, scope: dict[str, Shape], *, perhaps: bool = False) -> Shape:
        if isinstance(node, nodes.Name):
            return self._name(node, scope, perhaps)
        if isinstance(node, nodes.Getattr):
            return self._below(node, node.node, node.attr, scope, perhaps)
        if isinstance(node, nodes.Getitem):
            return self._item(node, scope, perhaps)
        if isinstance(node, nodes.Filter):
            return self._filtered(node, scope, perhaps)
        if isinstance(node, nodes.Test):
            self._value(node.node, scope, perhaps=perhaps or node.name in _PERHAPS)
            return Shape()
        for child in node.iter_child_nodes():
            self._value(child, scope, perhaps=perhaps)
        return Shape(anything=isinstance(node, (nodes.CondExpr, nodes.And, nodes.Or, nodes.List, nodes.Tuple)))

    def _name(self, node: nodes.Name, scope: dict[str, Shape], perhaps: bool) -> Shape:
        if node.name in scope:
            return scope[node.name]
        if node.name in _OURS:
            return ANYTHING
        return self._found(self.root, node.name, node.name, node.lineno, perhaps)

    def _below(
        self, node: nodes.Getattr | nodes.Getitem, inside: nodes.Node, name: str, scope: dict[str, Shape], perhaps: bool
    ) -> Shape:
        written, first = f"{_written(inside)}.{name}", _first(inside)
        if first and first not in scope and first not in _OURS and first not in self.root.names:
            if not perhaps:  # told once, with all that stands behind the point
                self.strays.append(Stray(written, first, (), node.lineno))
            return ANYTHING
        holder = self._value(inside, scope, perhaps=perhaps)
        return self._found(holder, name, written, node.lineno, perhaps)

    def _item(self, node: nodes.Getitem, scope: dict[str, Shape], perhaps: bool) -> Shape:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._below(node, node.node, node.arg.value, scope, perhaps)
        holder = self._value(node.node, scope, perhaps=perhaps)
        self._value(node.arg, scope)
        if isinstance(node.arg, nodes.Slice):
            return holder
        return holder.each or ANYTHING

    def _filtered(self, node: nodes.Filter, scope: dict[str, Shape], perhaps: bool) -> Shape:
        self.filters.add(node.name)
        found = Shape()
        if node.node is not None:
            found = self._value(node.node, scope, perhaps=perhaps or node.name in _PERHAPS)
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self._value(argument, scope)
        if node.name in _WHOLE:
            self.whole(found)
            return ANYTHING
        if node.name in _ONE_OF:
            return found.each or ANYTHING
        return found if node.name in _SAME else Shape(anything=True)

    def _found(self, holder: Shape, name: str, written: str, line: int, perhaps: bool) -> Shape:
        if holder.anything:
            return ANYTHING
        found = holder.names.get(name)
        if found is None:
            if not perhaps:
                self.strays.append(Stray(written, name, tuple(holder.names), line))
            return ANYTHING
        self.used.add(found.path)
        return found


def _written(node: nodes.Node) -> str:
    """The dotted name as its author wrote it."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, (nodes.Getitem, nodes.Filter)) and node.node is not None:
        return _written(node.node)
    return "…"


def _first(node: nodes.Node) -> str:
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def unused(root: Shape, used: set[str]) -> list[str]:
    """Names that nothing asked for; of a group that nothing asked for only its own name."""
    missing: list[str] = []
    for one in root.names.values():
        inner = one.each if one.each and one.each.names else one
        if one.path not in used:
            missing.append(one.path)
        elif inner.names:
            missing += unused(inner, used)
    return missing
