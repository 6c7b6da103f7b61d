"""Request bodies as serializers: what is not named is refused, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """A body whose every field is known; an unknown one is an error that names it."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values, or refuse fields nobody asked for."""
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {str(name): [_("This field is not known here.")] for name in unknown}
                )
        return super().to_internal_value(data)


def read(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return a body's values, or raise with every field that is wrong."""
    found = serializer(data=data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)
