"""The agreements of docs/design.md that no type or constraint can hold"""

import ast
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "create_user",
    "set_password",
}


def _calls(path):
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def test_only_services_and_models_write_to_the_database():
    elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "trial").rglob("*.py")
        if not {"services", "models", "migrations"} & set(path.parts)
        for node in _calls(path)
        if getattr(node.func, "attr", None) in WRITES
        and not (getattr(node.func, "attr", None) == "set_password" and "study" in ast.unparse(node.func))
    ]
    assert elsewhere == []


def test_no_relation_leads_from_any_model_to_the_arm():
    from trial.models import allocation

    inside = {
        model
        for model in apps.get_app_config("trial").get_models()
        if model.__module__ == allocation.__name__
    }
    leading = [
        f"{model.__name__}.{relation.get_accessor_name()}"
        for model in apps.get_app_config("trial").get_models()
        if model not in inside
        for relation in model._meta.related_objects
        if relation.related_model in inside and not relation.hidden
    ]
    assert inside
    assert leading == []


def test_there_is_no_admin_that_could_be_filtered_by_arm():
    assert not apps.is_installed("django.contrib.admin")
    assert list((ROOT / "trial").rglob("admin.py")) == []


def test_no_text_from_outside_is_ever_evaluated():
    evaluated = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("trial", "randomization", "instruments", "analysis")
        for path in (ROOT / package).rglob("*.py")
        for node in _calls(path)
        if getattr(node.func, "id", None) in {"eval", "exec", "mark_safe"}
    ]
    assert evaluated == []


def test_nothing_is_ever_deleted_with_what_it_belongs_to():
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("trial").get_models()
        for field in model._meta.get_fields()
        if field.many_to_one
        and field.remote_field.on_delete.__name__ != "PROTECT"
        and model.__name__ != "Member"
    ]
    assert cascading == []


def test_each_dependency_has_its_reason_beside_it():
    lines = (ROOT / "pyproject.toml").read_text().split("[tool.setuptools]")[0].splitlines()
    bare = [line for line in lines if line.startswith('    "') and "#" not in line]
    assert bare == []


def test_each_migration_is_named_for_what_it_does():
    automatic = [path.name for path in (ROOT / "trial" / "migrations").glob("*_auto_*.py")]
    assert automatic == []
