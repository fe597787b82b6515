"""Addresses: the participants' pages stand apart from the staff's; neither imports the other."""

from django.urls import include, path

urlpatterns = [
    path("p/", include("trial.web.participant.urls")),
    path("api/", include("trial.api.urls")),
    path("", include("trial.web.staff.urls")),
]

handler400 = "trial.web.errors.bad_request"
handler403 = "trial.web.errors.forbidden"
handler404 = "trial.web.errors.not_found"
handler500 = "trial.web.errors.server_error"
