"""Screens of sign-in, of one's own account, and of a body's people."""

from collections.abc import Callable

from django.urls import reverse

from tests.journeys import circumstances as made
from tests.journeys.visiting import Screen, Step

LOGIN = "/account/login/"
ADMIN, EDITOR, HOLDER = made.ADMINISTRATOR, made.EDITOR, made.WITH_FACTORS


def first_step(address: str) -> Step:
    """Address and the right password."""
    return Step({"login": address, "password": made.password()})


AGAIN = Step({"password": made.password()}, if_asked=True)


def grave(route: str, state: str, path: str | Callable[[], str], shows: str) -> Screen:
    """A page about one's factors, which asks for the password once more."""
    return Screen(route, state, path, shows, HOLDER, (AGAIN,), prepare=made.factors)


def about(name: str, address: str, *more: str) -> Callable[[], str]:
    """A page of the administrator about a person of the demo."""
    return lambda: reverse(f"account:{name}", args=[made.person(address).pk, *more])


def about_invited(name: str, address: str = made.INVITED) -> Callable[[], str]:
    """A page of the administrator about an invited person."""
    return lambda: reverse(f"account:{name}", args=[made.invited(address).pk])


def of_post(address: str) -> Callable[[], str]:
    """The page that ends a person's post."""
    return lambda: reverse("account:post_end", args=[made.person(address).pk, made.post(address).pk])


def of_key(name: str) -> Callable[[], str]:
    """A page about a security key."""
    return lambda: reverse(f"mfa_{name}_webauthn", args=[made.key_number()])


SIGN_IN = [
    Screen("account_login", "empty", LOGIN, "パスワードだけではサインインできません"),
    Screen("account_login", "nothing typed", LOGIN, "エラー：", steps=(Step({"login": "", "password": ""}),)),
    Screen(
        "account_login",
        "wrong password",
        LOGIN,
        "メールアドレスかパスワードが違います",
        steps=(Step({"login": EDITOR, "password": "wrong"}),),
    ),
    Screen("account_login", "asked by a page", "/account/people/", "職員サインイン"),
    Screen("account_confirm_login_code", "mailed", LOGIN, "送り直す", steps=(first_step(EDITOR),)),
    Screen(
        "account_confirm_login_code",
        "wrong code",
        LOGIN,
        "エラー：",
        steps=(first_step(EDITOR), Step({"code": "000000"}, "サインインする")),
    ),
    Screen(
        "account_confirm_login_code",
        "too many wrong codes",
        LOGIN,
        "しばらくサインインできません",
        steps=(first_step(made.MISTYPING),),
        status=429,
        prepare=made.wrong_codes,
    ),
    Screen(
        "account_confirm_login_code",
        "relay down",
        LOGIN,
        "メールを送れませんでした",
        steps=(first_step(EDITOR),),
        status=503,
        under=made.relay_down,
    ),
    Screen(
        "mfa_authenticate",
        "key or code",
        LOGIN,
        "キーで確認する",
        steps=(first_step(HOLDER),),
        prepare=made.factors,
    ),
    Screen(
        "mfa_authenticate",
        "wrong code",
        LOGIN,
        "エラー：",
        steps=(first_step(HOLDER), Step({"code": "000000"}, "コードで確認する")),
        prepare=made.factors,
    ),
    Screen("account_inactive", "closed", "/account/login/closed/", "利用が止められています"),
    Screen("account_reset_password", "empty", "/account/password/reset/", "リンクを送る"),
    Screen(
        "account_reset_password",
        "no address",
        "/account/password/reset/",
        "エラー：",
        steps=(Step({"email": "odd"}),),
    ),
    Screen(
        "account_reset_password_done",
        "sent",
        "/account/password/reset/",
        "メールを送りました",
        steps=(Step({"email": EDITOR}),),
    ),
    Screen("account_reset_password_from_key", "valid link", made.reset_link, "決定する"),
    Screen(
        "account_reset_password_from_key",
        "too short",
        made.reset_link,
        "エラー：",
        steps=(Step({"password1": "short", "password2": "short"}),),
    ),
    Screen(
        "account_reset_password_from_key",
        "dead link",
        "/account/password/reset/key/1-abc/",
        "このリンクは使えません",
    ),
    Screen(
        "account_reset_password_from_key_done",
        "done",
        "/account/password/reset/key/done/",
        "パスワードを決めました",
    ),
    Screen("account:invitation", "opened", made.invitation_link, "への招待です"),
    Screen(
        "account:register",
        "too short",
        made.invitation_link,
        "エラー：",
        steps=(Step({"password1": "short", "password2": "short"}),),
        status=422,
    ),
    Screen("account:register", "gone", "/account/invitations/gone/", "この招待は使えません", status=410),
    Screen("account:demo_mail", "empty", "/account/demo-mail/", "デモのメール箱"),
    Screen("account:demo_mail", "one mail", "/account/demo-mail/", "123456", under=made.mailbox),
]

