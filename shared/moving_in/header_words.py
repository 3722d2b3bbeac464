"""By which words former systems call what a column holds (C14).

The words are those that stand over columns in exports of clinic systems in Sweden, Norway, Denmark, French- and
German-speaking Switzerland and Iran, and in English ones. They are compared without accents, signs and case.
"""

import re
import unicodedata
from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "former": """
        id, nr, no, number, uid, löpnummer, journalnr, journalnummer, bokningsid, boknings id, bokningsnummer,
        timenr, time id, avtaleid, aftale id, aftalenr, rdv id, numéro de dossier, n° dossier, dossier, شماره
        پرونده, پرونده, شماره نوبت, کد, ردیف, booking id, appointment id, reference, record number
    """,
    "patient_former": """
        patientid, patient id, patientnr, patientnummer, patient nr, kundnr, kundnummer, kundenr, kundenummer,
        pasientid, pasientnr, pasientnummer, klientnr, no patient, n° patient, numéro patient, id patient,
        patientennummer, patient number, patient no, client id, customer id, شماره بیمار, کد بیمار, شناسه بیمار,
        شماره پرونده
    """,
    "national_id": """
        personnummer, persnr, pnr, personnr, samordningsnummer, fødselsnummer, fødselsnr, fnr, personnummer 11
        siffer, cpr, cpr-nr, cpr nummer, cprnr, cpr nr, ahv, ahv-nr, ahv nummer, avs, no avs, n° avs, numéro
        avs, nas, nss, کد ملی, کدملی, شماره ملی, national id, national code, national identity number, ssn,
        social security number, melli
    """,
    "birth_date": """
        födelsedatum, född, födelsedag, födelsetid, fødselsdato, født, fødselsdag, date de naissance, naissance,
        né le, née le, geburtsdatum, تاریخ تولد, تولد, birth date, birthdate, date of birth, dob, birthday, born
    """,
    "first_name": """
        förnamn, tilltalsnamn, fornavn, prénom, vorname, نام, نام کوچک, اسم, first name, firstname, given name,
        forename
    """,
    "last_name": """
        efternamn, etternavn, efternavn, nom, nom de famille, nachname, نام خانوادگی, نام فامیل, فامیل, فامیلی,
        last name, lastname, surname, family name
    """,
    "name": """
        namn, navn, patientnamn, pasientnavn, patientnavn, patient, pasient, kund, kunde, klient, nom complet,
        nom et prénom, nom prénom, nom du patient, نام و نام خانوادگی, نام بیمار, بیمار, name, full name,
        patient name, client, customer, attendee, summary
    """,
    "mobile": """
        mobil, mobilnummer, mobiltelefon, mobilnr, mobiltlf, mobil tlf, sms, portable, natel, mobile, no mobile,
        handy, cell, cellphone, mobile number, mobile phone, تلفن همراه, موبایل, همراه, شماره موبایل, شماره
        همراه
    """,
    "telephone": """
        telefon, telefonnummer, telefon hem, hemtelefon, telefon arbete, tlf, tlf privat, telefon privat,
        telefonnr, téléphone, tél, tel, tél privé, telephone, phone, phone number, home phone, تلفن, تلفن ثابت,
        شماره تلفن
    """,
    "email": """
        e-post, epost, e-postadress, epostadress, mejl, mail, email, e-mail, e-postadresse, epostadresse,
        mailadresse, e-mailadresse, courriel, adresse e-mail, adresse email, email address, attendee email,
        ایمیل, پست الکترونیک, رایانامه
    """,
    "sms_ok": """
        sms ok, sms-påminnelse, sms påminnelse, påminnelse sms, sms samtykke, samtykke sms, sms-påmindelse, sms
        påmindelse, sms samtykke, rappel sms, sms autorisé, accord sms, sms reminder, sms consent, پیامک,
        یادآوری پیامکی
    """,
    "email_ok": """
        e-post ok, e-postpåminnelse, epost påminnelse, samtykke epost, samtykke e-post, e-mail påmindelse,
        samtykke mail, rappel e-mail, accord e-mail, email reminder, email consent, email ok, یادآوری ایمیلی
    """,
    "note": """
        anteckning, anteckningar, notering, kommentar, bemærkning, bemærkninger, merknad, notat, noter,
        remarque, remarques, note, notes, comment, comments, یادداشت, توضیحات
    """,
    "message": """
        anteckning, notering, kommentar, meddelande, bemærkning, besked, merknad, melding, beskjed, remarque,
        remarques, message, note, notes, comment, description, beskrivning, beskrivelse, یادداشت, توضیحات, پیام
    """,
    "type": """
        typ, bokningstyp, besökstyp, tidstyp, behandling, åtgärd, tjänst, type, timetype, avtaletype,
        aftaletype, aftale type, ydelse, konsultasjonstype, tjeneste, behandlingstype, prestation, type de
        rendez-vous, motif, genre, نوع نوبت, نوع ویزیت, خدمت, نوع خدمت, نوع, appointment type, service,
        treatment, reason, categories
    """,
    "practitioner": """
        behandlare, vårdgivare, läkare, tandläkare, terapeut, resurs, behandler, lege, tannlege, fysioterapeut,
        tandlæge, læge, praticien, praticienne, thérapeute, médecin, agenda, behandelnde, پزشک, درمانگر, نام
        پزشک, practitioner, provider, doctor, therapist, clinician, with, calendar, kalender, location,
        organizer
    """,
    "start": """
        datum, starttid, start, börjar, bokad tid, startdatum, dato, startdato, starttidspunkt, tidspunkt, fra,
        begynner, date, date du rendez-vous, début, date de début, date et heure, تاریخ, تاریخ نوبت, زمان, زمان
        نوبت, شروع, date and time, appointment date, starts, begin, from, start time, day
    """,
    "time": """
        tid, klockslag, kl, klokkeslett, klokkeslæt, klokken, time, heure, heure de début, ساعت, ساعت شروع, ساعت
        نوبت, hour, time of day
    """,
    "end": """
        slut, sluttid, slutar, til, slutt, slutter, sluttidspunkt, fin, heure de fin, پایان, ساعت پایان, end,
        ends, end time, until, to
    """,
    "minutes": """
        längd, minuter, tidslängd, varaktighet, lengde, varighet, minutter, længde, durée, minutes, مدت, مدت
        زمان, دقیقه, duration, length, min
    """,
    "status": """
        status, tillstånd, état, statut, وضعیت, وضعیت نوبت, state, avbokad, avbestilt, aflyst, annulé, cancelled
    """,
    "week": """
        vecka, kallelsevecka, kallas, nästa besök, uke, innkallingsuke, innkalles, uge, indkaldes,
        indkaldelsesuge, indkaldelse, semaine, rappel, prochain contrôle, échéance, هفته, موعد مراجعه, مراجعه
        بعدی, week, due, due date, recall, recall date
    """,
}


_SIGNS = re.compile(r"[^\w]+")


def plain(text: str) -> str:
    """Return a word as it is compared: without case, accents, signs; Arabic letters as Persian writes them."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ي", "ی").replace("ك", "ک").replace("\u200c", " "))
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", letters.replace("æ", "ae").replace("ø", "o").replace("ß", "ss")).replace("_", " ").strip()


WORDS: Mapping[str, frozenset[str]] = {
    field: frozenset(plain(word) for word in words.split(",")) for field, words in _WORDS.items()
}
"""By field, what a column can be called that holds it."""
