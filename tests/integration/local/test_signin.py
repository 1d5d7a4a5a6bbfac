"""Sign-in at the stand-in: OpenID Connect as the town's provider speaks it, through the gateway, with real clients."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.console import applying
from infra.console.visitor import VisitError, Visitor
from infra.local.system import System
from tests.integration.local.conftest import crash

RESIDENT, OTHER, OFFICER = "髙橋 みのり", "渡邉 正", "菅野 沙織"
PAGES = ("/apply/cases", "/desk/", "/seal/", "/inbox/", "/archive/")  # one of each service
VERIFIER = "v" * 43
SECONDS = 10


@dataclass
class Client:
    """One web part at the protocol, with one browser.  ``session``: the browser."""

    system: System
    name: str = "intake"
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def issuer(self) -> str:
        return f"{self.system.layout.url}/dev/signin"

    @property
    def redirect_uri(self) -> str:
        return f"{self.system.layout.url}/apply/signed-in"

    def ask(self, pick: dict[str, str] | None = None, **changes: str | None) -> requests.Response:
        """What the browser gets at the authorization endpoint, asked as clients ask but for the ``changes``."""
        asked = {
            "response_type": "code",
            "client_id": self.name,
            "redirect_uri": self.redirect_uri,
            "scope": "openid name address",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": create_s256_code_challenge(VERIFIER),
            "code_challenge_method": "S256",
        } | changes
        method, url = "POST" if pick else "GET", f"{self.issuer}/authorize"
        return self.session.request(method, url, params=asked, data=pick, allow_redirects=False, timeout=SECONDS)

    def code(self, **changes: str | None) -> str:
        """For the resident."""
        return parameters(self.ask({"person": "r-takahashi"}, **changes))["code"]

    def exchange(self, code: str, **changes: str) -> requests.Response:
        """What the token endpoint answers."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
            "client_id": self.name,
            "client_secret": self.system.secrets[f"oidc/{self.name}"],
        } | changes
        return requests.post(f"{self.issuer}/token", sent, timeout=SECONDS)

    def claims(self, answer: requests.Response) -> dict[str, Any]:
        """Of the ID token, checked against the published keys."""
        keys = KeySet.import_key_set(requests.get(f"{self.issuer}/jwks.json", timeout=SECONDS).json())
        return jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"]).claims


@pytest.fixture
def client(standins: System) -> Client:
    return Client(standins)


@pytest.fixture
def visitor(standins: System) -> Visitor:
    return Visitor(standins.layout.url, RESIDENT)


