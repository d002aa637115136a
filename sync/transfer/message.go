package transfer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// A body of an exchange, either way, is a sequence of parts: each its length as an unsigned varint (LEB128), then its bytes.
// Part 0 is JSON, the others are batches.
const (
	maxParts  = 64
	maxBody   = 16 << 20            // bytes, all parts together
	maxAsk    = 16 << 10            // bytes of part 0 of a request
	maxAnswer = 4 << 20             // bytes of part 0 of an answer
	maxDown   = maxBody + maxAnswer // bytes of an answer: a batch from a file may be as large as a request
)

// ask is part 0 of a request.
type ask struct {
	V           int             `json:"v"`
	Project     string          `json:"project"`
	Device      device.ID       `json:"device"`
	Certificate json.RawMessage `json:"certificate"`
	At          time.Time       `json:"at"`    // the device's clock
	Nonce       string          `json:"nonce"` // comes back in the answer
	Want        want            `json:"want"`

	Cursors map[string]uint64 `json:"cursors,omitempty"` // how far it has read, by the ID of the collector's archive; at most maxCursors
	Batches bool              `json:"batches,omitempty"` // of a collector: batches are to come down as they came, by place
	Plain   bool              `json:"plain,omitempty"`   // with Batches: not against dictionaries
	From    string            `json:"from,omitempty"`    // with Batches: the asking collector's own archive
	Parts   []carried         `json:"parts,omitempty"`   // with Batches: about each batch of the request

	Rotations int `json:"rotations,omitempty"` // how many changes of the project's key it has heard of

	To string `json:"to,omitempty"` // the collector that is meant: addressee of the TLS certificate that was pinned
}

// carried is what one collector tells another about a batch that it carries.
type carried struct {
	Place uint64 `json:"place,omitempty"` // on the shelf of who carries it down
	Ahead *int64 `json:"ahead,omitempty"` // milliseconds that the device's clock was ahead when it handed the batch over
}

func (c carried) ahead() *time.Duration {
	if c.Ahead == nil {
		return nil
	}
	d := time.Duration(*c.Ahead) * time.Millisecond
	return &d
}

func milliseconds(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	n := d.Milliseconds()
	return &n
}

// maxCursors bounds the cursors of a request, maxArchive the bytes of an archive's ID.
const (
	maxCursors = 16
	maxArchive = 64
)

// maxNonce bounds a nonce, in bytes.
const maxNonce = 64

// goodNonce reports whether an answer to a nonce can be told from answers to others: it is not empty, and of printable ASCII, so that it stays one line
// where lines are signed.
func goodNonce(s string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	return s != "" && len(s) <= maxNonce && strings.IndexFunc(s, odd) < 0
}

// want bounds what comes down.
type want struct {
	Entries int `json:"entries"`
	Bytes   int `json:"bytes"` // of entries before compression, about
}

// answer is part 0 of an answer.
type answer struct {
	V        int            `json:"v"`
	At       time.Time      `json:"at"` // the collector's clock
	Nonce    string         `json:"nonce"`
	Archive  string         `json:"archive,omitempty"` // ID of the collector's archive
	Name     string         `json:"name,omitempty"`    // what the collector is called
	Receipts [][]device.Run `json:"receipts"`          // per batch of the request
	Central  [][]byte       `json:"central,omitempty"` // of the central collector: the project's signature of a receipt per batch; without batches, of one with the nonce
	Cursor   uint64         `json:"cursor"`            // in that archive
	More     bool           `json:"more,omitempty"`
	Parts    []carried      `json:"parts,omitempty"` // for a collector: about each batch of the answer
	renewal

	again []record.Entry // receipts of the centre, which go down with what is new
}

// runs joins receipts that say the same.
func runs(receipts []record.Receipt) []device.Run {
	out := []device.Run{}
	for _, r := range receipts {
		if n := len(out); n > 0 && out[n-1].Status == string(r.Status) && out[n-1].Reason == r.Reason {
			out[n-1].Count++
			continue
		}
		out = append(out, device.Run{Status: string(r.Status), Count: 1, Reason: r.Reason})
	}
	return out
}

// Acknowledgement is what the central collector says about a batch of a device: to be signed with the project's key.
func Acknowledgement(archive string, from device.ID, batch record.ID, receipts []record.Receipt) device.Receipt {
	return device.Receipt{Archive: archive, Device: from, Batch: batch.String(), Runs: runs(receipts)}
}

// receipts gives each entry its receipt. The runs must answer for all of them, in statuses that this version knows.
func receipts(runs []device.Run, entries []record.Entry) ([]record.Receipt, error) {
	out := make([]record.Receipt, 0, len(entries))
	for _, r := range runs {
		status := record.Status(r.Status)
		switch status {
		case record.Stored, record.Known, record.Quarantined, record.Refused:
		default:
			return nil, fmt.Errorf("the unknown status %q", r.Status)
		}
		if r.Count < 1 || r.Count > len(entries)-len(out) {
			return nil, fmt.Errorf("receipts for more than the %d entries", len(entries))
		}
		for range r.Count {
			out = append(out, record.Receipt{Entry: entries[len(out)].ID(), Status: status, Reason: r.Reason})
		}
	}
	if len(out) != len(entries) {
		return nil, fmt.Errorf("%d receipts for %d entries", len(out), len(entries))
	}
	return out, nil
}

// join makes a body of parts.
func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

// split cuts a body into its parts, which share its memory. The first may have so many bytes at most.
func split(body []byte, maxFirst int) ([][]byte, error) {
	var parts [][]byte
	for len(body) > 0 {
		size, n := binary.Uvarint(body)
		if n <= 0 || size > uint64(len(body)-n) {
			return nil, fmt.Errorf("part %d does not end", len(parts))
		}
		if len(parts) == maxParts {
			return nil, fmt.Errorf("more than %d parts", maxParts)
		}
		if len(parts) == 0 && size > uint64(maxFirst) {
			return nil, fmt.Errorf("%d bytes in part 0, more than %d", size, maxFirst)
		}
		end := n + int(size)
		parts = append(parts, body[n:end:end])
		body = body[end:]
	}
	if len(parts) == 0 {
		return nil, errors.New("no parts")
	}
	return parts, nil
}
