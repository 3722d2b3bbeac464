"""The report on online booking (A2)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.reporting.table import as_file
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request
from shared.texts.csv_text import CSV

_REPORT = "/v1/staff/clinics/<clinic>/reports/online"


def online(services: Services, request: Request, clinic: str) -> Response:
    """Return what happened in online booking, beside as many days before."""
    return answer(services.booking.report(clinic, **request.asked))


def online_file(services: Services, request: Request, clinic: str) -> Response:
    """Return the rows of the report as a CSV with decimal commas; nothing in it is a formula."""
    found = services.booking.report(clinic, **request.asked)
    return as_file(found, f"{clinic}-{found['from']}-{found['to']}")


ROUTES = (
    Operation(
        "GET", _REPORT, online, "Report on online booking", schemas.OnlineReport, query=schemas.OnlineReportQuery,
        refusals=("not_found", "invalid"), staff=True,
    ),
    Operation(
        "GET", f"{_REPORT}.csv", online_file, "Report on online booking, as a CSV", query=schemas.OnlineReportQuery,
        refusals=("not_found", "invalid"), staff=True, media=(CSV,),
    ),
)  # fmt: skip
