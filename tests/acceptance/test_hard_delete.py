"""A source that deletes hard keeps no row of what HubSpot deleted, merged or erased."""

from tests.lab import Lab


def test_what_is_gone_leaves_the_tables_and_a_restore_brings_it_back(lab: Lab, portal) -> None:
    account, url = portal(contacts=100, companies=20, deals=10, tickets=5)
    lab.add("hard", url, hard_delete=True)
    lab.sync("hard")
    marked = " or ".join(f"{name} is not null" for name in ("_archived_at", "_merged_into", "_purged_at"))
    ids = [item["id"] for item in account.truth() if item.get("type") == "contacts"]
    archived, restored, erased, survivor, merged = ids[10], ids[11], ids[20], ids[30], ids[31]
    events = account.events
    events.archive("contacts", archived)
    events.archive("contacts", restored)
    events.gdpr_delete("contacts", erased)
    events.merge("contacts", survivor, merged, "old_ids_gone")
    gone = f"({archived}, {restored}, {erased}, {merged})"
    assert len(lab.rows(f"select id from hubspot_hard.contacts where id in {gone}")) == 4
    lab.sync("hard", check=True)
    assert lab.rows(f"select id from hubspot_hard.contacts where id in {gone} or {marked}") == []
    ends = f"from_type = 1 and from_id in {gone} or to_type = 1 and to_id in {gone}"
    assert lab.rows(f"select from_id from hubspot_hard.associations where {ends}") == []
    assert lab.rows(f"select from_id::text from hubspot_hard.merges where from_id = {merged}") == [(str(merged),)]
    events.restore("contacts", restored)
    lab.sync("hard", check=True)
    assert lab.rows(f"select id::text from hubspot_hard.contacts where id in {gone}") == [(str(restored),)]
    assert lab.differences(account, "hard") == []
