"""Where a sign-in may lead to."""

import pytest

from schedule_app.web.routes import own_path


@pytest.mark.parametrize("path", ["/", "/me", "/schedule/1/2026-11-23?version=published", "/inbox?a=//b"])
def test_own_path_keeps_paths_of_this_site(path: str):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "me",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: a=b",
        "/ok\\..\\evil",
        "/login",
        "/logout",
        "\t//evil.example",
    ],
)
def test_own_path_refuses_what_could_lead_elsewhere_or_in_circles(path: str):
    assert own_path(path) == "/"
