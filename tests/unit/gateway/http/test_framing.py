"""A request's head can be read in one way only, or is refused: nothing is smuggled behind it."""

import pytest

from gateway.http.framing import fault_in_head

LINE = b"POST /v1/clinics/solna/holds HTTP/1.1\r\n"
HOST = b"Host: clinic.example\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        [HOST, b"\r\n"],
        [HOST, b"Content-Length: 12\r\n", b"\r\n"],
        [b"host:clinic.example\n", b"\n"],
        [HOST, b"Accept: a\r\n", b"Accept: b\r\n", b"Cookie: x=\xc3\xa9\ty\r\n", b"\r\n"],
        [HOST, b"Transfer-Encoding: chunked\r\n", b"\r\n"],
    ],
)
def test_what_every_server_reads_alike_is_taken(lines: list[bytes]) -> None:
    assert fault_in_head(LINE, lines) is None


@pytest.mark.parametrize(
    "lines",
    [
        [HOST, b"Content-Length: 5\r\n", b"Content-Length: 5\r\n"],
        [HOST, b"Content-Length: 5\r\n", b"content-length: 50\r\n"],
        [HOST, b"Content-Length: 5, 5\r\n"],
        [HOST, b"Content-Length: +5\r\n"],
        [HOST, b"Content-Length : 2\r\n"],
        [HOST, b"Transfer-Encoding : chunked\r\n"],
        [HOST, b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n"],
        [b"Accept: a\r\n"],
        [HOST, b"Host: other.example\r\n"],
        [HOST, b"no colon here\r\n"],
        [HOST, b" folded: line\r\n"],
        [HOST, b"X: a\r\n", b"\tfolded\r\n"],
        [HOST, b"X: a\x00b\r\n"],
        [HOST, b"X: a\rContent-Length: 5\r\n"],
        [HOST, b": nameless\r\n"],
    ],
)
def test_what_two_servers_may_read_differently_is_refused(lines: list[bytes]) -> None:
    assert fault_in_head(LINE, [*lines, b"\r\n"])


def test_http_1_0_may_go_without_a_host() -> None:
    assert fault_in_head(b"GET / HTTP/1.0\r\n", [b"\r\n"]) is None


@pytest.mark.parametrize(
    "line",
    [b"GET  / HTTP/1.1\r\n", b"GET /\x00 HTTP/1.1\r\n", b"GET /\r\n", b"GET /\tx HTTP/1.1\r\n", b"G(T / HTTP/1.1\r\n"],
)
def test_a_first_line_of_another_form_is_refused(line: bytes) -> None:
    assert fault_in_head(line, [HOST, b"\r\n"])
