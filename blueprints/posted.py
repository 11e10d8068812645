"""What a request may carry: the fields of a form, and not more of them than any form of ours has."""

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from tenants.limits import FORM_FIELDS


class CountedFields(FormDataParser):
    """Werkzeug counts the parts of a multipart body only; here the fields of the other kind are counted before any of
    them is made, so that a hundred thousand of them cost nothing."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype == "application/x-www-form-urlencoded":
            most = self.max_form_memory_size
            if most is not None and content_length is not None and content_length > most:
                raise RequestEntityTooLarge
            body = stream.read() if most is None else stream.read(most + 1)
            if most is not None and len(body) > most:
                raise RequestEntityTooLarge
            if body.count(b"&") >= FORM_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class FormRequest(Request):
    """Pages are changed by forms alone: a body of JSON is never read as if it were one."""

    form_data_parser_class = CountedFields

    @property
    def is_json(self) -> bool:
        return False
