"""Addresses of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from trial.api.described import Redoc, Swagger
from trial.api.operation import Nothing
from trial.api.participant import Answers, Session, Submissions, Visits
from trial.api.participants import OneParticipant, Participants, Randomize, RecordConsent

urlpatterns = [
    path("participants/", Participants.as_view(), name="api-participants"),
    path("participants/<uuid:public_id>/", OneParticipant.as_view(), name="api-participant"),
    path("participants/<uuid:public_id>/consent/", RecordConsent.as_view(), name="api-consent"),
    path("participants/<uuid:public_id>/randomize/", Randomize.as_view(), name="api-randomize"),
    path("participant/session/", Session.as_view(), name="api-session"),
    path("participant/visits/", Visits.as_view(), name="api-visits"),
    path("participant/answers/", Answers.as_view(), name="api-answers"),
    path("participant/submissions/", Submissions.as_view(), name="api-submissions"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Swagger.as_view(), name="api-docs"),
    path("redoc/", Redoc.as_view(), name="api-redoc"),
    re_path(r"", Nothing.as_view()),  # what is not here is answered as everything here is
]
