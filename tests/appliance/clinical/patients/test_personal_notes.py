"""Which notes look as if they named somebody: few false alarms, few misses.

The names are invented, or so common that they mean nobody; the numbers are of no network.
"""

import pytest

from appliance.clinical.patients.personal_notes import Personal, looks_personal

IMPERSONAL = [
    "after lunch",
    "After lunch",
    "Prefers prone, pillow under the pelvis",
    "L4-L5",
    "L4-L5 left, 20 mA",
    "Lower Back",
    "lower back sore on Monday Morning",
    "Next visit 2026-11-29 14:30",
    "Termin 29.11.2026 um 14.30 Uhr",
    "Nächster Termin 02.12.2026",
    "next on 05/01/2027 at 09:15",
    "Starke Schmerzen nach Gartenarbeit",
    "Leichte Hautrötung links",
    "Nach dem Mittagessen besser",
    "Keine Kontraktion am Trapezius",
    "200 us 50 Hz 10/50 s",
    "widths 100 150 200 250",
    "0.5 1.0 1.5 2.0",
    "NMES 300 µs, 50 pps, 15 min",
    "TENS felt at 12 mA",
    "Thomas test negative",
    "after a burst of 100 ms the twitch stops",
    "50 ms Train felt",
    "Upper Trapezius tight",
    "M. Trapezius tight",
    "C4-C7 stiff; rest day after session",
    "pain 6 of 10 before, 3 of 10 after",
    "Douleur au dos après la séance",
    "Dolor de espalda por la mañana",
    "Mal di schiena dopo il lavoro",
    "Dor nas costas depois do trabalho",
    "Ból pleców po pracy",
    "Akşam bel ağrısı",
    "ألم أسفل الظهر بعد العمل",
    "Skin pink, gone after 20 min",
    "Likes the gel pads cold",
    "Room 12, bay 3",
    "Phase 2 of course 1234",
    "2024-2026",
    "100-1000 Hz felt",
    "P-0015 has the same pads",
    "Wärme vor der Behandlung gut",
    "Sitzt viel im Auto",
    "Keine Rückenschmerzen am Wochenende",
    "Swiss ball, Pilates on Friday",
    "Beurer pads at home",
    "Botox in March",
    "Left Shoulder better",
    "Needs help to turn",
    "will come back in May",
    "mark the site with a pen",
    "Max 15 mA",
    "Rose to 20 mA",
    "may feel tingling",
    "Will try lower level",
    "T12-L1",
    "See Doctor",
    "4 x 5 x 9 cm pads",
    "Hüfte links, Knie rechts",
    "Physio Band rot",
    "ISG links blockiert",
]
NAMES = [
    "Mr Smith prefers mornings",
    "mrs jones",
    "Frau Müller",
    "frau müller mag es warm",
    "Herr Özdemir kommt später",
    "Dr. Weber referred",
    "Mme Dupont",
    "Sra. García",
    "Sig. Rossi",
    "Pani Kowalska",
    "Bay Yılmaz",
    "السيد محمود",
    "اسمها ليلى",
    "Name: Smith",
    "name: smith",
    "Patientin heißt Weber",
    "elle s'appelle Dupont",
    "se llama Gómez",
    "si chiama Bianchi",
    "nazywa się Nowak",
    "Anna called",
    "call Anna after lunch",
    "JOHN SMITH",
    "john smith",
    "Müller, Hans",
    "J. Smith",
    "A. Kowalska will come",
    "Siobhan O'Brien",
    "Wei Zhang",
    "Fatou Diallo called",
    "Jean-Pierre likes it warm",
    "محمد",
]
PHONES = [
    "+49 170 1234567",
    "0170/1234567",
    "(030) 123456",
    "06 12 34 56 78",
    "(555) 123-4567",
    "555-123-4567",
    "555-0123",
    "612 345 678",
    "call 1234567",
    "٠١٧٠١٢٣٤٥٦٧",
]
MAILS = [
    "mail: someone@example.org",
    "a.b@clinic.example",
    "someone (at) example.org",
]


@pytest.mark.parametrize("note", IMPERSONAL)
def test_a_note_about_treatment_is_no_question(note: str) -> None:
    assert looks_personal(note) is None


@pytest.mark.parametrize("note", NAMES)
def test_a_note_with_a_name_is_noticed(note: str) -> None:
    assert looks_personal(note) is Personal.NAME


@pytest.mark.parametrize("note", PHONES)
def test_a_note_with_a_phone_number_is_noticed(note: str) -> None:
    assert looks_personal(note) is Personal.PHONE


@pytest.mark.parametrize("note", MAILS)
def test_a_note_with_a_mail_address_is_noticed(note: str) -> None:
    assert looks_personal(note) is Personal.MAIL


def test_an_empty_note_is_no_question() -> None:
    assert looks_personal("") is None
    assert looks_personal("...") is None
