package record

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var (
	saidAt = time.Date(2026, 11, 23, 14, 5, 0, 123_000_000, time.FixedZone("", -5*3600))
	carlas = Said{By: "Carla", Device: "K7QM-2XRA", At: saidAt}
	one    = uuid.MustParse("019d6f3a-7c00-7abc-8def-0123456789ab")
	two    = uuid.MustParse("019d6f3a-7c00-7abc-8def-0123456789ac")
)

// What is said, in the bytes of docs/revision-format.md.
func TestWhatIsSaidIsWrittenSo(t *testing.T) {
	after := Said{Device: "D", At: saidAt.UTC(), After: []ID{{2}, {1}, {2}}}
	for _, c := range []struct {
		entry func() (Entry, error)
		want  string
	}{
		{Verdict{Interview: one, Knows: Vector{"A": 2}, Decision: Returned, Comments: []Comment{{Path: "grp/name", Text: "¿quién?"}}, Note: "look again", Said: carlas}.Entry,
			`verdict {"v":1,"interview":"019d6f3a-7c00-7abc-8def-0123456789ab","knows":{"A":2},"decision":"returned","comments":[{"path":"grp/name","text":"¿quién?"}],"note":"look again","by":"Carla","device":"K7QM-2XRA","at":"2026-11-23T14:05:00.123-05:00"}`},
		{Assignment{Assignment: two, Form: "household", EA: "07", Household: "12", Assignee: "X", Due: "2026-11-30", Answers: map[Path]string{"grp/b": "2", "a": "1"}, Said: carlas}.Entry,
			`assignment {"v":1,"assignment":"019d6f3a-7c00-7abc-8def-0123456789ac","form":"household","ea":"07","household":"12","assignee":"X","due":"2026-11-30","answers":{"a":"1","grp/b":"2"},"by":"Carla","device":"K7QM-2XRA","at":"2026-11-23T14:05:00.123-05:00"}`},
		{Setting{Name: "photos", Value: []byte(`{"link": "wifi"}`), Said: carlas}.Entry,
			`setting {"v":1,"name":"photos","value":{"link":"wifi"},"by":"Carla","device":"K7QM-2XRA","at":"2026-11-23T14:05:00.123-05:00"}`},
		{Duplicate{A: two, B: one, Decision: Same, Keep: two, Said: after}.Entry,
			`duplicate {"v":1,"a":"019d6f3a-7c00-7abc-8def-0123456789ab","b":"019d6f3a-7c00-7abc-8def-0123456789ac","decision":"same","keep":"019d6f3a-7c00-7abc-8def-0123456789ac","device":"D","at":"2026-11-23T19:05:00.123Z","after":["` +
				ID{1}.String() + `","` + ID{2}.String() + `"]}`},
	} {
		e, err := c.entry()
		if got := e.Kind + " " + string(e.Body); err != nil || got != c.want {
			t.Errorf("%v\n%s\n%s", err, got, c.want)
		}
	}
}

// Each break of a rule has its code.
func TestWhatIsSaidIsRefused(t *testing.T) {
	verdict := `{"v":1,"interview":"019d6f3a-7c00-7abc-8def-0123456789ab","decision":"approved","device":"D","at":"2026-11-23T14:05:00Z"`
	duplicate := `{"v":1,"a":"019d6f3a-7c00-7abc-8def-0123456789ab","b":"019d6f3a-7c00-7abc-8def-0123456789ac","device":"D","at":"2026-11-23T14:05:00Z"`
	for _, c := range []struct{ kind, body, want string }{
		{KindVerdict, verdict + `}`, "<nil>"},
		{KindVerdict, verdict + `,"later":{"x":[1]}}`, "<nil>"},
		{KindVerdict, verdict, "not-json "},
		{KindVerdict, verdict + "\n}", "not-json "},
		{KindVerdict, `{"v":2}`, "unknown-version v"},
		{KindVerdict, `{}`, "bad-shape v"},
		{KindVerdict, `{"v":1}`, "bad-shape interview"},
		{KindVerdict, strings.Replace(verdict, "approved", "same", 1) + `}`, "bad-value decision"},
		{KindVerdict, verdict + `,"decision":"returned"}`, "bad-shape decision"},
		{KindVerdict, verdict + `,"comments":[{"path":"a"}]}`, "bad-shape comments"},
		{KindVerdict, verdict + `,"comments":[{"path":"../a","text":"x"}]}`, "bad-path comments"},
		{KindVerdict, verdict + `,"comments":[{"text":"x","text":"y"}]}`, "bad-shape comments"},
		{KindVerdict, verdict + `,"comments":[` + strings.Repeat(`{"text":"x"},`, MaxComments) + `{"text":"x"}]}`, "too-many comments"},
		{KindVerdict, verdict + `,"note":"` + strings.Repeat("x", MaxText+1) + `"}`, "too-large note"},
		{KindVerdict, verdict + `,"note":"` + strings.Repeat("x", MaxSaid) + `"}`, "too-large "},
		{KindVerdict, verdict + `,"after":["` + ID{2}.String() + `","` + ID{1}.String() + `"]}`, "bad-shape after"},
		{KindVerdict, strings.Replace(verdict, `"D"`, `""`, 1) + `}`, "bad-name device"},
		{KindAssignment, `{"v":1,"assignment":"019d6f3a-7c00-7abc-8def-0123456789ab","form":"f","due":"30.11.2026","device":"D","at":"2026-11-23T14:05:00Z"}`, "bad-value due"},
		{KindAssignment, `{"v":1,"assignment":"019d6f3a-7c00-7abc-8def-0123456789ab","form":"f","answers":{"a":"1","a":"2"},"device":"D","at":"2026-11-23T14:05:00Z"}`, "bad-shape answers"},
		{KindSetting, `{"v":1,"name":"x","value":"` + strings.Repeat("x", MaxValue) + `","device":"D","at":"2026-11-23T14:05:00Z"}`, "too-large value"},
		{KindDuplicate, duplicate + `,"decision":"same","keep":"019d6f3a-7c00-7abc-8def-0123456789ac"}`, "<nil>"},
		{KindDuplicate, duplicate + `,"decision":"different","keep":"019d6f3a-7c00-7abc-8def-0123456789ac"}`, "bad-value keep"},
		{KindDuplicate, strings.Replace(duplicate, "ac", "ab", 1) + `,"decision":"same"}`, "bad-value b"},
	} {
		_, err := parseKind(c.kind, []byte(c.body))
		got := "<nil>"
		var e *EntryError
		if errors.As(err, &e) {
			got = fmt.Sprint(e.Code, " ", e.Field)
		}
		if got != c.want {
			t.Errorf("%.200s\n%s, not %s (%v)", c.body, got, c.want, err)
		}
	}
}

