package archive

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// numbers are the interviews of a list, by the numbers of interviewID.
func numbers(list []fieldwork.Interview) string {
	var text []string
	for _, i := range list {
		text = append(text, fmt.Sprint(i.ID[15]))
	}
	return strings.Join(text, " ")
}

// testReceivedLast: the list follows this collector's clock, never a tablet's; what is exported stands by ID.
func testReceivedLast(t *testing.T, open opener) {
	o, now := testOptions(), clock()
	o.Now = func() time.Time { return now }
	a := open(t, t.TempDir(), o)
	publish(t, a, "1", householdForm)
	list := func() string {
		all, err := a.Interviews(background, fieldwork.Filter{})
		wantError(t, err, nil)
		return numbers(all)
	}
	receive(t, a, ana, revise(t, ana, 20, 1, nil, "head=Rosa").Entry(), revise(t, ana, 21, 1, nil, "head=Ines").Entry())
	now = now.Add(time.Minute)
	receive(t, a, beto, revise(t, beto, 1, 1, nil, "head=Luz").Entry()) // its clock is years slow: so is its ID
	want(t, list(), "1 21 20")
	now = now.Add(time.Minute)
	receive(t, a, ana, revise(t, ana, 20, 2, nil, "age=30").Entry())
	want(t, list(), "20 1 21")
	want(t, dump(t, a), `
		#1  v1 by=Beto final=true conflicts=0: head=Luz
		#20  v1 by=Ana final=true conflicts=0: age=30 head=Rosa
		#21  v1 by=Ana final=true conflicts=0: head=Ines`)
	wantError(t, a.Reindex(background), nil)
	want(t, list(), "20 1 21")
}

// every filter that lists offer, and their combinations.
func everyFilter() (all []fieldwork.Filter) {
	for _, form := range []string{"", "household", "school"} {
		for _, device := range []string{"", string(ana.ID()), string(beto.ID())} {
			for _, state := range []record.State{"", fieldwork.ToReview, record.StateReturned, record.StateApproved, record.StateCorrected, record.StateChanged} {
				for n := range 4 {
					all = append(all, fieldwork.Filter{Form: form, Device: device, State: state, Conflicts: n&1 > 0, Incomplete: n&2 > 0})
				}
			}
		}
	}
	return all
}

// lets tells what a filter lets through, plainly.
func lets(f fieldwork.Filter, i fieldwork.Interview) bool {
	toReview := i.Final && slices.Contains([]record.State{"", record.StateCorrected, record.StateChanged}, i.State)
	return (f.Form == "" || i.Form == f.Form) && (f.Device == "" || i.Device == f.Device) && (!f.Conflicts || i.Conflicts > 0) && (!f.Incomplete || i.Incomplete) &&
		(f.State == "" || i.State == f.State || f.State == fieldwork.ToReview && toReview)
}

// testPagesLaw: whatever the filter and the size of the pages, they hold all that it lets through, each interview once, in the order of the whole list.
func testPagesLaw(t *testing.T, open opener) {
	o, now := testOptions(), clock()
	o.Now = func() time.Time { return now }
	a := open(t, t.TempDir(), o)
	ids := mixedWork(t, a, func() { now = now.Add(time.Minute) })
	var whole []fieldwork.Interview
	for _, id := range ids {
		s, err := a.Story(background, id)
		wantError(t, err, nil)
		whole = append(whole, s.Interview)
	}
	slices.SortFunc(whole, func(a, b fieldwork.Interview) int {
		return cmp.Or(b.Received.Compare(a.Received), strings.Compare(b.ID.String(), a.ID.String()))
	})
	for _, f := range everyFilter() {
		var through []fieldwork.Interview
		for _, i := range whole {
			if lets(f, i) {
				through = append(through, i)
			}
		}
		n, err := a.Total(background, f)
		want(t, fmt.Sprintln(n, err), fmt.Sprintln(len(through), nil))
		for _, f.Limit = range []int{1, 2, 7} {
			want(t, numbers(allPages(t, a, f)), numbers(through))
		}
	}
}

