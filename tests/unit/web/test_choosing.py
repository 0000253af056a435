"""What the forms for properties and entities send, hostile fields included."""

from ontologie.web.choosing import excluded_of, feeds_of


def test_ticked_properties_are_grouped_by_object_type() -> None:
    form = {"excluded": ["contacts.email", "deals.amount", "contacts.phone", "contacts.a.b"]}
    assert excluded_of(form) == {"contacts": ("email", "phone", "a.b"), "deals": ("amount",)}


def test_what_names_no_property_is_left_out() -> None:
    assert excluded_of({"excluded": ["contacts", "contacts.", "", "."]}) == {}


def test_ticked_and_new_entities_are_taken_together() -> None:
    form = {"stream": ["contacts", "deals"], "feeds": ["contacts:Client"], "new-contacts": ["Person"]}
    form["new-deals"] = [" "]
    assert feeds_of(form) == {"contacts": ["Client", "Person"], "deals": []}


def test_a_name_may_hold_a_colon() -> None:
    assert feeds_of({"stream": ["deals"], "feeds": ["deals:Sales: Europe"]}) == {"deals": ["Sales: Europe"]}


def test_a_stream_that_the_form_did_not_show_is_not_touched() -> None:
    assert feeds_of({"stream": ["deals"], "feeds": ["contacts:Client", "nothing"]}) == {"deals": []}
