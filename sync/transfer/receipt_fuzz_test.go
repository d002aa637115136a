package transfer_test

import (
	"math/rand/v2"
	"testing"

	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// FuzzReadReceipt: what comes down as a receipt is one that the project signed, or an error; never a panic, nor memory that nobody pays for.
func FuzzReadReceipt(f *testing.F) {
	project, err := device.NewKey(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		f.Fatal(err)
	}
	batch := record.Entry{Body: []byte("batch")}.ID().String()
	for _, r := range []device.Receipt{
		{Archive: "A", Device: "D", Batch: batch, Runs: []device.Run{{Status: "stored", Count: 49}, {Status: "refused", Count: 1, Reason: "role"}}},
		{Archive: "A", Device: "D", Media: []string{batch}},
		{Archive: "A", Device: "D", Batch: batch, Runs: []device.Run{{Status: "stored", Count: 1 << 40}}},
		{Archive: "A", Device: "D", Batch: batch, Runs: []device.Run{{Status: "stored", Count: -1}}},
		{Archive: "A", Device: "D", Batch: "xyz"},
		{Device: "D", Batch: batch},
	} {
		statement, err := device.SignReceipt(project, r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(statement)
		f.Add(statement[:len(statement)/2])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := transfer.ReadReceipt(b, project.Public())
		if err != nil {
			return
		}
		if c.Archive == "" || len(c.Receipts) > 1<<20 {
			t.Fatalf("%+v", c)
		}
		if _, err := transfer.ReadReceipt(append(b, ' '), project.Public()); err == nil {
			t.Fatal("a byte more is taken for the same")
		}
	})
}