def parameters(answer: requests.Response) -> dict[str, str]:
    """What a redirect tells the client."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def asks_for_sign_in(visitor: Visitor, page: str) -> bool:
    answer = visitor.session.get(f"{visitor.base}{page}", allow_redirects=False, timeout=SECONDS)
    return "/sign-in?" in answer.headers.get("Location", "")


def end_session(visitor: Visitor) -> None:
    """Press the button in the head of the page."""
    visitor.submit(action="/sign-out")


def test_a_person_is_picked_by_name_and_comes_back_to_the_page(visitor: Visitor) -> None:
    page = applying.sign_in(visitor, "/apply/cases")
    assert (urlsplit(page.url).path, page.status) == ("/apply/cases", 200)
    assert "わたしの申請" in page.text


def test_every_page_of_the_stand_in_says_what_it_is(visitor: Visitor) -> None:
    for address in ("/dev/signin/", "/apply/cases", "/dev/signin/sign-out"):
        page = visitor.open(address)
        assert "ここは練習用です。本番では使いません。" in page.tree.text_content()
        assert page.title.endswith("｜練習用")


def test_one_pick_signs_in_at_every_service(visitor: Visitor) -> None:
    applying.sign_in(visitor, "/apply/cases")
    assert urlsplit(visitor.open("/inbox/").url).path == "/inbox/"


def test_one_sign_out_ends_the_sessions_of_the_others(standins: System) -> None:
    officer = Visitor(standins.layout.url, OFFICER)
    applying.sign_in(officer, PAGES[0])
    for page in PAGES[1:]:
        officer.session.get(f"{officer.base}{page}", timeout=SECONDS)  # each service signs in by itself
    assert [page for page in PAGES if asks_for_sign_in(officer, page)] == []
    officer.open(PAGES[0])
    end_session(officer)
    assert [page for page in PAGES if not asks_for_sign_in(officer, page)] == []
    assert "だれとしてサインインしますか" in officer.open(PAGES[1]).text


def test_a_sign_out_leaves_other_people_signed_in(standins: System, visitor: Visitor) -> None:
    other = Visitor(standins.layout.url, OTHER)
    applying.sign_in(other, "/inbox/")
    applying.sign_in(visitor, "/inbox/")
    end_session(visitor)
    assert not asks_for_sign_in(other, "/inbox/")


def test_after_a_sign_out_somebody_else_can_be_picked(visitor: Visitor) -> None:
    applying.sign_in(visitor, "/apply/cases")
    end_session(visitor)
    visitor.name = OTHER
    applying.sign_in(visitor, "/apply/cases")
    assert f"いま、{OTHER}さんとしてサインインしています。" in visitor.open("/dev/signin/").text


def test_a_link_from_elsewhere_asks_before_it_signs_out(visitor: Visitor) -> None:
    applying.sign_in(visitor, "/inbox/")
    page = visitor.open("/dev/signin/sign-out?client_id=intake&logout_hint=guessed")
    assert "サインアウトしますか" in page.text
    assert not asks_for_sign_in(visitor, "/inbox/")
    assert "サインアウトしました" in visitor.submit(button="サインアウトする").text
    assert asks_for_sign_in(visitor, "/inbox/")


def test_whoever_cancels_is_told_how_to_go_on(visitor: Visitor) -> None:
    visitor.open("/apply/cases")
    with pytest.raises(VisitError) as refused:
        visitor.submit(button="サインインしないで")
    assert refused.value.status == 400
    assert visitor.page
    assert "サインインできませんでした" in visitor.page.text


def test_a_killed_provider_remembers_who_is_signed_in(standins: System, visitor: Visitor) -> None:
    applying.sign_in(visitor, "/apply/cases")
    crash(standins, "signin")
    assert urlsplit(visitor.open("/inbox/").url).path == "/inbox/"


def test_a_provider_that_was_away_is_found_again(standins: System, visitor: Visitor) -> None:
    standins.stop_program("signin")
    try:
        with pytest.raises(VisitError) as refused:
            visitor.open("/apply/cases")
    finally:
        standins.start_program("signin")
    assert refused.value.status == 503
    assert applying.sign_in(visitor, "/apply/cases").status == 200


def test_the_description_names_the_addresses_that_answer(client: Client) -> None:
    described = requests.get(f"{client.issuer}/.well-known/openid-configuration", timeout=SECONDS).json()
    assert described["issuer"] == client.issuer
    assert described["scopes_supported"] == ["openid", "name", "address", "birthdate", "gender", "sign"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        assert requests.get(described[name], timeout=SECONDS).status_code in (200, 400, 405)


def test_the_published_keys_open_nothing(client: Client) -> None:
    (key,) = requests.get(f"{client.issuer}/jwks.json", timeout=SECONDS).json()["keys"]
    assert not {"d", "p", "q"} & set(key)


def test_a_code_becomes_the_claims_that_were_asked_for(client: Client) -> None:
    claims = client.claims(client.exchange(client.code()))
    assert claims["sub"] == "r-takahashi"
    assert claims["name"] == RESIDENT
    assert claims["address"].startswith("山形県")
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (client.issuer, "intake", "n1")
    assert claims["sid"]
    assert "birthdate" not in claims


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"redirect_uri": "http://elsewhere.example/"}, 400, "invalid_grant"),
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"code": "guessed"}, 400, "invalid_grant"),
    ],
)
def test_a_code_is_worth_nothing_to_others(client: Client, change: dict[str, str], status: int, error: str) -> None:
    answer = client.exchange(**({"code": client.code()} | change))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_code_is_not_for_another_client(client: Client) -> None:
    delivery = {"client_id": "delivery", "client_secret": client.system.secrets["oidc/delivery"]}
    assert client.exchange(client.code(), **delivery).json()["error"] == "invalid_grant"


def test_a_code_is_used_once(client: Client) -> None:
    code = client.code()
    assert client.exchange(code).status_code == 200
    assert client.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "nobody"}, "呼び出したシステムが、登録されていません。"),
        ({"client_id": None}, "呼び出したシステムが、登録されていません。"),
        ({"redirect_uri": "http://elsewhere.example/"}, "もどり先のアドレスが、登録したものとちがいます。"),
        ({"redirect_uri": None}, "もどり先のアドレスが、登録したものとちがいます。"),
    ],
)
def test_a_call_of_unknown_origin_is_refused_in_plain_words(
    client: Client, change: dict[str, str | None], words: str
) -> None:
    answer = client.ask({"person": "r-takahashi"}, **change)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_client_that_asks_wrongly_is_told_so(client: Client, change: dict[str, str | None], error: str) -> None:
    answer = client.ask(**change)
    assert answer.headers["Location"].startswith(client.redirect_uri)
    assert parameters(answer)["error"] == error


def test_a_person_who_is_unknown_is_asked_again(client: Client) -> None:
    answer = client.ask({"person": "r-nobody"})
    assert answer.status_code == 200
    assert "だれとしてサインインしますか" in answer.text


def test_each_web_part_is_known_with_its_own_addresses(standins: System) -> None:
    clients = json.loads((standins.layout.run / "signin.json").read_text())["clients"]
    assert [one["client_id"] for one in clients] == ["intake", "approval", "signing", "delivery", "archive"]
    for one in clients:
        (callback,) = {uri for uri in one["redirect_uris"] if uri[: -len("signed-in")] in one["backchannel_logout_uri"]}
        assert one["backchannel_logout_uri"] == callback.replace("/signed-in", "/signed-out-elsewhere")
