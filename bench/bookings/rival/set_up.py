"""Make the rival's tables, ten practitioners who work all day, and people who are logged in; run in its environment.

Prints a line of JSON: the sessions' keys.
"""

import json
import os
import sys
from datetime import time, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.bookings.rival.settings")

import django

django.setup()

from appointment.models import Service, StaffMember, WorkingHours  # noqa: E402 - Django has to be set up before
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402


def practitioners() -> None:
    """Make the service and who offers it."""
    service = Service.objects.create(name="Visit", duration=timedelta(minutes=15), price=0)
    for number in range(10):
        user = get_user_model().objects.create(username=f"p{number}", first_name=f"p{number}")
        member = StaffMember.objects.create(user=user, work_on_saturday=True, work_on_sunday=True)
        member.services_offered.add(service)
        for day in range(7):
            WorkingHours.objects.create(staff_member=member, day_of_week=day, start_time=time(8), end_time=time(20))


def session(number: int) -> str:
    """Return the key of the session of somebody who is logged in."""
    address = f"person{number}@patients.example"
    user = get_user_model().objects.create(username=address, email=address, first_name=f"Person {number}")
    opened = SessionStore()
    opened[SESSION_KEY] = str(user.pk)
    opened[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    opened[HASH_SESSION_KEY] = user.get_session_auth_hash()
    opened.create()
    return str(opened.session_key)


if __name__ == "__main__":
    call_command("makemigrations", "appointment", verbosity=0)  # it ships none
    call_command("migrate", verbosity=0)
    practitioners()
    print(json.dumps([session(number) for number in range(int(sys.argv[1]))]))
