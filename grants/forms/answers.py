"""One topic of the plan as a form: a field per question, each with the version the page showed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from core.form_fields import DomainForm, VerbatimField
from grants.enums import QuestionKind
from grants.models import Answer, Question

_LONG = 400
"""From this many characters on, an answer of kind TEXT gets a tall box."""


@dataclass(frozen=True)
class TypedAnswer:
    """What came back for one question: the text, the version the page showed, and whether it was touched."""

    question: Question
    value: str
    version: int
    touched: bool


def shown_digest(value: str) -> str:
    """A short mark of the text a page showed, to tell an untouched field from an edited one."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


class SectionForm(DomainForm):
    """The questions of one section. Every answer may be empty or too long in a draft."""

    def __init__(
        self, *args: Any, questions: Iterable[Question], answers: Mapping[int, Answer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self._add(question, answers.get(question.pk))

    def _add(self, question: Question, answer: Answer | None) -> None:
        self.fields[question.code] = VerbatimField(
            label=question.label,
            help_text=_help(question),
            required=question.required,
            widget=_widget(question),
            initial=answer.value if answer else "",
        )
        version = answer.version if answer else 0
        digest = shown_digest(answer.value if answer else "")
        self.fields[f"{question.code}-version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=version, label=f"{question.label}の版", required=False
        )
        self.fields[f"{question.code}-shown"] = forms.CharField(
            widget=forms.HiddenInput, initial=digest, label=f"{question.label}の照合値", required=False
        )

    def typed(self) -> list[TypedAnswer]:
        """What was typed into each question of a valid form."""
        return [
            TypedAnswer(
                question,
                self.cleaned_data[question.code],
                self.cleaned_data.get(f"{question.code}-version") or 0,
                question.code in self.data
                and shown_digest(self.cleaned_data[question.code])
                != self.cleaned_data.get(f"{question.code}-shown"),
            )
            for question in self.questions
            if question.code in self.data
        ]


def stored_data(questions: Iterable[Question], answers: Mapping[int, Answer]) -> dict[str, Any]:
    """What a page would post if nobody typed anything: lets a form show the faults of what is saved."""
    data: dict[str, Any] = {}
    for question in questions:
        answer = answers.get(question.pk)
        value = answer.value if answer else ""
        data |= {
            question.code: value,
            f"{question.code}-version": answer.version if answer else 0,
            f"{question.code}-shown": shown_digest(value),
        }
    return data


def _help(question: Question) -> str:
    limit = f"{question.max_length:,}字まで。" if question.max_length else ""
    hints = {
        QuestionKind.NUMBER: f"数字だけを入力します。{f'単位：{question.unit}' if question.unit else ''}",
        QuestionKind.DATE: "例：令和9年4月1日、R9.4.1、2027/4/1",
    }
    return " ".join(
        part for part in (question.help, limit, hints.get(QuestionKind(question.kind), "")) if part
    )


def _widget(question: Question) -> forms.Widget:
    match QuestionKind(question.kind):
        case QuestionKind.TEXT:
            tall = question.max_length is None or question.max_length > _LONG
            return forms.Textarea(attrs={"rows": 8 if tall else 4})
        case QuestionKind.CHOICE:
            return forms.Select(choices=[("", "えらんでください"), *((c, c) for c in question.choices)])
        case QuestionKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "numeric", "class": "in--short r"})
        case QuestionKind.DATE:
            return forms.TextInput(attrs={"class": "in--mid"})
        case _:
            return forms.TextInput()
