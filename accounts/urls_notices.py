"""The inbox, mounted at /notices/."""

from django.urls import path

from accounts.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("read/", notices.read, name="read"),
    path("open/", notices.open_by_code, name="open"),
]
