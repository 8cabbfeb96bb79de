"""Nobody but the page itself presses its buttons."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from local.page.acts import Acts, Wish
from local.page.look import Observer
from local.page.server import LARGEST, MARK, Listener

WISH = b'{"act": "pay"}'


class Pressed(Acts):
    """Writes down what was wished."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []

    def do(self, wish: Wish) -> str:
        self.wishes.append(wish)
        return "done"


class Blind(Observer):
    """Sees nothing."""

    def __init__(self) -> None:
        pass


@pytest.fixture
def pressed() -> Pressed:
    return Pressed()


@pytest.fixture
def port(pressed: Pressed) -> Iterator[int]:
    with Listener(Blind(), pressed) as listener:
        Thread(target=listener.serve_forever, args=[0.01], daemon=True).start()
        yield listener.server_port
        listener.shutdown()


def act(host: str, *, mark: str = f"{MARK}: 1\r\n", body: bytes = WISH, length: str = "") -> bytes:
    head = f"POST /act HTTP/1.1\r\nHost: {host}\r\n{mark}"
    return f"{head}Content-Length: {length or len(body)}\r\n\r\n".encode() + body


def said(port: int, sent: bytes) -> bytes:
    """All that the server answers until it ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            pass
        return answer


def test_it_listens_on_the_loopback_address_only(pressed: Pressed) -> None:
    with Listener(Blind(), pressed) as listener:
        assert listener.server_address[0] == "127.0.0.1"


def test_a_button_of_the_page_is_pressed(port: int, pressed: Pressed) -> None:
    assert b" 200 " in said(port, act(f"127.0.0.1:{port}"))
    assert [wish.act for wish in pressed.wishes] == ["pay"]


def test_another_sites_form_presses_nothing(port: int, pressed: Pressed) -> None:
    assert b" 403 " in said(port, act(f"127.0.0.1:{port}", mark=""))
    assert not pressed.wishes


def test_a_name_that_another_site_points_here_presses_nothing(port: int, pressed: Pressed) -> None:
    assert b" 403 " in said(port, act(f"elsewhere.example:{port}"))
    assert not pressed.wishes


@pytest.mark.parametrize("padding", [0, LARGEST])
def test_a_request_that_is_hidden_behind_a_body_presses_nothing(
    port: int, pressed: Pressed, padding: int
) -> None:
    hidden = act(f"127.0.0.1:{port}")
    form = act(f"127.0.0.1:{port}", mark="", body=b" " * padding + hidden)

    assert said(port, form).count(b"HTTP/1.") == 1
    assert not pressed.wishes


@pytest.mark.parametrize("length", ["-1", "many", "99999999"])
def test_a_length_that_is_none_is_refused_at_once(port: int, pressed: Pressed, length: str) -> None:
    assert b" 400 " in said(port, act(f"127.0.0.1:{port}", length=length))
    assert not pressed.wishes