// parseKind reads what is said, of any kind, and returns how to write it again.
func parseKind(kind string, raw []byte) (func() (Entry, error), error) {
	switch kind {
	case KindVerdict:
		v, err := ParseVerdict(raw)
		return v.Entry, err
	case KindAssignment:
		v, err := ParseAssignment(raw)
		return v.Entry, err
	case KindSetting:
		v, err := ParseSetting(raw)
		return v.Entry, err
	}
	v, err := ParseDuplicate(raw)
	return v.Entry, err
}

// What is read can be written, and is the same when it is read again.
func FuzzSaid(f *testing.F) {
	kinds := []string{KindVerdict, KindAssignment, KindSetting, KindDuplicate}
	for i, e := range []func() (Entry, error){
		Verdict{Interview: one, Knows: Vector{"A": 2}, Decision: Returned, Comments: []Comment{{Path: "a", Text: "x"}}, Said: carlas}.Entry,
		Assignment{Assignment: two, Form: "f", Due: "2026-11-30", Call: saidAt, Answers: map[Path]string{"a": "1"}, Withdrawn: true, Said: carlas}.Entry,
		Setting{Name: "keep", Value: []byte(`30`), Said: carlas}.Entry,
		Duplicate{A: one, B: two, Decision: Undecided, Said: carlas}.Entry,
	} {
		e, err := e()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, e.Body)
	}
	f.Add(0, []byte(`{"v":1,"at":"0000-01-01T00:00:00+24:00"}`))
	f.Fuzz(func(t *testing.T, which int, raw []byte) {
		kind := kinds[((which%len(kinds))+len(kinds))%len(kinds)]
		write, err := parseKind(kind, raw)
		var problem *EntryError
		if err != nil {
			if !errors.As(err, &problem) || problem.Code == "" || problem.Kind != kind {
				t.Fatalf("not an EntryError: %v", err)
			}
			return
		}
		e, err := write()
		if err != nil {
			if !errors.As(err, &problem) {
				t.Fatal(err)
			}
			return // a time that JSON cannot carry
		}
		again, err := parseKind(kind, e.Body)
		if err != nil {
			t.Fatalf("%s\n%s: %v", raw, e.Body, err)
		}
		if third, err := again(); err != nil || !bytes.Equal(third.Body, e.Body) {
			t.Fatalf("%s\n%s\n%v", e.Body, third.Body, err)
		}
	})
}

// Standing depends on the set alone; a statement that knew all others stands by itself.
func TestStanding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := map[ID]Said{}
		var ids []ID
		for i := range rapid.IntRange(0, 8).Draw(t, "statements") {
			id := ID{byte(i + 1)}
			var after []ID
			for _, before := range ids {
				if rapid.Bool().Draw(t, "knew") {
					after = append(after, before)
				}
			}
			all[id], ids = Said{After: after}, append(ids, id)
		}
		stands := Standing(all)
		if len(all) > 0 && len(stands) == 0 {
			t.Fatal("nothing stands")
		}
		for id := range all {
			known := false
			for _, other := range all {
				for _, a := range other.After {
					known = known || a == id
				}
			}
			if in := bytes.Contains(flat(stands), id[:1]); in == known {
				t.Fatalf("%v: stands %t, known to another %t", id, in, known)
			}
		}
		all[ID{99}] = Said{After: ids}
		if now := Standing(all); !reflect.DeepEqual(now, []ID{{99}}) {
			t.Fatal(now)
		}
	})
}

