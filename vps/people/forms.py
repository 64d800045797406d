"""Forms about people."""

from typing import Any

from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField, TelField
from wtforms.validators import Length, Optional

from vps.hypermedia.forms import LANGUAGE_CHOICES, Form, KeyedForm, required
from vps.hypermedia.lazy import lazy as _l
from vps.people.actions import Details
from vps.people.models import RIGHTS


class SignInForm(Form):
    """Name and password; `next` says where to go afterwards."""

    username = required(
        StringField, _l("Partner number, name or e-mail"), most=320, render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = required(PasswordField, _l("Password"), most=1000, render_kw={"autocomplete": "current-password"})


class CannotSignInForm(Form):
    username = required(
        StringField, _l("Partner number, name or e-mail"), most=320, render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )


class PasswordForm(Form):
    password = required(PasswordField, _l("New password"), most=1000, render_kw={"autocomplete": "new-password", "minlength": 12})
    again = required(PasswordField, _l("The same once more"), most=1000, render_kw={"autocomplete": "new-password"})


class NewPasswordForm(PasswordForm):
    """Another password, by showing the one in force."""

    current = required(PasswordField, _l("Present password"), most=1000, render_kw={"autocomplete": "current-password"})


class BrowserNameForm(Form):
    name = StringField(_l("Name"), validators=[Optional(), Length(max=40)], render_kw={"autocomplete": "off"})


class NetworkForm(Form):
    """An entry of a list of addresses. `outside`: its owner knows that he is not there now."""

    cidr = required(StringField, _l("Internet address or network"), most=60, render_kw={"autocapitalize": "none", "autocomplete": "off"})
    outside = BooleanField(_l("My present address need not be in it"))


class LanguageForm(Form):
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)


class _PersonForm(KeyedForm):
    name = required(StringField, _l("Name, as written"), most=320, render_kw={"autocomplete": "off"})
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    zone = required(StringField, _l("Time zone"), most=60)
    email = EmailField(_l("E-mail"), validators=[Optional(), Length(max=254)])
    phone = TelField(_l("Phone"), validators=[Optional(), Length(max=40)])

    def details(self, **more: str) -> Details:
        """What was typed, for the action to clean."""
        typed: dict[str, Any] = {name: self[name].data or "" for name in ("name", "language", "zone", "email", "phone")}
        return Details(**typed, **more)


class PartnerForm(_PersonForm):
    bank_name = StringField(_l("Name, as at the bank"), validators=[Optional(), Length(max=320)])
    sponsor = StringField(_l("Sponsor's number"), validators=[Optional(), Length(max=20)])
    username = StringField(_l("Name for signing in"), validators=[Optional(), Length(max=320)], render_kw={"autocapitalize": "none"})

    def partner(self) -> Details:
        return self.details(
            bank_name=self.bank_name.data or "", sponsor=self.sponsor.data or "", username=self.username.data or "", key=self.key.data or ""
        )


class PartnerChangeForm(_PersonForm):
    bank_name = StringField(_l("Name, as at the bank"), validators=[Optional(), Length(max=320)])

    def partner(self) -> Details:
        return self.details(bank_name=self.bank_name.data or "")


class RightsForm(Form):
    """What a colleague may do."""

    may_read = BooleanField(_l("May read"), default=True)
    may_book = BooleanField(_l("May book"))
    may_manage = BooleanField(_l("May manage"))

    def rights(self) -> set[str]:
        """The rights that were ticked. Each opens nothing of the other, but without reading there is no office to do it in."""
        chosen = {right for right in RIGHTS if self[f"may_{right}"].data}
        return chosen | {"read"} if chosen else chosen


class StaffForm(RightsForm, _PersonForm):
    username = required(StringField, _l("Name for signing in"), most=320, render_kw={"autocapitalize": "none"})

    def staff(self) -> Details:
        return self.details(username=self.username.data or "")
