"""What the gateway keeps between requests: sessions, codes, limits, counters."""

from dataclasses import dataclass, field
from threading import Event

import redis

from gateway.access.guesses import Guesses
from gateway.access.limits import Limits
from gateway.access.login_codes import LoginCodes
from gateway.access.password_tries import PasswordTries
from gateway.access.patient_sessions import PatientSessions
from gateway.access.proof import Proofs
from gateway.access.resets import Resets
from gateway.access.rush import Rush
from gateway.access.sessions import Sessions
from gateway.access.standing_holds import StandingHolds
from gateway.http.metrics import Metrics
from gateway.http.online_tally import OnlineTally
from shared.clock import Clock
from shared.sealed import Sealer
from shared.settings import Settings


@dataclass(frozen=True)
class FrontDoor:
    """One per process, shared by all its requests."""

    passwords: PasswordTries
    resets: Resets
    sessions: Sessions
    patients: PatientSessions
    codes: LoginCodes
    proofs: Proofs
    guesses: Guesses
    limits: Limits
    holds: StandingHolds
    rush: Rush
    metrics: Metrics
    tally: OnlineTally = field(default_factory=OnlineTally)
    was_whole: Event = field(default_factory=Event)
    """Set once every service has answered a probe of this process."""


def open_door(settings: Settings, cache: redis.Redis, clock: Clock, metrics: Metrics) -> FrontDoor:
    """Return the front door."""
    patients = PatientSessions(cache, Sealer(settings.event_keys), clock)
    return FrontDoor(
        passwords=PasswordTries(cache),
        resets=Resets(cache),
        sessions=Sessions(cache, clock),
        patients=patients,
        codes=LoginCodes(cache, settings.lookup_keys),
        proofs=Proofs(patients, settings.link_keys),
        guesses=Guesses(cache, settings.lookup_key),
        limits=Limits(cache, settings.booking_rate_limit),
        holds=StandingHolds(cache, settings.booking_rate_limit, clock),
        rush=Rush(cache, settings.taking_at_once, settings.booking_rate_limit, clock),
        metrics=metrics,
    )
