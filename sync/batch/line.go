package batch

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"vereda/survey/record"
	"vereda/sync/device"
)

// header is the first line.
type header struct {
	Vereda      string          `json:"vereda"`
	V           int             `json:"v"`
	Project     string          `json:"project"`
	Device      device.ID       `json:"device"`
	Certificate json.RawMessage `json:"certificate"`
	Entries     int             `json:"entries"`
}

// maxHeader and maxTrailer bound the first and last line, in bytes.
const (
	maxHeader  = 8 << 10
	maxTrailer = 256
)

// line returns the one form that a header has.
func (h header) line() []byte {
	b := []byte(`{"vereda":"batch","v":`)
	b = strconv.AppendInt(b, int64(h.V), 10)
	b = append(b, `,"project":`...)
	b = append(b, quote(h.Project)...)
	b = append(b, `,"device":`...)
	b = append(b, quote(string(h.Device))...)
	b = append(b, `,"certificate":`...)
	b = append(b, h.Certificate...)
	b = append(b, `,"entries":`...)
	b = strconv.AppendInt(b, int64(h.Entries), 10)
	return append(b, '}')
}

// quote returns s as JSON.
func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return b
}

// parseHeader reads the first line. A version it does not know is returned as it is, for the caller to refuse.
func parseHeader(line []byte) (header, error) {
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return header{}, err
	}
	if h.Vereda != "batch" {
		return header{}, errors.New("no header of a batch")
	}
	if h.V == version && !bytes.Equal(h.line(), line) {
		return header{}, errors.New("not the form a header has")
	}
	return h, nil
}

const (
	kindPrefix  = `{"kind":"`
	entryPrefix = `","entry":`
	entrySuffix = `}`
	maxKind     = 40
)

// appendEntry appends an entry's line without its end.
func appendEntry(b []byte, e record.Entry) []byte {
	b = append(b, kindPrefix...)
	b = append(b, e.Kind...)
	b = append(b, entryPrefix...)
	b = append(b, e.Body...)
	return append(b, entrySuffix...)
}

// parseEntry reads an entry's line. The entry's body shares the line's memory.
func parseEntry(line []byte) (record.Entry, error) {
	rest, ok := bytes.CutPrefix(line, []byte(kindPrefix))
	if !ok {
		return record.Entry{}, errors.New("no entry")
	}
	kind, rest, ok := bytes.Cut(rest, []byte(entryPrefix))
	if !ok {
		return record.Entry{}, errors.New("an entry without its body")
	}
	body, ok := bytes.CutSuffix(rest, []byte(entrySuffix))
	if !ok {
		return record.Entry{}, errors.New("an entry that does not end")
	}
	e := record.Entry{Kind: string(kind), Body: body}
	return e, validEntry(e)
}

// validEntry holds what both ends demand: a kind of small letters, digits and hyphens; a body that is one line of JSON.
func validEntry(e record.Entry) error {
	if e.Kind == "" || len(e.Kind) > maxKind {
		return fmt.Errorf("a kind of %d letters", len(e.Kind))
	}
	for _, c := range []byte(e.Kind) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("the kind %q", e.Kind)
		}
	}
	if bytes.IndexByte(e.Body, '\n') >= 0 || !json.Valid(e.Body) {
		return errors.New("a body that is not one line of JSON")
	}
	return nil
}

// trailer is the last line.
func trailer(id record.ID, signature []byte) []byte {
	b := []byte(`{"sha256":"`)
	b = hex.AppendEncode(b, id[:])
	b = append(b, `","signature":"`...)
	b = base64.StdEncoding.AppendEncode(b, signature)
	return append(b, `"}`...)
}

// parseTrailer reads the last line.
func parseTrailer(line []byte) (id record.ID, signature []byte, err error) {
	var t struct {
		SHA256    string `json:"sha256"`
		Signature []byte `json:"signature"`
	}
	if err := json.Unmarshal(line, &t); err != nil {
		return id, nil, err
	}
	if n, err := hex.Decode(id[:], []byte(t.SHA256[:min(len(t.SHA256), 2*len(id))])); err != nil || n != len(id) {
		return id, nil, errors.New("no hash in the last line")
	}
	if !bytes.Equal(trailer(id, t.Signature), line) {
		return id, nil, errors.New("not the form a last line has")
	}
	return id, t.Signature, nil
}
