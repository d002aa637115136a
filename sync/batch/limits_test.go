package batch

import (
	"encoding/binary"
	"strings"
	"testing"

	"vereda/survey/record"
)

// So many columns, and so many letters of a kind, are taken, and not one more.
func TestLimitsOfColumnsAndKinds(t *testing.T) {
	for n, taken := range map[int]bool{maxColumns: true, maxColumns + 1: false} {
		b := binary.AppendUvarint(append([]byte{}, columnsMagic...), uint64(n))
		b = append(b, strings.Repeat("\x00", 2*n)...) // columns without a piece or a key
		if _, err := fromColumns(b); (err == nil) != taken {
			t.Errorf("%d columns: %v", n, err)
		}
	}
	for n, taken := range map[int]bool{maxKind: true, maxKind + 1: false} {
		if err := validEntry(record.Entry{Kind: strings.Repeat("k", n), Body: []byte("{}")}); (err == nil) != taken {
			t.Errorf("a kind of %d letters: %v", n, err)
		}
	}
}
