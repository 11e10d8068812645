"""A redline read the way Word reads it once every change is accepted or rejected; knows nothing of how it was made."""

from lxml import etree

from tests.document_templates.word_files import body

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}noBreakHyphen": "\u2011"}
CONTENTS = ("TOC", "Contents")


def root_of(document):
    return etree.fromstring(body(document).encode())


def accepted(document):
    return read(root_of(document).find(f"{W}body"), "del")


def rejected(document):
    return read(root_of(document).find(f"{W}body"), "ins")


def read(container, dropped):
    """Texts of paragraphs, and lists of rows of cells for tables; without the contents page."""
    found = []
    pending = None
    for child in flat(container):
        if child.tag == f"{W}p" and not style(child).startswith(CONTENTS):
            said = (pending or "") + text(child, dropped)
            pending = said if child.find(f"{W}pPr/{W}rPr/{W}{dropped}") is not None else None
            found += [said] if pending is None else []
        elif child.tag == f"{W}tbl":
            found += [pending] if pending else []
            pending = None
            rows = [row for row in child.iter(f"{W}tr") if row.getparent() is child or "sdt" in row.getparent().tag]
            kept = [row for row in rows if row.find(f"{W}trPr/{W}{dropped}") is None]
            found += [[[read(cell, dropped) for cell in row.findall(f"{W}tc")] for row in kept]] if kept else []
    return found if pending is None else [*found, pending]


def flat(container):
    for child in container:
        if child.tag == f"{W}sdt":
            yield from flat(child.find(f"{W}sdtContent"))
        else:
            yield child


def style(paragraph):
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val")


def text(paragraph, dropped):
    kept = [leaf for leaf in paragraph.iter(f"{W}t", f"{W}delText", *BREAKS) if not lies_in(leaf, dropped)]
    return "".join(BREAKS.get(leaf.tag) or leaf.text or "" for leaf in kept if leaf.getparent().tag == f"{W}r")


def lies_in(leaf, dropped):
    return any(above.tag == f"{W}{dropped}" for above in leaf.iterancestors())


def marked(document):
    """One line a paragraph: [-deleted-], {+inserted+}, and ¶- or ¶+ where its end is."""
    lines = []
    for paragraph in root_of(document).iter(f"{W}p"):
        line = ""
        for leaf in paragraph.iter(f"{W}t", f"{W}delText"):
            around = "[-{}-]" if lies_in(leaf, "del") else "{{+{}+}}" if lies_in(leaf, "ins") else "{}"
            line += around.format(leaf.text or "")
        ends = {kind: paragraph.find(f"{W}pPr/{W}rPr/{W}{kind}") is not None for kind in ("del", "ins")}
        lines.append(line + "¶-" * ends["del"] + "¶+" * ends["ins"])
    return lines


def faults(document):
    """What the schema of Word forbids and LibreOffice forgives."""
    root = root_of(document)
    found = []
    for mark in root.iter(f"{W}ins", f"{W}del"):
        parent = mark.getparent().tag.removeprefix(W)
        inside = {child.tag.removeprefix(W) for child in mark}
        if parent in ("trPr", "rPr"):
            found += [f"{parent} mark with content"] if inside else []
            found += [f"late mark in {parent}"] if parent == "rPr" and mark.getparent()[0] is not mark else []
            found += [f"early mark in {parent}"] if parent == "trPr" and mark.getparent()[-1] is not mark else []
        elif parent not in ("p", "hyperlink", "sdtContent") or inside != {"r"}:
            found.append(f"{sorted(inside)} marked in {parent}")
        if not mark.get(f"{W}author") or not mark.get(f"{W}date", "").endswith("Z"):
            found.append("a mark of nobody")
    for leaf in root.iter(f"{W}t", f"{W}instrText", f"{W}delText", f"{W}delInstrText"):
        if leaf.tag.startswith(f"{W}del") != lies_in(leaf, "del"):
            found.append(f"{leaf.tag} on the wrong side")
    for leaf in root.iter(f"{W}delText"):
        if leaf.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
            found.append("white space of deleted text is lost")
    for look in root.iter(f"{W}rPr", f"{W}pPr", f"{W}trPr"):
        parent = look.getparent()
        if parent.tag in (f"{W}r", f"{W}p") and parent[0] is not look:
            found.append(f"{look.tag} is not first")
        if parent.tag == f"{W}pPr" and {after.tag for after in look.itersiblings()} - {f"{W}sectPr", f"{W}pPrChange"}:
            found.append("rPr too early in pPr")
    found += [f"cell without a last paragraph: {cell}" for cell in root.iter(f"{W}tc") if cell[-1].tag != f"{W}p"]
    ids = [mark.get(f"{W}id") for mark in root.iter(f"{W}ins", f"{W}del", f"{W}bookmarkStart", f"{W}commentReference")]
    found += ["two marks with one number"] if len(set(ids)) != len(ids) else []
    return found
