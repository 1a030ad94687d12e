from django.db import migrations, models

from guanxi.search import index


def make_structures(_apps, schema_editor):
    index.ensure(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("model", models.CharField(max_length=100, verbose_name="Kind")),
                ("record_id", models.BigIntegerField(verbose_name="Record")),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("subtitle", models.CharField(blank=True, default="", max_length=200, verbose_name="Subtitle")),
                ("body", models.TextField(verbose_name="Text")),
                ("guarded", models.TextField(blank=True, default="", verbose_name="Guarded text")),
                ("tokens", models.TextField(blank=True, default="", verbose_name="Tokens")),
            ],
            options={
                "verbose_name": "Search entry",
                "verbose_name_plural": "Search entries",
            },
        ),
        migrations.RunPython(make_structures, migrations.RunPython.noop),
    ]
