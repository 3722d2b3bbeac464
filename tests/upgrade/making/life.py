"""A clinic's little life, over HTTP: what a baseline holds, and what its calls and events tell of.

It takes place in March 2096, so that what is to come is still to come whenever a test reads it, and in March 2020.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import requests

from tests.servers.providers import Providers, signed_by_twilio
from tests.system.api_client import Answer, Client
from tests.system.clinics import OwnClinic, at
from tests.system.installation import wait_until
from tests.upgrade.harbour import (
    DAY,
    LONG_AGO,
    PUBLIC_URL,
    WEEK,
    done,
    logged_in,
    rules,
    somebody,
    working_hours,
)


@dataclass
class Life:
    """One clinic of an installation, lived in the order of the methods; `noted` is what later readers need of it."""

    clinic: OwnClinic
    providers: Providers
    noted: dict[str, Any] = field(default_factory=dict)

    def live(self) -> dict[str, Any]:
        """Let everything happen once and return what is needed to find it again."""
        self.set_up()
        self.absences()
        self.bookings_of_patients()
        self.bookings_by_staff()
        self.needs_and_recalls()
        self.called_in()
        self.a_login()
        self.messages()
        return self.noted

    def set_up(self) -> None:
        """Put the clinic's document into force, and a second revision of it."""
        self.clinic.apply(*working_hours(), **rules(name="Hamnen"))
        self.clinic.apply(*working_hours(), **rules())
        exported = done(self.clinic.desk("GET", "document"), 200).body
        done(self.clinic.desk("POST", "document/check", {**exported, "name": "Another name"}), 200)
        done(self.clinic.desk("GET", "links"), 200)
        done(self.clinic.public.get(f"/clinics/{self.clinic.key}"), 200)

    def absences(self) -> None:
        """Enter absences, change one, take one back."""
        leave = {"practitioner": "bo", "from": str(DAY + timedelta(days=20)), "to": str(DAY + timedelta(days=24))}
        kept = done(self.clinic.desk("POST", "absences", {**leave, "reason": "Semester"}), 201)["id"]
        done(self.clinic.desk("PUT", f"absences/{kept}", {**leave, "reason": "Föräldraledig"}), 200)
        service = {"resource": "room-2", "from": f"{DAY}T12:00", "to": f"{DAY}T13:00", "reason": "Service"}
        done(self.clinic.desk("POST", "absences", service), 201)
        taken_back = done(self.clinic.desk("POST", "absences", {**leave, "practitioner": "lena"}), 201)["id"]
        done(self.clinic.desk("DELETE", f"absences/{taken_back}"), 204)
        done(self.clinic.desk("GET", "absences"), 200)

    def bookings_of_patients(self) -> None:
        """Hold, book, move and cancel on the web."""
        span = {"type": "long", "from": str(DAY), "to": str(DAY)}
        done(self.clinic.public.get(f"/clinics/{self.clinic.key}/days", **span), 200)
        done(self.clinic.public.get(f"/clinics/{self.clinic.key}/slots", **span), 200)
        released = done(self.clinic.hold(at(DAY, "15:00")), 201)["hold"]
        done(self.clinic.public.call("DELETE", f"/holds/{released}"), 204)
        hold = done(self.clinic.hold(at(DAY, "08:00")), 201)["hold"]
        body = {
            "type": "visit", "start": at(DAY, "08:00"), "hold": hold, "patient": somebody(1), "language": "en",
            "message": "Jag har ont.", "answers": {"fear": "Ja"},
        }  # fmt: skip
        self.noted["stays"] = self._booked_once(body)
        moved = self._book("moves", 2, "09:00")
        done(self.clinic.link(moved), 200)
        self.clinic.places_to_move(moved, DAY)
        done(self.clinic.link(moved, "rebook", {"start": at(DAY, "14:00")}), 200)
        done(self.clinic.link(self._book("cancelled", 3, "10:00"), "cancel", {"comment": "Förkyld"}), 200)
        done(self.clinic.link(self._book("ticked off", 4, "10:30"), "cancel", {"comment": "Rest bort"}), 200)
        wait_until(lambda: len(self._watched()) >= 2, "M5: both cancellations on the watch list")
        done(self.clinic.desk("POST", f"watch-list/{self._watched()['Rest bort']}/done"), 204)

    def bookings_by_staff(self) -> None:
        """Book as staff, change, miss; one long ago has been."""
        reference = self._desk_books("changed", 5, DAY, "13:00", practitioner="anna", minutes=60)
        change = {"practitioner": "bo", "minutes": 45, "type": "long", "version": 1}
        done(self.clinic.desk("POST", f"bookings/{reference}/rebook", change), 200)
        done(self.clinic.desk("POST", f"bookings/{reference}/sms-reminder", {"on": False}), 200)
        missed = self._desk_books("missed", 6, LONG_AGO, "09:00", outside_plan=True)
        done(self.clinic.desk("POST", f"bookings/{missed}/no-show"), 200)
        self._desk_books("been", 7, LONG_AGO, "10:00", outside_plan=True)
        cancelled = self._desk_books("cancelled by staff", 8, DAY, "15:30")
        done(self.clinic.desk("POST", f"bookings/{cancelled}/cancel", {"comment": "Sjuk"}), 200)
        done(self.clinic.desk("GET", f"bookings/{reference}/history"), 200)
        done(self.clinic.desk("GET", "bookings", **{"from": str(DAY), "to": str(DAY)}), 200)

    def needs_and_recalls(self) -> None:
        """Give needs (open, used, closed, expired), and call patients in to needs and to a booked time."""
        first, second = self._known("stays"), self._known("changed")
        done(self.clinic.desk("GET", f"patients/{first}"), 200)
        self._correct(first)
        self.noted["open need"] = self._need(first, "checkup", practitioner="anna", minutes=45)
        self.noted["used need"] = self._need(second, "checkup")
        self.noted["card's need"] = self._need(second, "checkup")
        self.noted["closed need"] = self._need(second, "checkup")
        done(self.clinic.desk("DELETE", f"needs/{self.noted['closed need']}"), 204)
        self.noted["expired need"] = self._need(first, "lapsed", week="2026-W40")
        for need in ("open need", "used need", "card's need"):
            self._issued(need, need=self.noted[need], send=["sms", "email", "card"])
        body = {"type": "checkup", "start": at(DAY + timedelta(days=1), "08:00"), "need": self.noted["used need"]}
        booked = self.clinic.desk("POST", "bookings", {**body, "patient": {"id": second}})
        self.noted["uses need"] = done(booked, 201).body
        recall = {"patient": first, "type": "visit", "practitioner": "anna", "send": ["sms", "card"]}
        recalled = self.clinic.desk("POST", "recalls", {**recall, "start": at(DAY + timedelta(days=1), "09:00")})
        self.noted["recalled"] = done(recalled, 201).body
        self._issued("recalled again", reference=recalled["reference"], send=["email"])
        done(self.clinic.desk("GET", "needs", list="due"), 200)
        self._cards()

    def called_in(self) -> None:
        """Open recalls by their codes; book with a card's need."""
        booking = {"national_id": somebody(1)["national_id"], "code": self.noted["recalled"]["code"]}
        done(self.clinic.public.post("/recalls/open", booking), 200)
        card = {"national_id": somebody(5)["national_id"], "code": self.noted["card's need issued"]["code"]}
        opened = done(self.clinic.public.post("/recalls/open", card), 200)
        self._page(f"/m/{opened['token']}")
        called = Client(self.clinic.public.url, token=opened["token"])
        day = DAY + timedelta(days=2)
        span = {"type": "checkup", "from": str(day), "to": str(day)}
        done(called.get(f"/clinics/{self.clinic.key}/days", **span), 200)
        slots = done(called.get(f"/clinics/{self.clinic.key}/slots", **span), 200)["slots"]
        body = {"type": "checkup", "start": slots[0]["start"], "patient": somebody(5)}
        booked = called.post(f"/clinics/{self.clinic.key}/bookings", body)
        self.noted["booked with the card"] = done(booked, 201).body

    def a_login(self) -> None:
        """Prove a mobile by a code, and see one's own bookings and needs."""
        person = somebody(1)
        patient = logged_in(self.clinic, self.providers, person["mobile"], person["national_id"])
        done(patient.get(f"/clinics/{self.clinic.key}/my/bookings"), 200)
        done(patient.get(f"/clinics/{self.clinic.key}/my/needs"), 200)

    def messages(self) -> None:
        """Hear of a delivery and of a STOP, after which an SMS fails and is sent again; look at a template."""
        inbound = {"From": somebody(9)["mobile"], "Body": "Stopp", "MessageSid": "SM" + "9" * 32}
        self._posted("/v1/webhooks/twilio/inbound", inbound, 200)
        self._let_one_fail()
        delivered = self._message("stays", "sms", "sent")
        path = f"/v1/webhooks/twilio/status?message={delivered['id']}"
        self._posted(path, {"MessageStatus": "delivered", "MessageSid": "SM" + "7" * 32}, 204)
        self._message("stays", "sms", "delivered")
        done(self.clinic.desk("GET", f"messages/{delivered['id']}"), 200)
        tried = {"event": "booked", "channel": "email", "template": {"text": "Välkommen {{ patient.first_name }}!"}}
        done(self.clinic.desk("POST", "messages/preview", tried), 200)

    def held(self, time: str) -> dict[str, Any]:
        """Hold a time that nobody books; return what was answered."""
        hold: dict[str, Any] = done(self.clinic.hold(at(DAY + timedelta(days=3), time)), 201).body
        return hold

    def _booked_once(self, body: dict[str, Any]) -> dict[str, Any]:
        path, key = f"/clinics/{self.clinic.key}/bookings", "first-click"
        first, again = (self.clinic.public.post(path, body, Idempotency_Key=key) for _ in range(2))
        assert done(first, 201).body == again.body
        booked: dict[str, Any] = first.body
        return booked

    def _book(self, name: str, number: int, time: str) -> str:
        """Book on the web, note it as `name`, and return the token of the link."""
        self.noted[name] = done(self.clinic.book(at(DAY, time), somebody(number)), 201).body
        return str(self.noted[name]["manage_token"])

    def _desk_books(self, name: str, number: int, day: date, time: str, **fields: Any) -> str:
        body = {"type": "visit", "start": at(day, time), "patient": somebody(number), **fields}
        self.noted[name] = done(self.clinic.desk("POST", "bookings", body), 201).body
        return str(self.noted[name]["reference"])

    def _watched(self) -> dict[str, str]:
        rows = self.clinic.desk("GET", "watch-list")["watch_list"]
        return {row["comment"]: row["id"] for row in rows}

    def _known(self, booking: str) -> str:
        """Return the id of a booking's patient, once patient has made the record."""
        path = f"bookings/{self.noted[booking]['reference']}"
        wait_until(lambda: self.clinic.desk("GET", path)["patient"]["id"], "B18: the patient is made and linked")
        return str(self.clinic.desk("GET", path)["patient"]["id"])

    def _correct(self, patient: str) -> None:
        """Confirm the mobile, as staff do who know whose it is, and write another email."""
        assert self.clinic.desk("GET", "patients", q="Person")["patients"]
        change = {"mobile": somebody(1)["mobile"], "email": "ny.adress@patients.example", "email_ok": True}
        done(self.clinic.desk("PATCH", f"patients/{patient}", change), 200)

    def _need(self, patient: str, type: str, **fields: Any) -> str:
        need = {"patient": patient, "type": type, "week": WEEK, **fields}
        return str(done(self.clinic.desk("POST", "needs", need), 201)["id"])

    def _issued(self, name: str, **fields: Any) -> None:
        """Send a recall, once booking has heard of what it names, and note the code."""
        answers: list[Answer] = []

        def went_out() -> bool:
            answers[:] = [self.clinic.desk("POST", "recalls/issue", fields)]
            return answers[0].status == 200

        wait_until(went_out, f"the recall {name} is sent: {answers}")
        self.noted[f"{name} issued"] = answers[0]["issued"][0]

    def _cards(self) -> None:
        for path in (f"recalls/cards.pdf?week={WEEK}", f"recalls/{self.noted['open need']}/card.pdf"):
            answer = requests.get(
                f"{self.clinic.public.url}/v1/staff/clinics/{self.clinic.key}/{path}",
                headers={"Authorization": f"Bearer {self.clinic.administrator.token}"},
                timeout=60,
            )
            assert answer.status_code == 200, answer.text

    def _page(self, path: str) -> None:
        answer = requests.get(f"{self.clinic.public.url}{path}", timeout=20)
        assert answer.status_code == 200, answer.text

    def _let_one_fail(self) -> None:
        """Book for somebody who wants no SMS any more, and send theirs again."""
        self._desk_books("not reached", 9, DAY, "11:00")
        failed = self._message("not reached", "sms", "failed")
        done(self.clinic.desk("POST", f"messages/{failed['id']}/resend"), 201)

    def _message(self, booking: str, channel: str, state: str) -> dict[str, Any]:
        """Return a booking's confirmation, once it is in that state."""
        query = {"booking": self.noted[booking]["reference"], "channel": channel, "state": state}

        def confirmations() -> list[dict[str, Any]]:
            listed = self.clinic.desk("GET", "messages", **query)["messages"]
            return [each for each in listed if each["event"] == "booked"]

        wait_until(confirmations, f"{booking}: {channel} {state}")
        return confirmations()[0]

    def _posted(self, path: str, form: dict[str, str], status: int) -> None:
        """Post as Twilio does, signed for the public address."""
        headers = {"X-Twilio-Signature": signed_by_twilio(PUBLIC_URL + path, form)}
        answer = requests.post(self.clinic.public.url + path, data=form, headers=headers, timeout=20)
        assert answer.status_code == status, answer.text
