"""The language of tags: reading fields, choosing, repeating. Nothing that calls, reaches into objects or grows text.

The list of allowed nodes is closed, so a construct nobody thought of is refused rather than run. The limits of the
confined child stand behind it: this file bounds what a template may say, the child bounds what saying it may cost.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from jinja2 import StrictUndefined, Undefined, UndefinedError, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.defaults import DEFAULT_FILTERS, DEFAULT_TESTS
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from document_templates.fragments import FRAGMENT_FILTERS, VALUES, Fragment, Lines, printed
from document_templates.relationships import DECLARATION
from document_templates.soundness import IN_ATTRIBUTE
from document_templates.typed_notes import markdown
from tenants.limits import DOCUMENT_BYTES, LOOP_ITEMS

_ALLOWED_NODES = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple, nodes.List,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Call, nodes.Assign, nodes.Keyword,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
})
_IN_WORDS = {
    nodes.Macro: "macros", nodes.CallBlock: "macros", nodes.Include: "other templates", nodes.Import: "other templates",
    nodes.FromImport: "other templates", nodes.Extends: "other templates", nodes.Block: "blocks",
    nodes.Pow: "the operator **", nodes.Concat: "the operator ~", nodes.AssignBlock: "set blocks",
    nodes.FilterBlock: "filter blocks", nodes.NSRef: "namespace", nodes.Dict: "braces inside a tag",
}
_LOOP_WORDS = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "previtem", "nextitem"}
)
_SAFE_FILTERS = (
    "upper", "lower", "capitalize", "title", "trim", "default", "d", "length", "count", "first", "last", "int",
    "float", "abs", "sort", "unique", "reverse", "items", "dictsort",
)
_SAFE_TESTS = (
    "defined", "undefined", "none", "string", "number", "odd", "even", "divisibleby", "equalto", "eq", "==", "ne", "!=",
    "lt", "lessthan", "<", "le", "<=", "gt", "greaterthan", ">", "ge", ">=", "in", "true", "false",
    "mapping", "sequence",
)
_OUR_OWN = ("_within_budget", IN_ATTRIBUTE)  # filters that no author writes
_LARGEST_FACTOR = 1e12  # a product of two counts in any report stays far below
_NUMBERS = (int, float)
_BREAKS = {"\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"}
_NOT_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN = frozenset({str, int, float})
BUDGET = "_budget"
SHOWN: dict[str | Fragment, str] = {}  # texts and chips of the document that is being filled, as they stand in XML
_HANDFUL = 64  # outputs joined and counted together
_DECLARATION = DECLARATION.encode()
BREAKS, UNSETTLED = "\x01", "\x05"  # beside a value with line breaks or tabs, or one of which more is to be made


class Missing(UndefinedError):
    """A tag names something the fields do not hold; keeps what it looked in, for the sentence."""

    def __init__(self, message: str | None = None, *, looked_in: object = None, name: object = None) -> None:
        super().__init__(message)
        self.looked_in, self.name = looked_in, name


class Unfilled(StrictUndefined):
    """Printing, testing or repeating over a missing field raises: a gap in a client's report is never silent."""

    __slots__ = ()

    def __init__(self, hint: Any = None, obj: Any = None, name: Any = None, exc: Any = UndefinedError) -> None:
        if exc is UndefinedError:
            exc = partial(Missing, looked_in=obj, name=name)
        super().__init__(hint, obj, name, exc)


class TooMuch(SecurityError):
    """The output or the number of repeated items is over its limit."""


