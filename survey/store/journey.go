package store

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Journey says how far the finished interviews of a tablet have come, as their enumerator counts them.
type Journey struct {
	Central int     // the project's central collector has all of it
	Waiting int     // nobody else has all of it yet
	Refused int     // the central collector would not take it
	Drafts  int     // backups of drafts that nobody has yet
	Late    int     // of those with hubs, how many have been there for too long
	Relays  []Relay // hubs that have the rest, the one with most first
}

// Relay is a hub that has interviews of which the central collector has not said that it has them.
type Relay struct {
	Name       string // what the hub is called; its archive's ID where it said no name
	Interviews int
	Since      time.Time // when the first of them came there, by this device's clock
}

// Relayed returns how many interviews are on the way.
func (j Journey) Relayed() (n int) {
	for _, r := range j.Relays {
		n += r.Interviews
	}
	return n
}

// Journey returns how far the interviews have come. What came to a hub before a moment, and not further, is late.
func (s *Store) Journey(before time.Time) (j Journey, err error) {
	err = s.view(func(tx *transaction) error {
		j = Journey{}
		way, drafts, err := underway(tx)
		if err != nil {
			return err
		}
		j.Drafts = drafts
		relays := map[string]*Relay{}
		err = eachHeader(tx, func(h header) error {
			at, unfinished := way[h.ID]
			switch {
			case h.State == Draft && !unfinished, h.State == Handed, h.State == discarded:
			case h.State == Refused:
				j.Refused++
			case !unfinished:
				j.Central++
			case at.archive == "":
				j.Waiting++
			default:
				if relays[at.archive] == nil {
					relays[at.archive] = &Relay{Since: at.since}
				}
				r := relays[at.archive]
				r.Interviews++
				if at.since.Before(before) {
					j.Late++
				}
				if at.since.Before(r.Since) {
					r.Since = at.since
				}
			}
			return nil
		})
		if err == nil {
			j.Relays, err = named(tx, relays)
		}
		return err
	})
	return j, err
}

// leg is where an interview is on its way: with a hub, or ("") still here alone.
type leg struct {
	archive string
	since   time.Time
}

// underway returns the interviews of which a final revision is in the outbox, and how many backups wait that nobody has.
func underway(tx *transaction) (way map[uuid.UUID]leg, drafts int, err error) {
	way = map[uuid.UUID]leg{}
	err = eachWaiting(tx, func(w waiting) error {
		at, err := legOf(tx, w.entryKey)
		switch {
		case err != nil:
		case w.backup && at.archive == "":
			drafts++
		case w.backup:
		default:
			before, known := way[w.interview()]
			if !known || before.archive != "" && (at.archive == "" || at.since.After(before.since)) {
				way[w.interview()] = at
			}
		}
		return err
	})
	return way, drafts, err
}

// legOf returns the archive that took a revision first.
func legOf(tx *transaction, key entryKey) (at leg, err error) {
	err = eachReceipt(tx, key[:], func(_ entryKey, archive string, r receipt) error {
		if archive != "" && r.Status != record.Refused && (at.archive == "" || r.At.Before(at.since)) {
			at = leg{archive, r.At}
		}
		return nil
	})
	return at, err
}

func named(tx *transaction, relays map[string]*Relay) (list []Relay, err error) {
	for id, r := range relays {
		a, err := getArchive(tx, id)
		if err != nil {
			return nil, err
		}
		r.Name = cmp.Or(a.Name, id)
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Relay) int {
		return cmp.Or(cmp.Compare(b.Interviews, a.Interviews), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}
