"""How the schema says who may call what: from the declaration of the view, never written twice."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from core.access import rule_of

_TOKEN = "token"  # noqa: S105 - the scheme's name in the schema


class PortalSchema(AutoSchema):
    """drf-spectacular's reading of a view, with `@access` and `token_scopes` read too."""

    def get_auth(self) -> list[dict[str, Any]]:
        """Public: nobody need say who they are. Others: a session, and a token where a scope is named."""
        rule, found = rule_of(self.view), super().get_auth()
        if rule is not None and rule.public:
            return [{}, *[each for each in found if each]]
        scope = getattr(self.view, "token_scopes", {}).get(self.method)
        return [each for each in found if each and (scope is not None or _TOKEN not in each)]

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Japanese only: docstrings are for those who read the code. The scope of a token stands here too."""
        given = super().get_description() or ""
        words = given if any(ord(char) > 0x3000 for char in given) else ""  # noqa: PLR2004 - first kana block
        scope = getattr(self.view, "token_scopes", {}).get(self.method)
        needs = f"トークンには `{scope}` が要ります。" if scope else ""
        return "\n\n".join(part for part in (words, needs) if part)
