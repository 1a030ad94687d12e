"""What people say about an import: the file, which column is which field, what to do with duplicates."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.transfer.kinds.fields import Field
from guanxi.transfer.models import Import
from guanxi.transfer.parameters import UPLOAD_MEGABYTES

NOWHERE = ""


class UploadForm(forms.Form):
    """The file."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        allow_empty_file=True,  # the reader says that it is empty, in one sentence with the others
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )

    def clean_file(self) -> UploadedFile:
        """A file within the limit."""
        file: UploadedFile = self.cleaned_data["file"]
        limit = UPLOAD_MEGABYTES.read()
        if (file.size or 0) > limit << 20:
            raise forms.ValidationError(
                _("The file has more than %(limit)s MB: split it, or have it imported on the server.")
                % {"limit": limit}
            )
        return file


class MatchForm(forms.Form):
    """For each column of the file the field that it holds."""

    use_required_attribute = False

    def __init__(self, *args: Any, found: Import, fields: list[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {place: name for name, place in found.mapping.items()}
        choices = [(NOWHERE, gettext_lazy("Leave out")), *((field.name, field.label) for field in fields)]
        for place, heading in enumerate(found.headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                choices=choices, required=False, initial=names.get(place, NOWHERE), label=heading or "—"
            )

    def mapping(self) -> list[tuple[str, int]]:
        """(field, place) for each column that is not left out."""
        chosen = ((name, int(key.removeprefix("column-"))) for key, name in self.cleaned_data.items())
        return [(name, place) for name, place in chosen if name]


class ConfirmForm(forms.Form):
    """What to do with rows whose record is there already, and with customers that name no manager."""

    use_required_attribute = False
    duplicates = forms.ChoiceField(
        label=gettext_lazy("Rows whose record is there already"),
        choices=Import.Duplicates.choices,
        widget=forms.RadioSelect,
        initial=Import.Duplicates.SKIP,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Customers that name no manager"),
        choices=[("mine", gettext_lazy("I become their manager")), ("pool", gettext_lazy("To the public pool"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, found: Import, updates: bool, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [choice for choice in Import.Duplicates.choices if updates or choice[0] != Import.Duplicates.UPDATE]
        self.fields["duplicates"].choices = offered  # type: ignore[attr-defined]  # a choice field
        if found.kind != Import.Kind.CUSTOMERS or not user.has_perm("customers.view_customer"):
            del self.fields["owner"]
        else:
            self.fields["owner"].initial = "pool" if user.has_perm("customers.assign_customer") else "mine"
