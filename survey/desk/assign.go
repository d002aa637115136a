package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Household names the household that an assignment is about. One has at most one assignment to a form.
type Household struct{ Form, EA, Number string }

// assignments is the name space of their IDs.
var assignments = uuid.MustParse("6f0c3f0e-6d0b-5a52-9d0e-2c1f4f9f7a10")

// ID is the same wherever the household is assigned: two coordinators who do so at once speak of one assignment.
func (h Household) ID() uuid.UUID {
	return uuid.NewSHA1(assignments, []byte(h.Form+"\x00"+h.EA+"\x00"+h.Number))
}

// Assigned counts what Assign did.
type Assigned struct{ New, Changed, Same int }

// Assign says who is to visit which household. An assignment that is there as it is said changes nothing; one that differs is said anew, in knowledge
// of what was said. One that was withdrawn and stands in tasks is there again. All is stored or nothing.
func (d *Desk) Assign(ctx context.Context, by string, tasks []Task) (n Assigned, err error) {
	var entries []record.Entry
	for _, t := range tasks {
		e, before, err := d.say(ctx, by, t.Household.ID(), func(record.Assignment) record.Assignment { return t.assignment() })
		switch {
		case err != nil:
			return Assigned{}, err
		case e.Kind == "":
			n.Same++
			continue
		case before:
			n.Changed++
		default:
			n.New++
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return n, nil
	}
	return n, d.Archive.Put(ctx, entries...)
}

// Withdraw takes assignments back: nobody is to visit these households any more. Those that are not there, or withdrawn, count as the same.
func (d *Desk) Withdraw(ctx context.Context, by string, ids ...uuid.UUID) (n Assigned, err error) {
	return d.change(ctx, by, ids, func(a record.Assignment) record.Assignment { a.Withdrawn = true; return a })
}

// HandOver gives assignments to another device; "": to nobody.
func (d *Desk) HandOver(ctx context.Context, by, device string, ids ...uuid.UUID) (n Assigned, err error) {
	return d.change(ctx, by, ids, func(a record.Assignment) record.Assignment { a.Assignee, a.Person = device, ""; return a })
}

// Schedule says until when assignments are due ("2026-11-30"; "" for no day), and when the household wants to be called on (zero: nothing agreed).
func (d *Desk) Schedule(ctx context.Context, by, due string, call time.Time, ids ...uuid.UUID) (n Assigned, err error) {
	return d.change(ctx, by, ids, func(a record.Assignment) record.Assignment { a.Due, a.Call = due, call; return a })
}

func (d *Desk) change(ctx context.Context, by string, ids []uuid.UUID, change func(record.Assignment) record.Assignment) (n Assigned, err error) {
	var entries []record.Entry
	for _, id := range ids {
		e, before, err := d.say(ctx, by, id, change)
		if err != nil {
			return Assigned{}, err
		}
		if !before || e.Kind == "" {
			n.Same++
			continue
		}
		n.Changed++
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return n, nil
	}
	return n, d.Archive.Put(ctx, entries...)
}

// say makes the next statement about an assignment; none when it says what holds.
func (d *Desk) say(ctx context.Context, by string, id uuid.UUID, change func(record.Assignment) record.Assignment) (e record.Entry, before bool, err error) {
	now, err := d.Archive.Assignment(ctx, id)
	switch err = coded(err); {
	case errors.Is(err, ErrNotFound):
		now = fieldwork.Assignment{}
	case err != nil:
		return e, false, err
	default:
		before = true
	}
	next := change(now.Assignment)
	next.Assignment = id
	if next.Form == "" || before && !now.Disputed && sameTask(now.Assignment, next) {
		return e, before, nil
	}
	next.Said = d.said(by, now.Stands)
	e, err = next.Entry()
	return e, before, err
}

// sameTask reports whether two statements say the same.
func sameTask(a, b record.Assignment) bool {
	return a.Form == b.Form && a.EA == b.EA && a.Household == b.Household && a.Person == b.Person && a.Assignee == b.Assignee && a.Due == b.Due &&
		a.Call.Equal(b.Call) && a.Note == b.Note && a.Withdrawn == b.Withdrawn && maps.Equal(a.Answers, b.Answers)
}

// Task is a household to be visited.
type Task struct {
	Household
	Device  string // whose it is; "": nobody's
	Person  string // who is to visit, where no device is named
	Due     string // 2026-11-30
	Call    time.Time
	Note    string
	Answers map[record.Path]string
}

func (t Task) assignment() record.Assignment {
	return record.Assignment{Form: t.Form, EA: t.EA, Household: t.Number, Person: t.Person, Assignee: t.Device, Due: t.Due, Call: t.Call, Note: t.Note, Answers: t.Answers}
}

// active returns the devices that assignments may be given to, by name.
func active(devices []fieldwork.Device) []fieldwork.Device {
	return slices.DeleteFunc(slices.Clone(devices), func(x fieldwork.Device) bool { return x.Revoked || x.Role == "collector" })
}
