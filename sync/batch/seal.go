package batch

import (
	"crypto/sha256"
	"fmt"
	"io"

	"vereda/survey/record"
)

// Seal writes a batch of entries and returns its ID. dictionary may be nil; then `zstd -dc` can read the batch. The same
// entries sealed twice by the same sealer have the same ID. An entry that is not one line of JSON, or more than an Opener takes by
// default, is an *Error and writes nothing; other errors are w's.
func (s Sealer) Seal(w io.Writer, entries []record.Entry, dictionary *Dictionary) (record.ID, error) {
	text, id, err := s.text(entries)
	if err != nil {
		return record.ID{}, err
	}
	frame, err := smallest(text, dictionary)
	if err != nil {
		return record.ID{}, err
	}
	if most := (Limits{}).orDefault().Compressed; int64(len(frame))+preambleSize > most {
		return record.ID{}, &Error{Reason: TooLarge, Err: fmt.Errorf("%d bytes compressed, more than %d", len(frame), most)}
	}
	if _, err := w.Write(append(preamble(frame), frame...)); err != nil {
		return record.ID{}, fmt.Errorf("batch: write: %w", err)
	}
	return id, nil
}

// text returns the lines of a batch and its ID.
func (s Sealer) text(entries []record.Entry) ([]byte, record.ID, error) {
	limits := Limits{}.orDefault()
	if len(entries) > limits.Entries {
		return nil, record.ID{}, &Error{Reason: TooLarge, Err: fmt.Errorf("%d entries, more than %d", len(entries), limits.Entries)}
	}
	h := header{V: version, Project: s.Project, Device: s.Key.ID(), Certificate: []byte(s.Certificate), Entries: len(entries)}
	b := append(h.line(), '\n')
	for i, e := range entries {
		if err := validEntry(e); err != nil {
			return nil, record.ID{}, &Error{Reason: Corrupt, Line: i + 2, Err: err}
		}
		if int64(len(e.Body)) > limits.Entry || int64(len(b)+len(e.Body)+maxHeader) > limits.Expanded {
			return nil, record.ID{}, &Error{Reason: TooLarge, Line: i + 2}
		}
		b = append(appendEntry(b, e), '\n')
	}
	id := record.ID(sha256.Sum256(b))
	b = append(b, trailer(id, s.Key.Sign(purpose, id[:]))...)
	return append(b, '\n'), id, nil
}

// purpose is what batches are signed for.
const purpose = "batch"

// smallest returns the smaller frame of the two that text has against a dictionary, as lines and in columns. Without a
// dictionary it is lines.
func smallest(text []byte, d *Dictionary) ([]byte, error) {
	lines, err := d.compress(text)
	if err != nil || d == nil {
		return lines, err
	}
	laidOut, ok := toColumns(text)
	if !ok {
		return lines, nil
	}
	columns, err := d.compress(laidOut)
	if err != nil || len(columns) > len(lines) {
		return lines, err
	}
	return columns, nil
}
