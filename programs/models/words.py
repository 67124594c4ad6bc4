"""Words as data: those that mean the same, and those that need explaining."""

from django.core.exceptions import ValidationError
from django.db import models

from core.text import fold
from programs.models.base import ReferenceRow

_FEWEST = 2


class Synonym(ReferenceRow):
    """同義語: spellings and words for the same thing; who searches for one finds the others too.

    `words` is a list of two and more. Only words that can stand for one another in every title belong
    together; a wider or narrower word (移住, 定住) does not.
    """

    slug = models.SlugField("識別名", max_length=40, unique=True)
    words = models.JSONField("ことば", default=list)

    class Meta:
        ordering = ["slug"]
        verbose_name = verbose_name_plural = "同義語"

    def __str__(self) -> str:
        return "＝".join(self.words)

    def clean(self) -> None:
        """Two and more different words of two and more characters."""
        keys = {fold(str(word)) for word in self.words}
        if len(keys) < _FEWEST or any(len(key) < _FEWEST for key in keys):
            raise ValidationError("同義語は、2文字以上の違うことばを2つ以上並べてください。")


class GlossaryTerm(ReferenceRow):
    """用語: a word of the administration with its reading (ひらがな) and a plain explanation in our own words."""

    term = models.CharField("用語", max_length=40, unique=True)
    reading = models.CharField("読み", max_length=80)
    meaning = models.CharField("説明", max_length=200)

    class Meta:
        ordering = ["reading", "term"]
        verbose_name = verbose_name_plural = "用語"

    def __str__(self) -> str:
        return f"{self.term}（{self.reading}）"
