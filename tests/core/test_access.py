"""The one permission question, and the declaration of every route."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core import access, clock
from core.actor import ANONYMOUS, SYSTEM
from core.exceptions import Refused
from tests.core import routes
from tests.core.routes import CANARY, person

EDITOR = {"X-Role": "editor"}
REVIEWER = {"X-Role": "reviewer"}
GUARDED = [
    "/edit/",
    "/page/",
    "/inherited/",
    "/below-by-hand/",
    "/api/thing/",
    "/api/set/",
    "/api/function/",
    "/api/object/1/",
]
NEVER = ["/unregistered/", "/undeclared/", "/api/undeclared/", "/by-hand/", "/api/by-hand/"]


# --- The question ---------------------------------------------------------------------------------------


def test_everything_is_denied_until_a_rule_allows_it(rules) -> None:
    decision = access.allowed(SYSTEM, "coretest.unknown")
    assert not decision
    assert decision.reason
    assert access.allowed(person("editor"), "coretest.edit", 1)
    assert not access.allowed(person("editor"), "coretest.edit", 10)
    assert not access.allowed(ANONYMOUS, "coretest.edit", 1)


@pytest.mark.parametrize("answer", [None, 1, "yes", [1], object()])
def test_only_true_or_a_decision_allows(rules, answer: object) -> None:
    access.register("coretest.odd")(lambda *_asked: answer)
    assert not access.allowed(person("editor"), "coretest.odd")


def test_a_rule_gets_actor_object_and_instant(rules) -> None:
    seen = []
    access.register("coretest.see")(lambda *asked: seen.append(asked) or access.deny("締切を過ぎています。"))
    moment = datetime(2026, 5, 29, 8, 0, tzinfo=UTC)
    assert access.allowed(person("editor"), "coretest.see", "x", moment).reason == "締切を過ぎています。"
    with clock.at(moment):
        access.allowed(person("editor"), "coretest.see", "x")
    assert seen == [(person("editor"), "x", moment)] * 2


def test_rules_are_registered_once_and_named_app_verb(rules) -> None:
    with pytest.raises(ValueError, match="already"):
        access.register("coretest.edit")(lambda *_asked: True)
    for name in ["edit", "Core.edit", "core.", "core.edit.now", "core edit"]:
        with pytest.raises(ValueError, match="must be named"):
            access.register(name)
    assert access.registered_actions() == {"coretest.edit"}


def test_require_hides_its_reason_from_error_pages(rules) -> None:
    access.require(person("editor"), "coretest.edit", 1)
    with pytest.raises(Refused) as caught:
        access.require(person("reviewer"), "coretest.edit", 1)
    assert caught.value.reason
    assert caught.value.args == ()


def test_actors() -> None:
    assert ANONYMOUS.is_anonymous
    assert not SYSTEM.is_anonymous
    assert SYSTEM.has_role("system", "editor")
    assert not ANONYMOUS.has_role("editor")
    assert person("editor").belongs_to(1)
    assert not person("editor").belongs_to(2)
    assert not ANONYMOUS.belongs_to(None)


# --- The declaration ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "declared",
    [{}, {"public": True, "signed_in": True}, {"public": True, "action": "a.b"}, {"action": "edit"}],
)
def test_exactly_one_thing_is_declared(declared: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"declare exactly one|must be named"):
        access.access(**declared)  # type: ignore[arg-type]


def test_what_cannot_be_guarded_is_refused() -> None:
    async def slow(request: HttpRequest) -> None: ...

    with pytest.raises(TypeError, match="asynchronous"):
        access.access(public=True)(slow)
    with pytest.raises(TypeError, match="not a view"):
        access.access(public=True)(type("Plain", (), {}))


def test_every_kind_of_view_tells_its_rule() -> None:
    from django.urls import get_resolver

    views = {str(p.pattern): p.callback for p in get_resolver("tests.core.routes").url_patterns}
    told = {route: access.rule_of(view) for route, view in views.items()}
    assert told["undeclared/"] is None
    assert told["api/undeclared/"] is None
    assert told["public/"] == told["opened/"] == access.AccessRule(public=True)
    for route in ["edit/", "page/", "inherited/", "api/thing/", "api/set/", "api/function/"]:
        assert told[route] == access.AccessRule(action="coretest.edit"), route


@pytest.mark.parametrize("path", GUARDED)
def test_who_may_gets_in_and_nothing_is_stored(web: Client, path: str) -> None:
    response = web.get(path, headers=EDITOR)
    assert response.status_code == 200
    assert CANARY in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", GUARDED)
def test_others_see_what_an_unknown_address_shows(web: Client, path: str) -> None:
    unknown = web.get("/api/object/x/" if path.startswith("/api/") else "/no-such-page/", headers=REVIEWER)
    refused = web.get(path, headers=REVIEWER)
    assert refused.status_code == unknown.status_code == 404
    assert CANARY not in refused.content.decode()
    if not path.startswith("/api/"):
        assert refused.content == unknown.content


def test_a_forbidden_object_looks_like_a_missing_one(web: Client) -> None:
    forbidden, missing = (web.get(f"/edit/{number}/", headers=EDITOR) for number in (50, 500))
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content
    assert {k for k, _ in forbidden.items()} == {k for k, _ in missing.items()}
    assert web.get("/edit/5/", headers=EDITOR).status_code == 200
    api_forbidden = web.get("/api/object/50/", headers=EDITOR)
    assert api_forbidden.status_code == 404
    assert "reason" not in api_forbidden.json()


@pytest.mark.parametrize("path", NEVER)
@pytest.mark.parametrize("role", ["", "editor", "system"])
def test_undeclared_views_and_unknown_actions_let_nobody_in(web: Client, path: str, role: str) -> None:
    response = web.get(path, headers={"X-Role": role} if role else {})
    assert response.status_code in ({302, 404} if not role else {404})
    assert CANARY not in response.content.decode()


@pytest.mark.parametrize("path", ["/edit/?a=1&b=檜", "/page/", "/inherited/", "/desk/"])
def test_anonymous_people_are_sent_to_sign_in_and_back(web: Client, path: str) -> None:
    response = web.get(path)
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert target.path == "/sign-in/"
    back = parse_qs(target.query)["next"][0]
    assert web.get(back, headers=EDITOR).status_code == 200
    assert back.startswith(urlsplit(path).path)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/api/thing/", "/api/set/", "/api/function/", "/api/object/1/", "/api/function-view/"]
)
def test_anonymous_programs_get_a_401_problem(web: Client, path: str) -> None:
    response = web.get(path)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    body = response.json()
    assert (body["status"], body["title"], body["instance"]) == (401, "ログインが必要です", path)


def test_public_pages_are_for_all_and_only_personal_ones_are_not_stored(web: Client) -> None:
    assert (
        web.get("/public/").status_code
        == web.get("/opened/").status_code
        == web.get("/api/open/").status_code
        == 200
    )
    assert not web.get("/public/").has_header("Cache-Control")
    assert "no-store" in web.get("/public/", headers=REVIEWER)["Cache-Control"]
    assert "no-store" in web.get("/api/open/", headers=REVIEWER)["Cache-Control"]
    assert web.get("/cached/", headers=REVIEWER)["Cache-Control"] == "private, max-age=60"


def test_htmx_loads_the_sign_in_page_as_a_whole(web: Client) -> None:
    response = web.get(
        "/desk/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/?tab=2"}
    )
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/sign-in/?next=/desk/%3Ftab%3D2"
    stolen = web.get("/desk/", headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/desk/"})
    assert "evil" not in stolen["HX-Redirect"]


def test_a_post_comes_back_to_the_page_it_was_typed_on(web: Client) -> None:
    response = web.post("/desk/", headers={"Referer": "http://testserver/edit/3/"})
    assert response["Location"] == "/sign-in/?next=/edit/3/"
    stolen = web.post("/desk/", headers={"Referer": "https://evil.example/edit/3/"})
    assert stolen["Location"] == "/sign-in/?next=/"


hostile = st.one_of(
    st.text(max_size=30),
    st.tuples(
        st.sampled_from(
            [
                "",
                "/",
                "//",
                "///",
                "\\",
                "/\\",
                "http:",
                "https://",
                "javascript:",
                "\t//",
                " //",
                "http:///",
                "//\t/",
            ]
        ),
        st.sampled_from(
            ["evil.example", "testserver", "testserver@evil.example", "evil.example\\@testserver", ""]
        ),
        st.sampled_from(["", "/desk/", "/..//x", "?next=//evil.example", "/\n"]),
    ).map("".join),
)


@given(hostile)
def test_next_is_always_a_path_of_this_portal(candidate: str) -> None:
    request = RequestFactory().get("/")
    back = access.safe_next(request, candidate)
    if back:
        parts = urlsplit(back)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert back[0] == "/"
        assert back[1:2] not in {"/", "\\"}
        assert not set(back) & set("\r\n\t\x00")


def test_next_keeps_own_pages() -> None:
    request = RequestFactory().get("/")
    assert access.safe_next(request, "/programs/?search=檜") == "/programs/?search=檜"
    assert access.safe_next(request, "http://testserver/desk/") == "/desk/"
    assert access.safe_next(request, "https://evil.example/desk/") == ""


# --- Packages whose views cannot carry a decorator --------------------------------------------------------


def test_a_package_is_declared_as_a_whole(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_modules", {})
    assert web.get("/undeclared/", headers=EDITOR).status_code == 404
    access.declare_module("tests.core.rout", access.AccessRule(public=True))  # not a package boundary
    assert web.get("/undeclared/").status_code == 404
    access.declare_module("tests.core", access.AccessRule(signed_in=True))
    assert web.get("/undeclared/", headers=REVIEWER).status_code == 200
    assert web.get("/undeclared/").status_code == 302


def test_the_middleware_alone_refuses_an_undeclared_function(web: Client, settings) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    assert web.get("/undeclared/").status_code == 200  # the control: without the middleware it is open
    assert web.get("/api/undeclared/").status_code == 404  # DRF's default permission refuses by itself


def test_a_deadline_is_judged_by_the_arrival(web: Client, rules) -> None:
    seen = []
    rules["coretest.edit"] = lambda _actor, _obj, at: not seen.append(at)
    with clock.at(datetime(2026, 5, 29, 8, 0, tzinfo=UTC)) as arrival:
        web.get("/edit/", headers=EDITOR)
    assert seen[0] == arrival
    assert access.arrival_of(RequestFactory().get("/")) <= clock.now()
    assert access.actor_of(RequestFactory().get("/")) is ANONYMOUS
    assert routes.person("editor") == routes.person("editor")
