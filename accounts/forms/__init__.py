"""Forms of sign-in and of the people pages. Settings name the sign-in ones for allauth."""

from accounts.forms.people import DepartmentForm, EndPostForm, InviteForm, PostForm, ReasonForm
from accounts.forms.signin import (
    AppActivationForm,
    CodeSheetForm,
    ConfirmFactorCodeForm,
    ConfirmKeyForm,
    ConfirmPasswordForm,
    FactorCodeForm,
    FirstPasswordForm,
    ForgottenPasswordForm,
    KeyAnswerForm,
    KeyForm,
    KeyNameForm,
    MailedCodeForm,
    NewPasswordForm,
    PasswordChangeForm,
    SignInForm,
)

__all__ = [
    "AppActivationForm", "CodeSheetForm", "ConfirmFactorCodeForm", "ConfirmKeyForm", "ConfirmPasswordForm", "DepartmentForm",
    "EndPostForm", "FactorCodeForm", "FirstPasswordForm", "ForgottenPasswordForm", "InviteForm", "KeyAnswerForm", "KeyForm",
    "KeyNameForm", "MailedCodeForm", "NewPasswordForm", "PasswordChangeForm", "PostForm", "ReasonForm", "SignInForm",
]  # fmt: skip
