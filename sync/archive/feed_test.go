package archive

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/record"
	"vereda/sync/device"
)

// testFeedLaw: however entries come, and however often a device asks for however little, it gets everything that concerns it
// once: all forms, and the revisions of others in the interviews it took part in.
func testFeedLaw(t *testing.T, open opener) {
	rapid.Check(t, func(rt *rapid.T) {
		a := open(t, t.TempDir(), testOptions())
		defer a.Close()
		publish(t, a, "1", householdForm)
		people, written := []device.Claims{ana, beto, carla}, map[string]uint64{}
		var all []record.Revision
		var got []string
		var cursor uint64
		poll := func(n, size int) int {
			list, next, err := a.Since(background, ana, cursor, n, size)
			if err != nil {
				rt.Fatal(err)
			}
			for _, e := range list {
				got = append(got, e.ID().String())
			}
			cursor = next
			return len(list)
		}
		for range rapid.IntRange(1, 25).Draw(rt, "acts") {
			switch act := rapid.IntRange(0, 9).Draw(rt, "act"); {
			case act < 6:
				who := rapid.SampledFrom(people).Draw(rt, "who")
				interview := rapid.IntRange(1, 3).Draw(rt, "interview")
				key := fmt.Sprint(who.Name, interview)
				written[key]++
				r := ofVersion(t, revise(t, who, interview, written[key], nil, "head=x"), rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "version"))
				all = append(all, r)
				receive(t, a, carla, r.Entry())
			case act < 9:
				poll(rapid.IntRange(1, 3).Draw(rt, "n"), rapid.IntRange(1, 1000).Draw(rt, "size"))
			default:
				publish(t, a, "2", householdForm) // releases what waited
			}
		}
		publish(t, a, "2", householdForm)
		for poll(2, 1<<20) > 0 {
		}
		slices.Sort(got)
		if wanted := concern(t, ana, all); !slices.Equal(got, wanted) {
			rt.Fatalf("got %d entries, want %d:\n%v\n%v", len(got), len(wanted), got, wanted)
		}
		wantSound(t, a)
	})
}

// concern returns, plainly, the sorted IDs of what concerns a device.
func concern(t *testing.T, who device.Claims, all []record.Revision) (ids []string) {
	ids = append(ids, entry(t, record.KindForm, formVersion("1", householdForm)).ID().String(), entry(t, record.KindForm, formVersion("2", householdForm)).ID().String())
	for _, r := range all {
		tookPart := slices.ContainsFunc(all, func(own record.Revision) bool {
			return own.Interview == r.Interview && own.Device == string(who.ID())
		})
		if tookPart && r.Device != string(who.ID()) {
			ids = append(ids, r.ID.String())
		}
	}
	slices.Sort(ids)
	return ids
}

// FuzzEntry: whatever an entry is, it is understood or there is a reason, and storing it fails never.
func FuzzEntry(f *testing.F) {
	f.Add("revision", []byte(`{"v":1}`))
	f.Add("form", []byte(`{"v":1,"form":"household","version":"2","name":"x.xlsx","source":"aGVhZCB0ZXh0Cg=="}`))
	f.Add("revocation", []byte(`{"v":1,"device":"X"}`))
	f.Add("verdict", []byte("\x00\xff"))
	f.Add("", []byte(nil))
	a := openSQLite(f, f.TempDir(), testOptions())
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		e := record.Entry{Kind: kind, Body: body}
		statuses := receive(t, a, carla, e)
		if statuses[0] == "" || len(statuses) != 1 {
			t.Errorf("no status for %q", body)
		}
		if kept, err := a.Entry(background, e.ID()); err != nil || string(kept.Body) != string(body) {
			t.Errorf("kept %q, %v", kept.Body, err)
		}
	})
}
