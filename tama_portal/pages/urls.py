"""Pages that look over every app."""

from django.urls import path

from tama_portal.pages import (
    deadlines,
    demo_clock,
    desk,
    handover,
    health,
    home,
    municipality,
    operations,
    reminders,
    texts,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("municipalities/", municipality.municipality_list, name="municipalities"),
    path("municipalities/<str:code>/", municipality.municipality_page, name="municipality"),
    path("desk/", desk.desk, name="desk"),
    path("deadlines/", deadlines.deadline_list, name="deadlines"),
    path("deadlines.ics", deadlines.public_feed, name="deadlines_feed"),
    path("deadlines/<str:secret>.ics", deadlines.department_feed, name="calendar_feed"),
    path("operations/", operations.operations, name="operations"),
    path("operations/mails/<int:number>/again/", operations.again, name="send_again"),
    path("metrics", operations.metrics, name="metrics"),
    path("operations/reminders/", reminders.reminder_plan, name="reminder_plan"),
    path("transfer/handover.<str:form>", handover.handover, name="handover"),
    path("demo-clock/", demo_clock.demo_clock, name="demo_clock"),
    path("help/", texts.help_page, name="help"),
    path("privacy/", texts.privacy, name="privacy"),
    path("accessibility/", texts.accessibility, name="accessibility"),
    path("kit/", texts.kit, name="kit"),
    path("favicon.ico", texts.favicon, name="favicon"),
    path("robots.txt", texts.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
