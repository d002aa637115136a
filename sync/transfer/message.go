package transfer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// A body of an exchange, either way, is a sequence of parts: each its length as an unsigned varint (LEB128), then its bytes.
// Part 0 is JSON, the others are batches.
const (
	maxParts  = 64
	maxBody   = 16 << 20 // bytes, all parts together
	maxAsk    = 16 << 10 // bytes of part 0 of a request
	maxAnswer = 4 << 20  // bytes of part 0 of an answer
)

// ask is part 0 of a request.
type ask struct {
	V           int             `json:"v"`
	Project     string          `json:"project"`
	Device      device.ID       `json:"device"`
	Certificate json.RawMessage `json:"certificate"`
	Cursor      uint64          `json:"cursor"`
	At          time.Time       `json:"at"`    // the device's clock
	Nonce       string          `json:"nonce"` // comes back in the answer
	Want        want            `json:"want"`
}

// want bounds what comes down.
type want struct {
	Entries int `json:"entries"`
	Bytes   int `json:"bytes"` // of entries before compression, about
}

// answer is part 0 of an answer.
type answer struct {
	V        int       `json:"v"`
	At       time.Time `json:"at"` // the collector's clock
	Nonce    string    `json:"nonce"`
	Receipts [][]run   `json:"receipts"` // per batch of the request
	Cursor   uint64    `json:"cursor"`
	More     bool      `json:"more,omitempty"`
}

// run is what so many entries in a row were answered with. As JSON: ["stored",50] or ["refused",1,"too-large"].
type run struct {
	Status record.Status
	Count  int
	Reason string
}

// MarshalJSON writes a run as an array, without an empty reason.
func (r run) MarshalJSON() ([]byte, error) {
	if r.Reason == "" {
		return json.Marshal([]any{r.Status, r.Count})
	}
	return json.Marshal([]any{r.Status, r.Count, r.Reason})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *run) UnmarshalJSON(b []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	if len(parts) < 2 || len(parts) > 3 {
		return fmt.Errorf("a run of %d parts", len(parts))
	}
	*r = run{}
	err := errors.Join(json.Unmarshal(parts[0], &r.Status), json.Unmarshal(parts[1], &r.Count))
	if len(parts) == 3 {
		err = errors.Join(err, json.Unmarshal(parts[2], &r.Reason))
	}
	return err
}

// runs joins receipts that say the same.
func runs(receipts []record.Receipt) []run {
	out := []run{}
	for _, r := range receipts {
		if n := len(out); n > 0 && out[n-1].Status == r.Status && out[n-1].Reason == r.Reason {
			out[n-1].Count++
			continue
		}
		out = append(out, run{r.Status, 1, r.Reason})
	}
	return out
}

// receipts gives each entry its receipt. The runs must answer for all of them, in statuses that this version knows.
func receipts(runs []run, entries []record.Entry) ([]record.Receipt, error) {
	out := make([]record.Receipt, 0, len(entries))
	for _, r := range runs {
		switch r.Status {
		case record.Stored, record.Known, record.Quarantined, record.Refused:
		default:
			return nil, fmt.Errorf("the unknown status %q", r.Status)
		}
		if r.Count < 1 || r.Count > len(entries)-len(out) {
			return nil, fmt.Errorf("receipts for more than the %d entries", len(entries))
		}
		for range r.Count {
			out = append(out, record.Receipt{Entry: entries[len(out)].ID(), Status: r.Status, Reason: r.Reason})
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
