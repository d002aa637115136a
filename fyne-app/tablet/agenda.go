package tablet

import (
	"cmp"
	"math/rand"
	"slices"
	"time"

	"vereda/survey/interview"
	"vereda/survey/store"
	"vereda/sync/device"
)

// agenda is the assignments of this tablet's person.
type agenda struct{ tablet *Tablet }

// Assignments returns those of this device, and of the devices that it replaces.
func (a agenda) Assignments() ([]store.Assignment, error) {
	all, err := a.tablet.store.Assignments()
	mine := []device.ID{a.tablet.key.ID()}
	if m, ok := a.tablet.membership(); ok {
		if claims, err := m.Certificate.Unverified(); err == nil {
			mine = append(mine, claims.Replaces...)
		}
	}
	return slices.DeleteFunc(all, func(one store.Assignment) bool {
		return !slices.Contains(mine, device.ID(one.Assignee))
	}), err
}

// tidy does what can wait until everything was sent: it forgets what the central collector has had for long, and gives the drafts of
// another tablet their names. What cannot be done now is done the next time.
func (t *Tablet) tidy(now time.Time) {
	_, _ = t.store.Forget(now)
	all, err := t.store.Interviews()
	if err != nil {
		return
	}
	for _, i := range all {
		if i.Name != "" || i.State == store.Draft {
			continue
		}
		if name := t.nameOf(i); name != "" {
			_ = t.store.Name(i.ID, name)
		}
	}
}

// nameOf makes an interview's name of its answers; "" where it has none yet, or its form is not here.
func (t *Tablet) nameOf(i store.Interview) string {
	f, err := t.forms.Form(i.Form, i.Version)
	if err != nil {
		return ""
	}
	history, err := t.store.History(i.ID)
	if err != nil || history.Len() == 0 {
		return ""
	}
	env := interview.Env{Now: func() time.Time { return i.Changed }, Random: rand.New(rand.NewSource(1))}
	merged := history.Merge()
	session, err := interview.Reopen(f, env, merged.Answers, merged.Derived)
	if err != nil {
		return ""
	}
	return cmp.Or(session.Name(), f.Title)
}
