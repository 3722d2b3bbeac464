"""A request's head can be read in one way only, or is refused: nothing is smuggled behind it."""

import pytest

from gateway.http.framing import Misframed, head_of

LINE = b"POST /v1/clinics/solna/holds HTTP/1.1\r\n"
HOST = b"Host: clinic.example\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        [HOST],
        [HOST, b"Content-Length: 12\r\n"],
        [b"host:clinic.example\n"],
        [HOST, b"Accept: a\r\n", b"Accept: b\r\n", b"Cookie: x=\xc3\xa9\ty\r\n"],
    ],
)
def test_what_every_server_reads_alike_is_taken(lines: list[bytes]) -> None:
    head = head_of(LINE, lines)
    assert (head.method, head.target, head.version) == ("POST", "/v1/clinics/solna/holds", "HTTP/1.1")
    assert head.fields.get("HOST") == "clinic.example"


@pytest.mark.parametrize(
    "lines",
    [
        [HOST, b"Content-Length: 5\r\n", b"Content-Length: 5\r\n"],
        [HOST, b"Content-Length: 5\r\n", b"content-length: 50\r\n"],
        [HOST, b"Content-Length: 5, 5\r\n"],
        [HOST, b"Content-Length: +5\r\n"],
        [HOST, b"Content-Length: \xb2\r\n"],
        [HOST, b"Content-Length:\r\n"],
        [HOST, b"Content-Length : 2\r\n"],
        [HOST, b"Transfer-Encoding : chunked\r\n"],
        [HOST, b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n"],
        [HOST, b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\n"],
        [b"Accept: a\r\n"],
        [HOST, b"Host: other.example\r\n"],
        [HOST, b"no colon here\r\n"],
        [HOST, b" folded: line\r\n"],
        [HOST, b"X: a\r\n", b"\tfolded\r\n"],
        [HOST, b"X: a\x00b\r\n"],
        [HOST, b"X: a\rContent-Length: 5\r\n"],
        [HOST, b"X: a\r\r\n"],
        [HOST, b"\r\r\n"],
        [HOST, b": nameless\r\n"],
    ],
)
def test_what_two_servers_may_read_differently_is_refused(lines: list[bytes]) -> None:
    with pytest.raises(Misframed) as fault:
        head_of(LINE, lines)
    assert fault.value.status == 400


@pytest.mark.parametrize("said", [b"chunked", b"gzip, chunked", b"identity", b""])
def test_a_body_without_a_length_is_refused_whatever_is_said_of_its_end(said: bytes) -> None:
    with pytest.raises(Misframed) as fault:
        head_of(LINE, [HOST, b"Transfer-Encoding: " + said + b"\r\n"])
    assert fault.value.status == 411


def test_http_1_0_may_go_without_a_host() -> None:
    assert head_of(b"GET / HTTP/1.0\r\n", []).version == "HTTP/1.0"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET  / HTTP/1.1\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\n", 400),
        (b"GET /\r\n", 400),
        (b"GET /\tx HTTP/1.1\r\n", 400),
        (b"G(T / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.2\r\n", 400),
        (b"GET / HTTP/2.0\r\n", 505),
    ],
)
def test_a_first_line_of_another_form_is_refused(line: bytes, status: int) -> None:
    with pytest.raises(Misframed) as fault:
        head_of(line, [HOST])
    assert fault.value.status == status


@pytest.mark.parametrize(
    ("line", "said", "ends"),
    [
        (LINE, [], False),
        (LINE, [b"Connection: Close\r\n"], True),
        (LINE, [b"Connection: keep-alive\r\n"], False),
        (b"GET / HTTP/1.0\r\n", [], True),
        (b"GET / HTTP/1.0\r\n", [b"Connection: Keep-Alive\r\n"], False),
    ],
)
def test_the_client_or_its_version_says_whether_a_request_is_the_last_of_its_connection(
    line: bytes, said: list[bytes], ends: bool
) -> None:
    assert head_of(line, [HOST, *said]).ends_connection is ends


def test_fields_keep_their_order_and_their_words_but_for_the_spaces_around_them() -> None:
    head = head_of(LINE, [HOST, b"X-Name:\t b\xe9 c \r\n", b"x-name: d\r\n"])
    assert head.fields._headers == [("Host", "clinic.example"), ("X-Name", "b\xe9 c"), ("x-name", "d")]
    assert head.fields.get("X-NAME") == "b\xe9 c"
    assert (head.fields.get("accept"), head.fields.get("accept", "")) == (None, "")
