"""The table of two-character keys, filled for programs that are there already."""

import django.db.models.deletion
from django.db import migrations, models

import programs.models.searching
from programs.models.searching import keys_of

BATCH = 500


def fill(apps, schema_editor):
    program = apps.get_model("programs", "Program")
    index = apps.get_model("programs", "ProgramIndex")
    rows = program.objects.only("search_title", "search_text", "search_synonyms").iterator(chunk_size=BATCH)
    batch = []
    for row in rows:
        batch.append(index(program_id=row.pk, keys=keys_of(row)))
        if len(batch) == BATCH:
            index.objects.bulk_create(batch)
            batch = []
    index.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_finding")]

    operations = [
        migrations.CreateModel(
            name="ProgramIndex",
            fields=[
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_index",
                        serialize=False,
                        to="programs.program",
                        verbose_name="制度",
                    ),
                ),
                ("keys", programs.models.searching.KeysField(verbose_name="検索の鍵")),
            ],
            options={"verbose_name": "検索の索引", "verbose_name_plural": "検索の索引"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
