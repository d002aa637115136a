package archive

import (
	"errors"
	"fmt"
	"testing"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// Many batches are told of in their order: also one that needs a dictionary which comes before it, and one that is damaged.
func TestReceiveAll(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	batches := []*batch.Batch{batchOf(carla, entry(t, record.KindForm, formVersion("1", householdForm)))}
	for n := 1; n < 30; n++ {
		batches = append(batches, batchOf(ana, revise(t, ana, n, 1, nil, fmt.Sprintf("head=Rosa %d", n)).Entry()))
	}
	open := func(i int) (*batch.Batch, error) {
		versions, err := a.FormVersions(background)
		switch {
		case err != nil:
			return nil, err
		case i > 0 && len(versions) == 0:
			return nil, &batch.Error{Reason: batch.UnknownDictionary}
		case i == 7:
			return nil, &batch.Error{Reason: batch.Corrupt}
		}
		return batches[i], nil
	}
	next := 0
	err := a.ReceiveAll(background, "file", len(batches), open, func(i int, b *batch.Batch, receipts []record.Receipt, err error) error {
		if i != next {
			t.Errorf("told of %d after %d", i, next-1)
		}
		next++
		var refused *batch.Error
		switch {
		case i == 7 && errors.As(err, &refused) && refused.Reason == batch.Corrupt:
		case i == 7 || err != nil || b != batches[i] || len(receipts) != 1 || receipts[0].Status != record.Stored:
			t.Errorf("batch %d: %v, %v", i, receipts, err)
		}
		return nil
	})
	if err != nil || next != len(batches) {
		t.Fatalf("told of %d: %v", next, err)
	}
	wantSound(t, a)

	enough, told := errors.New("enough"), 0
	err = a.ReceiveAll(background, "file", len(batches), open, func(int, *batch.Batch, []record.Receipt, error) error {
		told++
		return enough
	})
	if err != enough || told != 1 {
		t.Errorf("told of %d: %v", told, err)
	}
}
