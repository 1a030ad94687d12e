from django.apps import AppConfig


class DictionaryConfig(AppConfig):
    name = "guanxi.dictionary"
    label = "dictionary"

    def ready(self) -> None:
        """Fill the declared types at the first start."""
        from guanxi.dictionary.actions import fill_dictionary
        from guanxi.system.filling import fill_at_start

        fill_at_start(fill_dictionary)