func allPages(t *testing.T, a *Archive, f fieldwork.Filter) (list []fieldwork.Interview) {
	t.Helper()
	for {
		page, err := a.Interviews(background, f)
		wantError(t, err, nil)
		list = append(list, page...)
		if len(page) < f.Limit {
			return list
		}
		f.Behind = page[len(page)-1].Place()
	}
}

// mixedWork receives interviews of all kinds, some of them at the same moment, not in the order of their IDs.
func mixedWork(t *testing.T, a *Archive, tick func()) (ids []uuid.UUID) {
	publish(t, a, "1", householdForm)
	err := a.Publish(background, record.FormVersion{V: 1, Form: "school", Version: "1", Name: "school.xlsx", Source: []byte("head text\n")})
	wantError(t, err, nil)
	for n := range 48 {
		if n%3 == 0 {
			tick()
		}
		who, number := ana, n*29%48+1
		if n%5 == 0 {
			who = beto
		}
		body := revise(t, who, number, 1, nil, "head=x").Body
		if n%4 == 0 {
			body.Form = "school"
		}
		first, err := record.Seal(body)
		wantError(t, err, nil)
		entries := []record.Entry{first.Entry()}
		body = revise(t, carla, number, uint64(1+n/8%2), nil, "head=y").Body // the second of a device whose first has not come, or nobody knew of the other
		body.Form = first.Body.Form
		if other, err := record.Seal(body); n%7 == 0 && err == nil {
			entries = append(entries, other.Entry())
		}
		receive(t, a, carla, entries...)
		if d := []record.Decision{record.Returned, record.Approved, ""}[n%3]; d != "" && n%2 == 0 {
			wantError(t, a.Put(background, said(t, verdictOn(number, d, record.Vector{body.Device: 1, string(who.ID()): 1}))), nil)
		}
		ids = append(ids, interviewID(number))
	}
	return ids
}

// Each page of a list is read along an index that has its order: nothing is sorted, and an interview that no filter lets through costs one look at most.
func TestListsAreReadInOrder(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	for _, f := range everyFilter() {
		if f == (fieldwork.Filter{}) {
			continue // read form by form
		}
		for _, f.Behind = range []fieldwork.Place{{}, {Received: clock(), ID: interviewID(1)}} {
			plan := planOf(t, a, f)
			if strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "interviews USING INDEX interviews_") {
				t.Errorf("%+v: %s", f, plan)
			}
		}
	}
	for want, f := range map[string]fieldwork.Filter{
		"SEARCH interviews USING INDEX interviews_received (form=? AND (received,id)<(?,?))": {Form: "household"},
		"SEARCH interviews USING INDEX interviews_device (device=? AND (received,id)<(?,?))": {Device: "x"},
		"SEARCH interviews USING INDEX interviews_state (state=? AND (received,id)<(?,?))":   {State: record.StateReturned},
		"SEARCH interviews USING INDEX interviews_review ((received,id)<(?,?))":              {State: fieldwork.ToReview},
		"SEARCH interviews USING INDEX interviews_disputed ((received,id)<(?,?))":            {Conflicts: true},
		"SEARCH interviews USING INDEX interviews_incomplete ((received,id)<(?,?))":          {Incomplete: true},
	} {
		f.Behind = fieldwork.Place{Received: clock(), ID: interviewID(1)}
		if plan := planOf(t, a, f); plan != want {
			t.Errorf("%+v: %s", f, plan)
		}
	}
}

// planOf asks how SQLite would read a page.
func planOf(t *testing.T, a *Archive, f fieldwork.Filter) string {
	t.Helper()
	f.Limit = 50
	query, args := listQuery(f)
	var steps []string
	err := a.read(background, "plan", func(tx *tx) error {
		return tx.each("EXPLAIN QUERY PLAN "+query, args, func(scan func(...any) error) error {
			var id, parent, unused int64
			var step string
			err := scan(&id, &parent, &unused, &step)
			steps = append(steps, step)
			return err
		})
	})
	wantError(t, err, nil)
	return strings.Join(steps, "; ")
}
