"""Give a person a sign-in and their one role in a study."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import refuse
from trial.models import Member, Role, Site, Study
from trial.refusals import Refusal
from trial.services import study as studies
from trial.services.act import Operator


class Command(BaseCommand):
    help = "Give a person a sign-in and their one role in a study"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")
        parser.add_argument("username")
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("--site", help="code of the site; coordinators have one, nobody else")
        parser.add_argument("--name", default="", help="the person's name, as it stands on certificates")

    def handle(
        self, *, study: str, username: str, role: str, site: str | None, name: str, **options: Any
    ) -> str:
        found = Study.objects.filter(code=study).first()
        if found is None:
            refuse(f"{study}: there is no study of this code")
        where = self._site(found, Role(role), site)
        member = Member.objects.filter(username=username).first()
        try:
            if member is None:
                member = studies.create_sign_in(
                    username=username, name=name or username, password=self._password()
                )
            studies.add_member(
                member=member, role=Role(role), site=where, by=Operator(found), at=timezone.now()
            )
        except Refusal as refusal:
            refuse(str(refusal))
        return f"{username} is {Role(role).label.lower()} of {study}"

    def _site(self, study: Study, role: Role, code: str | None) -> Site | None:
        if (role is Role.COORDINATOR) != (code is not None):
            refuse("--site: a coordinator has one, nobody else")
        if code is None:
            return None
        site = study.sites.filter(code=code).first()
        if site is None:
            refuse(f"--site: {study.code} has no site {code}")
        return site

    def _password(self) -> str:
        password = getpass.getpass("Password (12 characters or more): ")
        try:
            validate_password(password)
        except ValidationError as error:
            refuse(f"password: {' '.join(error.messages)}")
        return password
