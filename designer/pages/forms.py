"""Forms of the designer's pages: what a person types, kept when it is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.names import BadKey, UnsafeName
from common.problems import title_of
from designer.actions.processes import Entry
from designer.errors import KeyReserved, KeyTaken, ModelTooBig, NameTaken, SameOwner
from engine.xml import UnreadableModel
from governance.models.processes import DataClass, Practice, Process, RiskClass

#: Which field a refusal is about; the others stand above the form.
_FIELDS: dict[type[DomainError], str] = {
    BadKey: "key",
    KeyReserved: "key",
    KeyTaken: "key",
    UnsafeName: "name",
    NameTaken: "name",
    SameOwner: "backup_owner",
    UnreadableModel: "file",
    ModelTooBig: "file",
}


class EntryForm(forms.Form):
    """A registry entry."""

    name = forms.CharField(max_length=120, label=_("Name"))
    key = forms.CharField(
        max_length=60,
        label=_("Key"),
        help_text=_("Stands in addresses and never changes, for example production-change."),
        widget=forms.TextInput(attrs={"class": "input--mono", "autocomplete": "off"}),
    )
    purpose = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Purpose"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    board = forms.ChoiceField(label=_("Review board"))
    team = forms.ChoiceField(required=False, label=_("Team"))
    owner = forms.ChoiceField(label=_("Owner"))
    backup_owner = forms.ChoiceField(
        required=False,
        label=_("Backup owner"),
        help_text=_("Answers for it while the owner is away; every review asks for one."),
    )
    risk_class = forms.ChoiceField(
        choices=RiskClass.choices, initial=RiskClass.MEDIUM, label=_("Risk class")
    )
    data_class = forms.ChoiceField(
        choices=DataClass.choices, initial=DataClass.INTERNAL, label=_("Data class")
    )
    practice = forms.ChoiceField(
        choices=Practice.choices, initial=Practice.OTHER, label=_("ITIL practice")
    )
    tags = forms.CharField(
        max_length=400,
        required=False,
        label=_("Tags"),
        help_text=_("Separated by commas."),
    )

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        nobody = [("", _("Nobody"))]
        self._offer("board", choices["boards"])
        self._offer("team", [("", _("No team")), *choices["teams"]])
        self._offer("owner", choices["people"])
        self._offer("backup_owner", [*nobody, *choices["people"]])

    def entry(self) -> Entry:
        """Return what was typed as a registry entry."""
        given = dict(self.cleaned_data)
        given.pop("file", None)
        tags = tuple(tag.strip() for tag in given.pop("tags").split(",") if tag.strip())
        owner, backup = given.pop("owner", None), given.pop("backup_owner")
        return Entry(owner_id=owner or None, backup_owner_id=backup or None, tags=tags, **given)

    def refuse(self, refusal: DomainError) -> None:
        """Put a refusal beside the field it is about."""
        self.add_error(_FIELDS.get(type(refusal)), title_of(refusal))

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (tells the type checker)
        field.choices = list(choices)


class ImportForm(EntryForm):
    """A registry entry with the file of its first draft."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "A BPMN model, also of Camunda 7 or 8, or a runbook in Markdown or CSV, up to 5 MB. "
            "Its kind is known by its content."
        ),
        widget=forms.FileInput(
            attrs={
                "class": "file",
                "accept": ".bpmn,.xml,.md,.markdown,.txt,.csv",
                "hx-post": "/processes/import/preview",
                "hx-trigger": "change",
                "hx-encoding": "multipart/form-data",
                "hx-target": "#import-preview",
            }
        ),
    )
    field_order = ["file"]


class ChangeForm(EntryForm):
    """The part of a registry entry that its owner changes; key and owner stay."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["key"]
        del self.fields["owner"]

    def entry_of(self, process: Process) -> Entry:
        """Return the entry with what may not change filled in."""
        self.cleaned_data["key"] = process.key
        return self.entry()


class TransferForm(forms.Form):
    """Who answers for a process from now on."""

    owner = forms.UUIDField()
    reason = forms.CharField(max_length=2000)


class VoteForm(forms.Form):
    """A verdict on what was shown."""

    verdict = forms.ChoiceField(choices=[("APPROVE", ""), ("REQUEST_CHANGES", "")])
    digest = forms.CharField(max_length=64)
    comment = forms.CharField(max_length=4000, required=False)
