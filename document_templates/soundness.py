"""Whether everything that a template can become is well-formed, proved once from its tags instead of tried each time.

Texts are escaped and our own filters make whole elements, so a document can only come apart where a condition or a loop
begins in one element and ends in another. The proof asks that all branches of a condition open and close the same
elements and that what is repeated opens none that it does not close. What it does not understand is not proved, and
then every document is read by a parser before it leaves.
"""

import re

from jinja2 import nodes

_NAME = r"[A-Za-z_][\w.:-]*"
_ENTITY = r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);"
_VALUE = rf'(?:[^<&"]|{_ENTITY})*+'
_ATTRIBUTES = rf'(?:\s+{_NAME}="{_VALUE}")*'
_TOKEN = re.compile(
    rf"(?:[^<&>]|{_ENTITY})*+"
    rf"(?:<!--(?:(?!--).)*-->|</(?P<close>{_NAME})\s*>|<(?P<open>{_NAME})(?P<has>{_ATTRIBUTES})\s*(?P<empty>/?)>)?",
    re.DOTALL | re.ASCII,
)
_UNFINISHED = re.compile(rf'<{_NAME}{_ATTRIBUTES}\s+{_NAME}="{_VALUE}', re.ASCII)  # inside the value of an attribute
_ATTRIBUTE_NAME = re.compile(rf'\s({_NAME})="', re.ASCII)
IN_ATTRIBUTE = "_in_attribute"


class _Unproved(Exception):
    pass


class _Effect:
    """What a stretch of the template does: elements it closes that were open before, those it leaves open, and the
    beginning of a tag that it stands in the middle of."""

    def __init__(self, begun: str) -> None:
        self.closed: list[str] = []
        self.opened: list[str] = []
        self.begun = begun

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Effect) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def data(self, text: str) -> None:
        text, self.begun = self.begun + text, ""
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found or found.end() == at:
                if not (rest := _UNFINISHED.fullmatch(text, at)):
                    raise _Unproved
                self.begun = rest[0][: rest[0].rindex('="') + 2]
                return
            at = found.end()
            if found["close"]:
                self.close(found["close"])
            elif found["open"]:
                names = _ATTRIBUTE_NAME.findall(found["has"])
                if len(names) != len(set(names)):
                    raise _Unproved
                if not found["empty"]:
                    self.opened.append(found["open"])

    def close(self, name: str) -> None:
        if not self.opened:
            self.closed.append(name)
        elif self.opened.pop() != name:
            raise _Unproved

    def then(self, other: "_Effect") -> None:
        for name in other.closed:
            self.close(name)
        self.opened += other.opened
        self.begun = other.begun


def proved(tree: nodes.Template, source: str) -> bool:
    """Whether all it can become is well-formed. Values in attributes are told to stay texts."""
    root = re.match(rf"<({_NAME})", source, re.ASCII)
    if not root or source.count(f"</{root[1]}>") != 1 or not source.endswith(f"</{root[1]}>"):
        return False  # beyond the end of the root nothing may follow
    if len(re.findall(rf"<{root[1]}[\s>/]", source)) != 1:
        return False
    try:
        return _effect(tree.body, "") == _Effect("")
    except _Unproved:
        return False


def _effect(body: list[nodes.Node], begun: str) -> _Effect:
    effect = _Effect(begun)
    for node in body:
        if isinstance(node, nodes.Output):
            _output(node, effect)
        elif isinstance(node, nodes.If):
            branches = [node.body, *(one.body for one in node.elif_), node.else_]
            effect.then(_alike([_effect(branch, effect.begun) for branch in branches]))
        elif isinstance(node, nodes.For):
            bodies = [_effect(repeated, effect.begun) for repeated in (node.body, node.else_)]
            effect.then(_alike([_Effect(effect.begun), *bodies]))
        elif not isinstance(node, nodes.Assign):
            raise _Unproved
    return effect


def _output(node: nodes.Output, effect: _Effect) -> None:
    for number, child in enumerate(node.nodes):
        if isinstance(child, nodes.TemplateData):
            effect.data(child.data)
        elif effect.begun:
            node.nodes[number] = nodes.Filter(child, IN_ATTRIBUTE, [], [], None, None, lineno=child.lineno)


def _alike(effects: list[_Effect]) -> _Effect:
    """The one effect of all of them. To close an element and open the same again is to have left it alone."""
    deepest = max((effect.closed for effect in effects), key=len)
    for effect in effects:
        untouched = deepest[len(effect.closed) :]
        effect.closed, effect.opened = effect.closed + untouched, untouched[::-1] + effect.opened
    if any(effect != effects[0] for effect in effects):
        raise _Unproved
    return effects[0]
