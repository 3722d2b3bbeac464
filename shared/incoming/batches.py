"""Reading batches of lines, each line by itself: what is wrong with one keeps no other away (PRODUCT C14)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.contracts.errors import Invalid
from shared.incoming.fields import MOST_IN_A_LIST, an_id, checked, flag, one_line
from shared.incoming.lines import Batch, Line

_NUMBERED = "Give each line its number."


class BatchSchema(Schema):
    """A batch, before its lines are read."""

    lines = fields.List(fields.Dict(keys=fields.String()), required=True, validate=validate.Length(max=MOST_IN_A_LIST))
    dry_run = flag(load_default=False)


class _Former(fields.String):
    """A key of the former system, without the space around it: of two that are blank neither is the other."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).strip()


class LineSchema(Schema):
    """What every line has: its number in the file, and perhaps its key in the former system."""

    line = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=2**31 - 1))
    former = _Former(validate=[validate.Length(min=1, max=1000), one_line])


def _text(longest: int) -> fields.String:
    return fields.String(validate=[validate.Length(max=longest), one_line])


class WhoSchema(Schema):
    """Whom a line is of: by the key in the former system, the number, birth date and names, or names and a contact.

    Or by the `id` that staff have picked.
    """

    id = an_id("This is no patient's id.")
    former = _Former(validate=[validate.Length(min=1, max=1000), one_line])
    national_id = _text(40)
    birth_date = fields.Date()
    first_name = _text(1000)
    last_name = _text(1000)
    mobile = _text(100)
    email = _text(320)

    @validates_schema
    def _says_who(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        by_name = {"first_name", "last_name"} <= data.keys()
        if not data.keys() & {"id", "former", "national_id"} and not by_name:
            raise ValidationError("Say who it is: by a number, or by first and last name.")


class WhosSchema(Schema):
    """Those whom a batch's lines are of."""

    whos = fields.List(fields.Nested(WhoSchema), required=True, validate=validate.Length(max=MOST_IN_A_LIST))


def batch_read(sent: Mapping[str, Any], schema: Schema) -> Batch:
    """Return a batch with its lines as `schema` reads them; what is wrong with a line stands at that line.

    Raises Invalid for what is no batch: more than 200 lines, lines without a number or with one number.
    """
    batch = checked(BatchSchema(), sent)
    lines = [_read(each, schema) for each in batch["lines"]]
    if len({line.number for line in lines}) != len(lines):
        raise Invalid.because("Two lines have one number.", errors={"lines": [_NUMBERED]})
    return Batch(lines, batch["dry_run"])


def _read(sent: Mapping[str, Any], schema: Schema) -> Line:
    number = sent.get("line")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise Invalid.because("Give each line its number.", errors={"lines": [_NUMBERED]})
    try:
        return Line(number, checked(schema, sent))
    except Invalid as wrong:
        return Line(number, {}, wrong.extra["errors"])
