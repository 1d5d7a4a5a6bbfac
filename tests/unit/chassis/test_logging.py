from services.chassis.logging import refuse_personal_fields


def test_a_field_that_speaks_of_a_person_never_reaches_the_log() -> None:
    event = refuse_personal_fields(None, "info", {"event": "saved", "name": "髙橋 みのり", "case_id": "1"})
    assert event == {"event": "saved", "case_id": "1", "dropped_fields": ["name"]}
