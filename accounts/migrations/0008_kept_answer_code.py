from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_api_tokens"),
    ]

    operations = [
        migrations.RenameField(model_name="keptanswer", old_name="status", new_name="code"),
        migrations.AlterField(
            model_name="keptanswer",
            name="code",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="HTTPステータス"),
        ),
    ]
