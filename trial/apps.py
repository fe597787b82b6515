"""The one Django app."""

from django.apps import AppConfig


class TrialConfig(AppConfig):
    name = "trial"
    verbose_name = "Trials of report wording"

    def import_models(self) -> None:
        """Load the models, and those inside the wall, which `trial.models` does not name."""
        super().import_models()
        from trial.models import allocation  # noqa: F401  registers its models with Django

    def ready(self) -> None:
        from trial import checks  # noqa: F401  registers the system checks