class Budget:
    """The repeated items one render may still take."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = LOOP_ITEMS

    def spend(self, items: int) -> None:
        self.left -= items
        if self.left < 0:
            raise TooMuch(f"its loops repeat more than {LOOP_ITEMS:,} items")


@pass_context
def _within_budget(context: Context, items: Any) -> Any:
    """Each loop pays for its items before it starts: nested loops are bounded at no cost per item."""
    budget: Budget = context.parent[BUDGET]
    if isinstance(items, Undefined):
        return items
    if not hasattr(items, "__len__"):
        items = list(islice(items, budget.left + 1))
    budget.spend(len(items) + 1)
    return items


def _capped_range(*bounds: int) -> range:
    if len(wanted := range(*bounds)) > LOOP_ITEMS:
        raise TooMuch(f"a range holds more than {LOOP_ITEMS:,} items")
    return wanted


def _join(items: Iterable[Any], between: str = "") -> str:
    return str(between).join(str(item) for item in items)


def _round(value: float, digits: int = 0) -> float:
    return round(value, max(0, min(digits, 9))) if digits else round(value)


def _unchanged(value: Any) -> Any:
    return value


def _printable(value: Any) -> Any:
    """What a tag may print: text, numbers and what our own filters make. Text never counts as XML."""
    kind = type(value)
    if kind in _PLAIN or kind is Fragment or kind is Lines:
        return value
    if value is None:
        return ""
    if kind in VALUES:
        return printed(value)
    if isinstance(value, Undefined):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (dict, list, tuple, LoopContext, range)):
        raise SecurityError("printing a list or a group of fields instead of one of them")
    if isinstance(value, (Decimal, date)):
        return str(value)
    raise SecurityError("printing what is neither text nor a number")


def _cleaned(text: str) -> str:
    """Without what XML cannot hold: control characters, halves of characters; with breaks of one kind."""
    for written, meant in _BREAKS.items():
        if written in text:
            text = text.replace(written, meant)
    return _NOT_XML.sub("", text)


def _shown(value: Any) -> str:
    """What a tag prints, as it stands in XML. Most values are short texts, and many stand twice in a document."""
    kind = type(value)
    if kind is str or kind is Fragment:
        shown = SHOWN.get(value)
        if shown is None:
            shown = SHOWN[value] = _escaped(value) if kind is str else _shown_fragment(value)
        return shown
    value = _printable(value)
    return _shown_fragment(value) if type(value) is Fragment else _escaped(str(value))


def _escaped(value: str) -> str:
    if not value.isprintable():
        value = _cleaned(value)
        if "\n" in value or "\t" in value:
            value = BREAKS + value
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    if ">" in value:
        value = value.replace(">", "&gt;")
    if '"' in value:
        value = value.replace('"', "&#34;")
    return value if value.isascii() else _narrow(value)


def _shown_fragment(fragment: Fragment) -> str:
    xml = fragment.xml
    if not xml.isprintable():
        xml = _cleaned(xml)
        if "\n" in xml or "\t" in xml:
            xml = BREAKS + xml
    if not xml.isascii():
        xml = _narrow(xml)
    return xml if fragment.whole else UNSETTLED + xml


def _narrow(text: str) -> str:
    """A character for each byte of UTF-8: one dot or dash would make the text around it twice as large and as slow."""
    return text.encode().decode("latin-1")


def _in_attribute(value: Any) -> Any:
    """No element stands in an attribute: a document where one was printed is read again before it leaves."""
    return Fragment(value.xml) if type(value) is Fragment else value


class _Printing(CodeGenerator):
    """Jinja's compiler, with less to do per value: finished and escaped in one step of ours instead of three, handed
    over with the text around it, and a name in a dictionary looked up on the spot."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("shown = environment.shown")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - the name is Jinja's
        several = len(node.nodes) > 1
        self.writeline("yield ''.join((" if several else "yield (", node)
        self.indent()
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self.writeline(repr(_narrow(child.data)))
            else:
                self.writeline("shown(", child)
                self.visit(child, frame)
                self.write(")")
            self.write("," if several else "")
        self.outdent()
        self.writeline("))" if several else ")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - the name is Jinja's
        if isinstance(node.node, nodes.Name):
            name = frame.symbols.ref(node.node.name)
            self.write(f"({name}[{node.attr!r}] if type({name}) is dict and {node.attr!r} in {name} else ")
        self.write("environment.getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")
        if isinstance(node.node, nodes.Name):
            self.write(")")


def _capped(pieces: Iterable[str]) -> bytes:
    """The output in UTF-8, counted by the handful: counting every piece costs a tenth of a render."""
    kept = [_DECLARATION]
    length = 0
    waiting = iter(pieces)
    while handful := list(islice(waiting, _HANDFUL)):
        kept.append("".join(handful).encode("latin-1"))
        length += len(kept[-1])
        if length > DOCUMENT_BYTES:
            raise TooMuch(f"it grows over {DOCUMENT_BYTES >> 20} MB")
    return b"".join(kept)


class TagEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for tags: a closed list of constructs, escaping always on, missing fields refused."""

    intercepted_binops = frozenset({"*", "%", "+"})
    concat = staticmethod(_capped)  # type: ignore[assignment]
    code_generator_class = _Printing

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Unfilled, finalize=_printable, cache_size=0)
        self.shown = _shown
        self.globals = {"range": _capped_range}
        self.filters = {name: DEFAULT_FILTERS[name] for name in _SAFE_FILTERS}
        self.filters |= {"join": _join, "round": _round, "e": _unchanged, "escape": _unchanged, "markdown": markdown}
        self.filters |= FRAGMENT_FILTERS
        self.filters |= {"_within_budget": _within_budget, IN_ATTRIBUTE: _in_attribute}
        self.tests = {name: DEFAULT_TESTS[name] for name in _SAFE_TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Undefined):
            str(obj)  # raises, naming what is missing rather than what was wanted of it
        if attribute.startswith("_"):
            raise SecurityError(f"the attribute {attribute}")
        if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) in (dict, list, tuple, str, Lines):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        if isinstance(obj, Undefined):
            str(obj)
        if isinstance(argument, str) and argument.startswith("_"):
            raise SecurityError(f"the attribute {argument}")
        return self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is _capped_range

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not (isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS)):
            if isinstance(left, Undefined):
                str(left)
            raise SecurityError(f"the operator {operator} on anything but numbers")
        if operator == "*" and max(abs(left), abs(right)) > _LARGEST_FACTOR:
            raise SecurityError("a product of very large numbers")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in _walk(tree):
            self._admit(node)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, "_within_budget", [], [], None, None, lineno=loop.lineno)
        return tree

    def _admit(self, node: nodes.Node) -> None:
        if type(node) not in _ALLOWED_NODES:
            raise Forbidden(_IN_WORDS.get(type(node), type(node).__name__), node.lineno)
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            raise Forbidden(f"the name {node.name}", node.lineno)
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise Forbidden(f"the attribute {node.attr}", node.lineno)
        if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "range"):
            raise Forbidden("calls", node.lineno)
        if isinstance(node, nodes.For) and node.recursive:
            raise Forbidden("recursive loops", node.lineno)
        if isinstance(node, nodes.Filter) and (node.name not in self.filters or node.name in _OUR_OWN):
            raise Forbidden(f"the filter “{node.name}”", node.lineno)
        if isinstance(node, nodes.Test) and node.name not in self.tests:
            raise Forbidden(f"the test “{node.name}”", node.lineno)
        if isinstance(node, nodes.TemplateData):
            node.data = _literal_braces(node.data)


class Forbidden(SecurityError):
    """A construct outside the closed list, with the line of the tag source it stands on."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what, self.line = what, line


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [node]
    while waiting:
        yield (current := waiting.pop())
        waiting.extend(current.iter_child_nodes())


def _literal_braces(data: str) -> str:
    """`{_{` in a template is how an author writes `{{` for the reader. Values are never touched by this."""
    if "_" not in data:
        return data
    for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        data = data.replace(written, meant)
    return data
