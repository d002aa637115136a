package record

import "time"

// Settlement is what a collector answered to one batch of a device.
type Settlement struct {
	Archive  string // ID of the collector's archive
	Name     string // what the collector is called; may be empty
	Device   string // who sealed the batch
	Batch    ID
	Receipts []Receipt // of the batch's entries, in their order
	Central  bool      // the project's key signed it: the central collector has the entries
	At       time.Time // by the device's clock
}

// Coverage is what the central collector signed about a batch that reached it by another way than straight from its device.
type Coverage struct {
	Archive  string    // ID of the central collector's archive
	Device   string    // who sealed the batch
	Batch    ID        // zero: only files are covered
	Receipts []Receipt // of the batch's entries, in their order; Entry is zero: who sealed the batch knows
	Media    []ID      // files that are there whole
	At       time.Time // when it came, by the device's clock
}
