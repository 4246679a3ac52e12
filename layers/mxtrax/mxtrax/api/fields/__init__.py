"""What a request may carry: each field once, for reading it and for the OpenAPI document.

A value of the wrong form is Malformed. Whether a value of the right form makes sense is for mxtrax.rules.validation to say.
"""

from mxtrax.api.fields.field import Field, Malformed, Schema, described
from mxtrax.api.fields.made import Or, Several, Shape, Texts, nullable
from mxtrax.api.fields.numbers import Fraction, Whole
from mxtrax.api.fields.texts import Choice, Flag, Text
from mxtrax.api.fields.times import Day, Moment

__all__ = [
    "Choice",
    "Day",
    "Field",
    "Flag",
    "Fraction",
    "Malformed",
    "Moment",
    "Or",
    "Schema",
    "Several",
    "Shape",
    "Text",
    "Texts",
    "Whole",
    "described",
    "nullable",
]