OWN = [
    Screen("account:home", "one post", "/account/", "東久留米市", EDITOR),
    Screen("account:home", "two posts", "/account/", "操作する配属を選ぶ", made.TWO_POSTS),
    Screen("account:home", "administrator", "/account/", "利用者管理", ADMIN),
    Screen("account:acting", "two posts", "/account/acting/", "この配属で操作する", made.TWO_POSTS),
    Screen("account_logout", "asked", "/account/logout/", "サインアウトしますか", EDITOR),
    Screen(
        "account_reauthenticate", "empty", "/account/reauthenticate/", "もう一度、本人の確認をします", EDITOR
    ),
    Screen(
        "account_reauthenticate",
        "wrong password",
        "/account/reauthenticate/",
        "エラー：",
        EDITOR,
        (Step({"password": "wrong"}),),
    ),
    Screen("account_change_password", "empty", "/account/password/change/", "パスワードの変更", EDITOR),
    Screen(
        "account_change_password",
        "faults",
        "/account/password/change/",
        "エラー：",
        EDITOR,
        (Step({"oldpassword": "wrong", "password1": "a", "password2": "b"}),),
    ),
    Screen("mfa_index", "none", "/account/factors/", "未登録", EDITOR),
    Screen("mfa_index", "all", "/account/factors/", "登録済み", HOLDER, prepare=made.factors),
    Screen(
        "mfa_reauthenticate",
        "empty",
        "/account/factors/reauthenticate/",
        "確認コード",
        HOLDER,
        prepare=made.factors,
    ),
    Screen(
        "mfa_activate_totp", "empty", "/account/factors/app/", "二次元コード", EDITOR, (AGAIN,), acts=True
    ),
    Screen(
        "mfa_activate_totp",
        "wrong code",
        "/account/factors/app/",
        "エラー：",
        EDITOR,
        (AGAIN, Step({"code": "1"})),
        acts=True,
    ),
    grave("mfa_deactivate_totp", "asked", "/account/factors/app/remove/", "認証アプリを外す"),
    grave("mfa_view_recovery_codes", "ten", "/account/factors/sheet/", "ワンタイムコード表"),
    grave("mfa_generate_recovery_codes", "again", "/account/factors/sheet/new/", "コード表を作る"),
    Screen(
        "mfa_list_webauthn", "two keys", "/account/factors/keys/", "庁舎のキー", HOLDER, prepare=made.factors
    ),
    Screen("mfa_list_webauthn", "empty", "/account/factors/keys/", "登録したキーはありません", EDITOR),
    Screen(
        "mfa_add_webauthn", "empty", "/account/factors/keys/add/", "セキュリティキーの登録", EDITOR, (AGAIN,)
    ),
    Screen(
        "mfa_reauthenticate_webauthn",
        "asked",
        "/account/factors/keys/confirm/",
        "キーで確認する",
        HOLDER,
        prepare=made.factors,
    ),
    grave("mfa_remove_webauthn", "asked", of_key("remove"), "キーを外す"),
    grave("mfa_edit_webauthn", "empty", of_key("edit"), "キーの名前"),
]

PEOPLE = [
    Screen("account:people", "full", "/account/people/", "この団体の記録", ADMIN, prepare=made.invited),
    Screen("account:people", "not an administrator", "/account/people/", "ページが見つかりません", EDITOR, status=404),
    Screen("account:invite", "empty", "/account/people/invite/", "招待を送る", ADMIN),
    Screen(
        "account:invite",
        "faults",
        "/account/people/invite/",
        "エラー：",
        ADMIN,
        (Step({"email": "odd", "name": "", "starts_on": "いつか"}),),
        422,
    ),
    Screen("account:departments", "full", "/account/people/departments/", "企画政策課", ADMIN),
    Screen(
        "account:departments", "no name", "/account/people/departments/", "エラー：", ADMIN, (Step({"name": ""}),), 422
    ),
    Screen("account:person", "registered", about("person", HOLDER), "手段をすべて外す", ADMIN, prepare=made.factors),
    Screen("account:person", "oneself", about("person", ADMIN), "での配属", ADMIN),
    Screen("account:person", "invited", about_invited("person"), "招待を送り直す", ADMIN),
    Screen("account:person", "closed", about("person", made.CLOSED), "利用を再開する", ADMIN, prepare=made.close_account),
    Screen("account:post_add", "empty", about("post_add", EDITOR), "配属を加える", ADMIN),
    Screen(
        "account:post_add", "faults", about("post_add", EDITOR), "エラー：", ADMIN, (Step({"starts_on": "?"}),), 422
    ),
    Screen("account:post_end", "empty", of_post(EDITOR), "終了日を登録する", ADMIN),
    Screen("account:post_end", "faults", of_post(EDITOR), "エラー：", ADMIN, (Step({"ends_on": "昔"}),), 422),
    Screen("account:secure", "reset factors", about("secure", HOLDER, "reset_factors"), "すべて外す", ADMIN, prepare=made.factors),
    Screen("account:secure", "deactivate", about("secure", EDITOR, "deactivate"), "利用を止める", ADMIN),
    Screen(
        "account:secure",
        "no reason",
        about("secure", EDITOR, "deactivate"),
        "エラー：",
        ADMIN,
        (Step({"comment": ""}),),
        422,
    ),
    Screen(
        "account:secure", "reactivate", about("secure", made.CLOSED, "reactivate"), "再開する", ADMIN,
        prepare=made.close_account,
    ),
    Screen(
        "account:invitation_renew",
        "sent again",
        about_invited("person"),
        "招待しました。",
        ADMIN,
        (Step(button="招待を送り直す"),),
        acts=True,
    ),
    Screen(
        "account:invitation_withdraw",
        "withdrawn",
        about_invited("person"),
        "招待を取り消しました",
        ADMIN,
        (Step(button="招待を取り消す"),),
        acts=True,
        prepare=made.invitation_link,
    ),
    Screen(
        "account:post_cancel",
        "cancelled",
        about_invited("person", made.UNWANTED),
        "始まる前の配属を取り消しました",
        ADMIN,
        (Step(button="取り消す"),),
        acts=True,
    ),
]  # fmt: skip

ACCOUNT = [*SIGN_IN, *OWN, *PEOPLE]
