package store

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"vereda/survey/record"
)

// archive is what is kept of a collector's archive.
type archive struct {
	Name   string    `json:",omitempty"` // what the collector is called
	Cursor uint64    `json:",omitempty"` // how far it was read
	Met    time.Time // when it last answered
}

// mostCursors is how many archives' cursors a tablet tells: those it met last.
const mostCursors = 16

func getArchive(tx *transaction, id string) (a archive, err error) {
	if err = getJSON(tx.Bucket(bucketArchives), []byte(id), &a); errors.Is(err, ErrNotFound) {
		err = nil
	}
	return a, err
}

// meet changes what is kept of an archive.
func meet(tx *transaction, id string, change func(*archive)) error {
	a, err := getArchive(tx, id)
	if err != nil {
		return err
	}
	change(&a)
	return putJSON(tx.Bucket(bucketArchives), []byte(id), a)
}

// metLast returns the archives by ID, the one that answered last first.
func metLast(tx *transaction) (ids []string, all map[string]archive, err error) {
	all = map[string]archive{}
	err = each(tx.Bucket(bucketArchives), nil, func(id, value []byte) error {
		var a archive
		err := decodeJSON(id, value, &a)
		all[string(id)] = a
		ids = append(ids, string(id))
		return err
	})
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(all[b].Met.Compare(all[a].Met), cmp.Compare(a, b))
	})
	return ids, all, err
}

// Cursors returns how far this tablet has read from each collector, by archive; of the sixteen that it met last.
func (s *Store) Cursors() (cursors map[string]uint64, err error) {
	cursors = map[string]uint64{}
	err = s.view(func(tx *transaction) error {
		ids, all, err := metLast(tx)
		for _, id := range ids[:min(len(ids), mostCursors)] {
			if all[id].Cursor > 0 {
				cursors[id] = all[id].Cursor
			}
		}
		return err
	})
	return cursors, err
}

// centre returns the archive of the project's central collector, "" while none is known.
func centre(tx *transaction) (string, error) {
	id, err := get(tx.Bucket(bucketMeta), keyCentre)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return string(id), err
}

// answeredBy names a receipt.
type answeredBy struct {
	entryKey
	archive string
}

// setCentre makes an archive the project's centre: what it has not covered is to be sent again, whatever another centre had: to hubs too, which
// may have passed it on long ago, in a batch that is not remembered any more. device is this tablet, which answers for its own revisions alone.
func setCentre(tx *transaction, id, device string) error {
	current, err := centre(tx)
	if err != nil || current == id {
		return err
	}
	if err := put(tx.Bucket(bucketMeta), keyCentre, []byte(id)); err != nil {
		return err
	}
	if err := clearPrefix(tx.Bucket(bucketThere), nil); err != nil {
		return err
	}
	covered := map[entryKey]bool{} // by the new centre; false: by another one
	var others []answeredBy
	err = eachReceipt(tx, nil, func(key entryKey, from string, r receipt) error {
		if r.Central {
			covered[key] = covered[key] || from == id
		} else {
			others = append(others, answeredBy{key, from})
		}
		return nil
	})
	for _, o := range others {
		here, once := covered[o.entryKey]
		if o.archive == id || once && !here { // what it said as a hub it shall say as the centre
			err = errors.Join(err, tx.Bucket(bucketReceipts).Delete(receiptKey(o.entryKey, o.archive)))
		}
	}
	if err != nil {
		return err
	}
	return rejudge(tx, covered, device)
}

// rejudge takes off the outbox what the new centre has covered, and puts back what only others have.
func rejudge(tx *transaction, covered map[entryKey]bool, device string) error {
	var back []record.Revision
	touched := touched{}
	for key, here := range covered {
		queued := tx.Bucket(bucketPlaces).Get(key[:]) != nil
		if here == !queued {
			continue
		}
		touched.add(key)
		if here {
			if err := dequeue(tx, key); err != nil {
				return err
			}
			continue
		}
		r, err := getRevision(tx, key)
		if errors.Is(err, ErrNotFound) {
			continue // forgotten
		}
		if err != nil {
			return err
		}
		if r.Device == device {
			back = append(back, r)
		}
	}
	slices.SortFunc(back, func(a, b record.Revision) int {
		return cmp.Or(slices.Compare(a.Interview[:], b.Interview[:]), cmp.Compare(a.N, b.N))
	})
	for _, r := range back {
		if err := enqueue(tx, r); err != nil {
			return err
		}
	}
	return touched.restate(tx)
}
