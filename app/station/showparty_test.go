package station

import (
	"encoding/json"
	"testing"

	"hejie/app/casework"
)

// TestShowPartyLeavesNothingOut: the API's party says what the document says.
func TestShowPartyLeavesNothingOut(t *testing.T) {
	const text = `{"id":"0190-1","side":"applicant","kind":"person","name":"李小样","sex":"male","ethnicity":"01","birth_date":"2012-05-01","id_kind":"passport","id_number":"E1",
"phone":"000-0000-0001","contact":"示例","address":"清溪镇","occupation":"学生","legal_representative":"示","agent":{"name":"例","kind":"lawyer","authority":"special","powers":["receive"],
"powers_note":"例","id_kind":"other","id_number":"例律1","phone":"000-0000-0002","until":"2027-01-01"},"needs":["minor"],"alias":"样样","contact_phone":"000-0000-0003","capacity":"limited",
"guardian":{"name":"李大样","relation":"parent","id_kind":"other","id_number":"1","phone":"000-0000-0004"},"represented_by":{"names":["李大样"],"may_settle":false,"chosen_on":"2026-03-10"},
"delivery":{"recipient":"李大样","address":"清溪镇","phone":"000-0000-0005","electronic":true,"electronic_to":"a@example.invalid","confirmed_on":"2026-03-10"}}`
	var p casework.Party
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	got := map[string]any{}
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	want["capacity_counts"] = "limited"
	shown, err := json.Marshal(showParty(p, "2026-03-09T09:00:00+08:00"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(shown, &got); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		t.Errorf("got  %s\nwant %s", b, a)
	}
	if p.Capacity = ""; showParty(p, "2031-01-01T00:00:00Z").CapacityCounts != "full" {
		t.Error("the age does not count")
	}
}
