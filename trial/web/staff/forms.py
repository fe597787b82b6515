"""What the staff fill in. A form checks the shape of each value; whether it may be so, the service says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from trial.models import CriticalFinding, Decline, Membership, Sex, Withdrawal
from trial.protocol import Protocol
from trial.services.report import LONGEST
from trial.wording.draft import GRADES, KINDS, LEVELS, SIDES

YES_NO = (("yes", "Yes"), ("no", "No"))
CRITERION = "criterion-"
TOLD = "told"  # the choice of DeviationForm that is about blinding
FINDINGS = 8  # rows of the form; the first few are open


class PlainForm(forms.Form):
    """A form without a colon after its labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as Django declares it
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ScreeningForm(PlainForm):
    """A person and the protocol's criteria, each of which has to be answered."""

    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="The personal link is sent to this address.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    birth_year = forms.IntegerField(
        label="Year of birth",
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
    )
    sex = forms.ChoiceField(choices=Sex.choices, widget=forms.RadioSelect)
    other_person = forms.BooleanField(
        label="It is another person than a participant of the same name and year of birth",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:  # as Django declares it
        super().__init__(*args, **kwargs)
        for criterion in protocol.eligibility:
            self.fields[CRITERION + criterion.id] = forms.ChoiceField(
                label=criterion.text, choices=YES_NO, widget=forms.RadioSelect
            )

    @property
    def person(self) -> list[forms.BoundField]:
        """The fields about the person."""
        return [field for field in self if not field.name.startswith(CRITERION)]

    def ask_whether_it_is_another(self) -> None:
        """Show the question that only a name which is known already raises."""
        self.fields["other_person"].widget = forms.CheckboxInput()

    @property
    def criteria(self) -> list[forms.BoundField]:
        """The fields of the criteria."""
        return [field for field in self if field.name.startswith(CRITERION)]

    @property
    def answers(self) -> dict[str, bool]:
        """The answer to each criterion, by its id."""
        given = self.cleaned_data.items()
        return {
            name.removeprefix(CRITERION): value == "yes"
            for name, value in given
            if name.startswith(CRITERION)
        }


class ConsentForm(PlainForm):
    """The participant has signed the version that was shown."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    signed = forms.BooleanField(label="The participant has read and signed this version of the consent form")


class DeclineForm(PlainForm):
    reason = forms.ChoiceField(choices=Decline.Reason.choices, widget=forms.RadioSelect)


class WithdrawalForm(PlainForm):
    reason = forms.ChoiceField(choices=Withdrawal.Reason.choices, widget=forms.RadioSelect)


class RandomizeForm(PlainForm):
    """The key of this view of the page: sent twice, it counts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ReportForm(PlainForm):
    original = forms.CharField(
        label="The radiologist's report, as it stands in the record",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


def _optional(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", "not stated"), *((value, value) for value in values)]


def _in_words(kind: str) -> str:
    return kind.replace("-", " ").capitalize()


class FindingForm(PlainForm):
    """One finding; a row without a kind is not there."""

    kind = forms.ChoiceField(
        choices=[("", "choose"), *((kind, _in_words(kind)) for kind in KINDS)], required=False
    )
    level = forms.ChoiceField(choices=[("", "choose"), *((level, level) for level in LEVELS)], required=False)
    side = forms.ChoiceField(choices=_optional(SIDES), required=False)
    grade = forms.ChoiceField(choices=_optional(GRADES), required=False)

    def clean(self) -> dict[str, Any]:  # as Django declares it
        values = self.cleaned_data
        if values.get("kind") and not values.get("level"):
            self.add_error("level", "Please choose the level.")
        if not values.get("kind") and any(values.get(name) for name in ("level", "side", "grade")):
            self.add_error("kind", "Please choose the kind.")
        return values


FindingForms = forms.formset_factory(FindingForm, extra=FINDINGS, max_num=FINDINGS, absolute_max=FINDINGS)


class VersionForm(PlainForm):
    """One wording of the report."""

    wording = forms.CharField(max_length=32, widget=forms.HiddenInput)
    text = forms.CharField(max_length=LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 18}))


class RedFlagsForm(PlainForm):
    """Which of the protocol's red flags the MRI shows; none is an answer that has to be given."""

    flags = forms.MultipleChoiceField(
        label="The MRI shows", required=False, widget=forms.CheckboxSelectMultiple
    )
    finding = forms.CharField(
        label="Description of the critical finding",
        help_text="Needed when any of them is ticked.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    none = forms.BooleanField(label="I have looked at the MRI; it shows none of these", required=False)

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:  # as Django declares it
        super().__init__(*args, **kwargs)
        flags = self.fields["flags"]
        assert isinstance(flags, forms.MultipleChoiceField)
        flags.choices = [(flag.id, flag.text) for flag in protocol.red_flags]

    def clean(self) -> dict[str, Any]:  # as Django declares it
        values = self.cleaned_data
        if bool(values.get("flags")) == values.get("none", False):
            self.add_error("none", "Please tick either what the MRI shows, or that it shows none of these.")
        return values


class ClosingForm(PlainForm):
    """The closed loop of a critical finding: who got it, when, how, and that it was read back."""

    receiver = forms.CharField(label="Told to", help_text="Name of the treating clinician", max_length=100)
    received_at = forms.DateTimeField(
        label="Received at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    method = forms.CharField(help_text="For example by telephone", max_length=100)
    read_back = forms.BooleanField(label="The receiver has read the finding back", required=False)
    may_continue = forms.ChoiceField(
        label="Does the treating clinician let the person take part?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, finding: CriticalFinding | None, **kwargs: Any
    ) -> None:  # as Django declares it
        super().__init__(*args, **kwargs)
        self.finding = finding

    def clean_received_at(self) -> datetime:
        """To the minute: received in the minute in which it was found is received after it was found."""
        received: datetime = self.cleaned_data["received_at"]
        if self.finding is not None and received == self.finding.identified_at.replace(
            second=0, microsecond=0
        ):
            return self.finding.identified_at
        return received


class PasswordForm(PlainForm):
    """A form that asks for the password again: what it does stands under the member's name."""

    password = forms.CharField(
        label="Your password, once more",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:  # as Django declares it
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.by.member.check_password(password):
            raise forms.ValidationError("This is not your password.")
        return password


class CertifyForm(PasswordForm):
    """Certifies the very text that was shown, which `sha256` names."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    field_order = ["version", "sha256", "password"]


class BeginForm(PasswordForm):
    """Nothing but the password: the server's share is drawn on the server."""


class PromiseForm(PasswordForm):
    commitment = forms.CharField(
        label="The hash of your share",
        help_text="The 64 digits and letters that manage.py seed_share has printed.",
        min_length=64,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["commitment", "password"]


class ShareForm(PasswordForm):
    share = forms.RegexField(
        r"^[0-9a-f]{64}$",
        label="Your share",
        help_text="The 64 digits and letters in the file that manage.py seed_share has written.",
        error_messages={"invalid": "A share is 64 digits and letters from a to f."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["share", "password"]


class AbortForm(PasswordForm):
    reason = forms.CharField(
        label="Why does the ceremony start again?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    field_order = ["reason", "password"]


class SealForm(PasswordForm):
    beacon = forms.CharField(
        label="Public beacon",
        help_text="May stay empty. A line that nobody could know when both hashes were published, for "
        "example the numbers of a lottery drawn since then.",
        max_length=200,
        required=False,
    )
    field_order = ["beacon", "password"]


class EmergencyForm(PasswordForm):
    """Whose wording a clinician has to know now, and who that is."""

    code = forms.CharField(label="Participant's code", max_length=20)
    clinician = forms.CharField(label="Name of the treating clinician", max_length=100)
    email = forms.EmailField(label="The clinician's e-mail address")
    reason = forms.CharField(
        label="Why must it be known?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    field_order = ["code", "clinician", "email", "reason", "password"]


class DeviationForm(PlainForm):
    """An error in a randomization, or a factor that was wrong."""

    factor = forms.ChoiceField(label="What was wrong?", required=False)
    reason = forms.CharField(
        label="What happened?",
        help_text="Please never write which text it was.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    field_order = ["factor", "reason"]

    def __init__(self, *args: Any, stratum: Mapping[str, str], protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["factor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "The participant should not have been randomized"),
            (TOLD, "Somebody may have told you which text was read"),
            *(
                (f"{factor}:{level}", f"{_in_words(factor)} was {level_now}, should be {level}")
                for factor, level_now in stratum.items()
                for level in protocol.factor_levels[factor]
                if level != level_now
            ),
        ]


class UnblindForm(PasswordForm):
    reason = forms.CharField(
        label="Why is the study unblinded now?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    field_order = ["reason", "password"]


class LockForm(PasswordForm):
    """The study's code, typed, so that nobody locks by a slip."""

    code = forms.CharField(max_length=32, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["code", "password"]

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:  # as Django declares it
        super().__init__(*args, by=by, **kwargs)
        self.fields["code"].label = f"Type the study's code, {by.study.code}, to confirm"

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code != self.by.study.code:
            raise forms.ValidationError(f"Please type {self.by.study.code}.")
        return code


class SnapshotForm(PlainForm):
    name = forms.CharField(
        max_length=60,
        help_text="For example “after lock”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