func flat(ids []ID) (b []byte) {
	for _, id := range ids {
		b = append(b, id[0])
	}
	return b
}

// What stands together: returned beats approved, undecided beats both, of an assignment the greatest ID counts.
func TestWhatStandsTogether(t *testing.T) {
	approved, returned := Verdict{Decision: Approved}, Verdict{Decision: Returned}
	decision, stands := StandingVerdict(map[ID]Verdict{{1}: returned, {2}: approved})
	if decision != Returned || len(stands) != 2 {
		t.Error(decision, stands)
	}
	approved.After = []ID{{1}}
	if decision, stands = StandingVerdict(map[ID]Verdict{{1}: returned, {2}: approved}); decision != Approved || len(stands) != 1 {
		t.Error(decision, stands)
	}
	if decision, stands = StandingVerdict(nil); decision != "" || stands != nil {
		t.Error(decision, stands)
	}
	d, stands, disputed := StandingDuplicate(map[ID]Duplicate{{1}: {A: one, B: two, Decision: Same, Keep: one}, {2}: {A: one, B: two, Decision: Different}})
	if d.Decision != Undecided || d.Keep != uuid.Nil || !disputed || len(stands) != 2 || d.A != one {
		t.Error(d, stands, disputed)
	}
	a, _, disputed := StandingAssignment(map[ID]Assignment{{1}: {Assignee: "A"}, {2}: {Assignee: "B"}})
	if a.Assignee != "B" || !disputed {
		t.Error(a, disputed)
	}
	if _, _, disputed = StandingAssignment(map[ID]Assignment{{1}: {Assignee: "A", Said: carlas}, {2}: {Assignee: "A"}}); disputed {
		t.Error("two that say the same dispute nothing")
	}
	s, stands, disputed := StandingSetting(map[ID]Setting{{1}: {Value: []byte("1")}, {2}: {Value: []byte("2")}})
	if string(s.Value) != "2" || !disputed || len(stands) != 2 {
		t.Error(s, disputed)
	}
}

// Where an interview stands, along a story.
func TestJudge(t *testing.T) {
	first := Revision{Body: Body{Device: "A", N: 1, Final: true}}
	second := Revision{Body: Body{Device: "A", N: 2, Final: true, Verdicts: []ID{{1}}}}
	backup := Revision{Body: Body{Device: "A", N: 2, Verdicts: []ID{{1}}}}
	other := Revision{Body: Body{Device: "B", N: 1, Final: true}}
	back := Verdict{Decision: Returned, Knows: Vector{"A": 1}}
	fine := Verdict{Decision: Approved, Knows: Vector{"A": 2}, Said: Said{After: []ID{{1}}}}
	for _, c := range []struct {
		revisions []Revision
		verdicts  map[ID]Verdict
		want      State
	}{
		{[]Revision{first}, nil, ""},
		{[]Revision{first}, map[ID]Verdict{{1}: back}, StateReturned},
		{[]Revision{first, backup}, map[ID]Verdict{{1}: back}, StateReturned},
		{[]Revision{first, second}, map[ID]Verdict{{1}: back}, StateCorrected},
		{[]Revision{first, second}, map[ID]Verdict{{1}: back, {2}: fine}, StateApproved},
		{[]Revision{first, second, other}, map[ID]Verdict{{1}: back, {2}: fine}, StateChanged},
		{[]Revision{first, second}, map[ID]Verdict{{1}: back, {2}: fine, {3}: {Decision: Returned}}, StateReturned},
	} {
		if got := Judge(c.revisions, c.verdicts); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

// A revision names the visit it came of and the verdicts its author knew.
func TestARevisionKnowsVerdicts(t *testing.T) {
	b := Body{Interview: one, Form: "f", Device: "D", N: 1, At: saidAt, Assignment: two, Verdicts: []ID{{9}, {3}, {9}}}
	r, err := Seal(b)
	if err != nil || r.Assignment != two || !reflect.DeepEqual(r.Verdicts, []ID{{3}, {9}}) {
		t.Fatal(r, err)
	}
	if want := `"assignment":"` + two.String() + `","verdicts":["` + (ID{3}).String() + `","` + (ID{9}).String() + `"]}`; !bytes.HasSuffix(r.Bytes(), []byte(want)) {
		t.Errorf("%s", r.Bytes())
	}
	h := NewHistory(one)
	if _, err := h.Add(r); err != nil || h.Merge().Assignment != two {
		t.Error(h.Merge().Assignment, err)
	}
	var e *RevisionError
	bad := bytes.Replace(r.Bytes(), []byte(ID{3}.String()), []byte(ID{10}.String()), 1)
	if _, err := ParseRevision(bad); !errors.As(err, &e) || e.Code != BadShape || e.Field != "verdicts" {
		t.Error(err)
	}
}
