"""A form of several parts that is larger than the pieces in which it could be read comes whole."""

import io

from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, encode_multipart

from gateway.http.bounds import DOCUMENT_LIMIT
from gateway.http.request import Request

PIECE = 64 * 1024
"""What Werkzeug reads at once."""


def test_c3_every_field_and_file_of_a_large_form_comes_as_it_was_sent_wherever_pieces_would_meet() -> None:
    wrong = []
    for before in range(PIECE - 600, PIECE):
        sent = {"first": "x" * before, "empty": "", "also": "", "last": "y"}
        _, body = encode_multipart({**sent, "file": FileStorage(io.BytesIO(b"z"), "z.csv")}, boundary="a-boundary")
        kind = "multipart/form-data; boundary=a-boundary"
        request = Request(EnvironBuilder(method="POST", data=body, content_type=kind).get_environ())
        request.max_form_memory_size = DOCUMENT_LIMIT
        request.get_data(cache=True)
        if request.form.to_dict() != sent or request.files["file"].read() != b"z":
            wrong.append(before)
    assert wrong == []
