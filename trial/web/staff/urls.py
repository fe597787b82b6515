"""Addresses of the staff's pages. A participant, snapshot or run is named by its public identifier."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from trial.web.staff import (
    analyses,
    checks,
    custody,
    home,
    oversight,
    participant,
    participants,
    randomization,
    reports,
    share,
)

PARTICIPANT = "participants/<uuid:public_id>"

of_a_study = [
    path("", home.study, name="study"),
    path("participants/", participants.participants, name="participants"),
    path("screen/", participants.screen, name="screen"),
    path(f"{PARTICIPANT}/", participant.participant, name="participant"),
    path(f"{PARTICIPANT}/consent/", participant.consent, name="consent"),
    path(f"{PARTICIPANT}/send-link/", participant.send_link, name="send-link"),
    path(f"{PARTICIPANT}/decline/", participant.decline, name="decline"),
    path(f"{PARTICIPANT}/withdraw/", participant.withdraw, name="withdraw"),
    path(f"{PARTICIPANT}/deviation/", participant.deviation, name="deviation"),
    path(f"{PARTICIPANT}/randomize/", randomization.randomize, name="randomize"),
    path(f"{PARTICIPANT}/randomized/", randomization.randomized, name="randomized"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:public_id>/", reports.report, name="report"),
    path("reports/<uuid:public_id>/write/", reports.write, name="write"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<uuid:public_id>/", checks.check, name="check"),
    path("checks/<uuid:public_id>/red-flags/", checks.red_flags, name="red-flags"),
    path("checks/<uuid:public_id>/critical-finding/", checks.critical_finding, name="critical-finding"),
    path("checks/<uuid:public_id>/certify/", checks.certify, name="certify"),
    path("allocation/", custody.custody, name="custody"),
    path("allocation/begin/", custody.begin, name="begin-ceremony"),
    path("allocation/abort/", custody.abort, name="abort-ceremony"),
    path("allocation/seal/", custody.seal, name="seal"),
    path("allocation/certificate.pdf", custody.certificate_file, name="certificate"),
    path("allocation/emergency/", custody.unblind_one, name="emergency"),
    path("allocation/unblind/", custody.unblind, name="unblind"),
    path("allocation/bundle/", custody.bundle, name="bundle"),
    path("share/", share.share, name="share"),
    path("share/promise/", share.promise, name="promise-share"),
    path("share/give/", share.give, name="give-share"),
    path("progress/", oversight.progress, name="progress"),
    path("trail/", oversight.trail, name="trail"),
    path("lock/", oversight.lock, name="lock"),
    path("snapshots/", analyses.snapshots, name="snapshots"),
    path("snapshots/<uuid:public_id>/", analyses.snapshot, name="snapshot"),
    path("snapshots/<uuid:public_id>/rehearse/", analyses.rehearse, name="rehearse"),
    path("snapshots/<uuid:public_id>/analyse/", analyses.analyse, name="analyse"),
    path("snapshots/<uuid:public_id>/<str:name>", analyses.snapshot_file, name="snapshot-file"),
    path("results/", analyses.results, name="results"),
    path("results/<uuid:public_id>/", analyses.run, name="run"),
    path("results/<uuid:public_id>/<path:name>", analyses.run_file, name="run-file"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "sign-in/",
        LoginView.as_view(template_name="registration/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("studies/<str:study>/", include(of_a_study)),
]
