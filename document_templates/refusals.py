"""What can be wrong with a document template or an uploaded file, each with the sentence its author reads."""

from tenants.refusal import NotValid


class TemplateRefusal(NotValid):
    """A document template that cannot become a document; its arguments alone make its sentence."""

    @property
    def sentence(self) -> str:
        return " ".join(str(part) for part in self.args)

    def __str__(self) -> str:
        return self.sentence


class UnknownPlaceholder(TemplateRefusal):
    """A placeholder names something that this kind of document does not have."""

    def __init__(self, name: str, nearest: str = "", place: str = "") -> None:
        super().__init__(name, nearest, place)
        self.name, self.nearest, self.place = name, nearest, place

    @property
    def sentence(self) -> str:
        where = f", {self.place}," if self.place else ""
        hint = f" Did you mean “{self.nearest}”?" if self.nearest else ""
        return f"The placeholder “{self.name}”{where} is not known for this document.{hint}"


class UnreadableTemplate(TemplateRefusal):
    """The tags or the file itself cannot be read as a document template."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason, place)
        self.reason, self.place = reason, place

    @property
    def sentence(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"The document template cannot be read: {self.reason}{where}."


class ForbiddenTag(UnreadableTemplate):
    """A tag asks for more than reading the fields of the document: calls, attributes of objects, macros."""

    @property
    def sentence(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"The document template uses what is not allowed in a tag: {self.reason}{where}."


class ChartMismatch(TemplateRefusal):
    """A chart of the template and the figures for it do not fit together."""

    def __init__(self, chart: str, reason: str) -> None:
        super().__init__(chart, reason)
        self.chart, self.reason = chart, reason

    @property
    def sentence(self) -> str:
        return f"The chart “{self.chart}” cannot be filled: {self.reason}."


class Unrenderable(TemplateRefusal):
    """The document asks for more memory, time or pages than one document may take."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return f"The document could not be written: {self.reason}."


class UnusableValue(TemplateRefusal):
    """A picture, a link or a look that was given for a tag cannot be printed."""

    what = "A value of the document cannot be used"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return f"{self.what}: {self.reason}."


class UnusablePicture(UnusableValue):
    """A picture without words for those who do not see it, of no size, or of a kind Word does not show."""

    what = "A picture cannot be used"


class UnusableLink(UnusableValue):
    """A link that leads to anything but a page or a mailbox."""

    what = "A link must begin with http://, https:// or mailto:"


class UnusableLook(UnusableValue):
    """A style, font, colour or size that is none."""

    what = "A text cannot have this look"


class UnusableReplacement(UnusableValue):
    """Something was to be put into the template in the place of what it does not hold, or of another kind."""

    what = "A part of the document template cannot be replaced"


class FileRefusal(NotValid):
    """An uploaded file that is turned away before any library opens it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EmptyFile(FileRefusal):
    """Nothing was uploaded, or a file of no bytes."""


class FileTooLarge(FileRefusal):
    """The file, or what it inflates to, is over a limit."""


class WrongKindOfFile(FileRefusal):
    """The content is not what the upload is for, whatever its name says."""


class BrokenFile(FileRefusal):
    """The container or one of its parts is damaged or made to mislead."""


class EncryptedFile(FileRefusal):
    """The file is locked with a password."""


class ActiveContent(FileRefusal):
    """The file holds something that runs or fetches: macros, embedded objects, remote parts, document type rules."""
