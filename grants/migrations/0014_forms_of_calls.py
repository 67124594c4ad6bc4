from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F
from django.db.models.deletion import PROTECT


def number_as_in_the_files(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every version until now came from a file, under the number it has there."""
    apps.get_model("grants", "FormTemplate").objects.update(file_version=F("version"))


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0013_supports"),
        ("programs", "0007_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="formtemplate",
            name="call",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=PROTECT,
                related_name="own_forms",
                to="programs.call",
                verbose_name="募集",
            ),
        ),
        migrations.AddField(
            model_name="formtemplate",
            name="file_version",
            field=models.PositiveSmallIntegerField("ファイルでの版", blank=True, null=True),
        ),
        migrations.RunPython(number_as_in_the_files, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="formtemplate",
            constraint=models.UniqueConstraint(
                fields=["program", "file_version"], name="form_template_file_key"
            ),
        ),
    ]
