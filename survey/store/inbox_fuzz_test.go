package store

import (
	"slices"
	"testing"

	"vereda/survey/record"
)

// Whatever a collector brings is taken or set aside whole, and the store goes on.
func FuzzAccept(f *testing.F) {
	s, _ := fresh(f)
	id := begin(f, s, 1, record.Answers{"head": record.NewText("Rosa")})
	r := finalize(f, s, id, "A", true)
	at := `"by":"Carla","device":"K7QM-2XRA","at":"2026-11-23T14:05:00.123-05:00"}`
	for kind, body := range map[string]string{
		record.KindForm:       `{"v":1,"form":"f","version":"2","name":"f.xlsx","source":"UEs=","files":[{"name":"towns.csv","sha256":"` + record.ID{1}.String() + `","size":3,"type":"text/csv"}]}`,
		record.KindRevision:   string(r.Bytes()),
		record.KindRevocation: `{"v":1,"device":"B"}`,
		record.KindVerdict:    `{"v":1,"interview":"` + id.String() + `","knows":{"A":1},"decision":"returned","comments":[{"path":"head","text":"?"}],` + at,
		record.KindAssignment: `{"v":1,"assignment":"` + interviewID(9).String() + `","form":"household","household":"12","assignee":"A",` + at,
		record.KindSetting:    `{"v":1,"name":"keep","value":30,` + at,
		record.KindDuplicate:  `{"v":1,"a":"` + id.String() + `","b":"` + interviewID(9).String() + `","decision":"same",` + at,
		record.KindReceipt:    `{"receipt":{"v":1},"signature":""}`,
		"of-2031":             `[]`,
	} {
		f.Add(kind, []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if slices.Contains([]byte(kind), 0) {
			return // no batch has such a kind
		}
		e := record.Entry{Kind: kind, Body: body}
		for range 2 {
			must(t, s.Accept([]record.Entry{e}, "C", 1))
		}
		known := slices.Contains([]string{record.KindForm, record.KindRevision, record.KindRevocation, record.KindVerdict, record.KindAssignment, record.KindSetting}, kind)
		id, aside := e.ID(), false
		must(t, s.view(func(tx *transaction) error {
			aside = tx.Bucket(bucketSeen).Get(append(id[:], kind...)) != nil
			return nil
		}))
		if !known && !aside {
			t.Fatalf("%q is neither taken nor set aside", kind)
		}
		_, err := s.Interviews()
		must(t, err)
	})
}
