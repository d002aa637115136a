package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Open reads and verifies a batch whole: nothing of it is returned unless all of it is right. Errors are *Error.
// The certificate's dates are not compared with any clock, and whether the device is revoked is not known here.
func (o Opener) Open(r io.Reader) (*Batch, error) {
	return o.open(r, func(h header) (device.Claims, error) {
		if h.Project != o.Project {
			return device.Claims{}, &Error{Reason: OtherProject, Line: 1}
		}
		claims, err := o.certified(device.Certificate(h.Certificate))
		if err != nil {
			return device.Claims{}, &Error{Reason: BadCertificate, Line: 1, Err: err}
		}
		if claims.Project != o.Project {
			return device.Claims{}, &Error{Reason: OtherProject, Line: 1}
		}
		return claims, nil
	})
}

// certified opens the certificate of who sealed a batch.
func (o Opener) certified(c device.Certificate) (device.Claims, error) {
	if o.Trust == nil {
		return c.Open(o.ProjectKey)
	}
	claims, _, err := o.Trust.Open(c)
	return claims, err
}

// Inspect opens a batch of any project, to look at it: that the device named in it sealed it is checked, that some project
// certified that device is not. What it returns is to be shown, never stored. Errors are *Error.
func (o Opener) Inspect(r io.Reader) (*Batch, error) {
	return o.open(r, func(h header) (device.Claims, error) {
		claims, err := device.Certificate(h.Certificate).Unverified()
		if err != nil {
			return device.Claims{}, &Error{Reason: BadCertificate, Line: 1, Err: err}
		}
		return claims, nil
	})
}

// open reads a batch; trust says whose the header is, or why it is not accepted.
func (o Opener) open(r io.Reader, trust func(header) (device.Claims, error)) (*Batch, error) {
	limits := o.Limits.orDefault()
	frame, err := readFrame(r, limits.Compressed)
	if err != nil {
		return nil, err
	}
	d, dictionary, err := o.decompressor(frame, limits.Expanded)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	s := &scanner{in: bufio.NewReaderSize(d, 16<<10), sum: sha256.New(), left: limits.Expanded}
	if err := s.unfold(limits.Expanded); err != nil {
		return nil, s.place(err, preambleSize+int64(len(frame)))
	}
	b, err := s.batch(limits, trust)
	if err != nil {
		return nil, s.place(err, preambleSize+int64(len(frame)))
	}
	b.Raw = append(preamble(frame), frame...)
	b.Size, b.Dictionary = int64(len(b.Raw)), dictionary
	return b, nil
}

// scanner reads the lines of a batch and hashes them on the way.
type scanner struct {
	in   *bufio.Reader
	sum  hash.Hash // of the lines before the current one
	line int       // the current line, from 1
	last []byte    // the current line with its end, not yet hashed
	left int64     // bytes that may still come
}

// unfold makes lines of columns, when that is how the content is laid out: of most bytes at most.
func (s *scanner) unfold(most int64) error {
	start, _ := s.in.Peek(len(columnsMagic))
	if !bytes.Equal(start, columnsMagic) {
		return nil // an error comes again when lines are read
	}
	content, err := io.ReadAll(io.LimitReader(s.in, most+1))
	if err != nil {
		return err
	}
	if int64(len(content)) > most {
		return &Error{Reason: TooLarge}
	}
	text, err := fromColumns(content)
	if err != nil {
		return err
	}
	s.in = bufio.NewReaderSize(text, 16<<10)
	return nil
}

// batch reads header, entries and trailer.
func (s *scanner) batch(limits Limits, trust func(header) (device.Claims, error)) (*Batch, error) {
	h, err := s.header(limits)
	if err != nil {
		return nil, err
	}
	claims, err := trust(h)
	if err != nil {
		return nil, err
	}
	if claims.ID() != h.Device {
		return nil, &Error{Reason: BadCertificate, Err: errors.New("it is of another device")}
	}
	b := &Batch{Device: claims, Certificate: device.Certificate(h.Certificate)}
	for range h.Entries {
		e, err := s.entry(limits)
		if err != nil {
			return nil, err
		}
		b.Entries = append(b.Entries, e)
	}
	b.ID, err = s.trailer(claims)
	return b, err
}

func (s *scanner) header(limits Limits) (header, error) {
	line, err := s.next(maxHeader)
	if err != nil {
		return header{}, err
	}
	h, err := parseHeader(line)
	if err != nil {
		return header{}, &Error{Reason: Corrupt, Err: err}
	}
	if h.V > version {
		return header{}, &Error{Reason: NewerVersion}
	}
	if h.V != version || h.Entries < 0 {
		return header{}, &Error{Reason: Corrupt, Err: fmt.Errorf("version %d, %d entries", h.V, h.Entries)}
	}
	if h.Entries > limits.Entries {
		return header{}, &Error{Reason: TooLarge, Err: fmt.Errorf("%d entries, more than %d", h.Entries, limits.Entries)}
	}
	return h, nil
}

func (s *scanner) entry(limits Limits) (record.Entry, error) {
	line, err := s.next(limits.Entry + int64(len(kindPrefix)+maxKind+len(entryPrefix)+len(entrySuffix)))
	if err != nil {
		return record.Entry{}, err
	}
	e, err := parseEntry(line)
	if err != nil {
		return record.Entry{}, &Error{Reason: Corrupt, Err: err}
	}
	if int64(len(e.Body)) > limits.Entry {
		return record.Entry{}, &Error{Reason: TooLarge}
	}
	return e, nil
}

// trailer reads the last line, that it fits, and that nothing follows.
func (s *scanner) trailer(claims device.Claims) (record.ID, error) {
	line, err := s.next(maxTrailer)
	if err != nil {
		return record.ID{}, err
	}
	id, signature, err := parseTrailer(line)
	if err != nil {
		return record.ID{}, &Error{Reason: Corrupt, Err: err}
	}
	if !bytes.Equal(s.sum.Sum(nil), id[:]) {
		return record.ID{}, &Error{Reason: BadSignature, Err: errors.New("the hash is of other lines")}
	}
	if !device.Verify(claims.Device, purpose, id[:], signature) {
		return record.ID{}, &Error{Reason: BadSignature}
	}
	if _, err := s.in.ReadByte(); err == nil {
		return record.ID{}, &Error{Reason: Corrupt, Err: errors.New("lines behind the last")}
	} else if err != io.EOF {
		return record.ID{}, err
	}
	return id, nil
}

// next returns the next line without its end, as memory of its own, and hashes the line before it. Lines of more than
// most bytes are refused once so much of them was read.
func (s *scanner) next(most int64) ([]byte, error) {
	s.sum.Write(s.last)
	s.line++
	s.last = nil
	for {
		part, err := s.in.ReadSlice('\n')
		s.left -= int64(len(part))
		if s.left < 0 || int64(len(s.last)+len(part)) > most+1 {
			return nil, &Error{Reason: TooLarge}
		}
		s.last = append(s.last, part...)
		if err == nil {
			return s.last[:len(s.last)-1], nil
		}
		if err != bufio.ErrBufferFull {
			return nil, err
		}
	}
}

// place makes an *Error with the line out of whatever went wrong while reading lines.
func (s *scanner) place(err error, offset int64) error {
	var e *Error
	switch {
	case errors.As(err, &e):
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		e = &Error{Reason: TooLarge, Err: err}
	case err == io.EOF:
		e = &Error{Reason: Corrupt, Err: errors.New("it has no last line")}
	default:
		e = &Error{Reason: Corrupt, Err: err}
	}
	e.Line, e.Offset = s.line, offset
	return e
}
