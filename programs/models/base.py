"""What rows that come from the reference fixtures have in common."""

from django.db import models


class ReferenceRow(models.Model):
    """A row that the reference fixtures may place and later refresh.

    `loaded_digest` is the SHA-256 of the values the last load wrote, "" for rows made by people. A load
    changes a row only while its values still give that digest: what a person edited stays.
    """

    loaded_digest = models.CharField("取込時の照合値", max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
