"""Addresses of the participants' pages; a link's token stands last, so that it hides no page."""

from django.urls import path

from trial.web.participant import link, report, views, visit

urlpatterns = [
    path("", views.home, name="my-page"),
    path("leave/", views.leave, name="leave"),
    path("report/", report.report, name="my-report"),
    path("visit/<slug:code>/", visit.resume, name="visit"),
    path("visit/<slug:code>/check/", visit.check, name="visit-check"),
    path("visit/<slug:code>/thanks/", visit.thanks, name="visit-thanks"),
    path("visit/<slug:code>/<int:number>/", visit.screen, name="visit-screen"),
    path("visit/<slug:code>/<int:number>/save/", visit.save, name="visit-save"),
    path("<str:token>/", link.link, name="link"),
]
