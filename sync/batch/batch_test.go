package batch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// sealed returns a batch of entries.
func sealed(t testing.TB, s batch.Sealer, d *batch.Dictionary, entries ...record.Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := s.Seal(&b, entries, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// small returns two small entries, one of a kind that nobody knows.
func small() []record.Entry {
	return []record.Entry{
		{Kind: record.KindRevision, Body: []byte(`{"v":1, "blank kept":"<é>"}`)},
		{Kind: "of-2031", Body: []byte(`[]`)},
	}
}

func wantReason(t testing.TB, what string, err error, reason batch.Reason) *batch.Error {
	t.Helper()
	var e *batch.Error
	if !errors.As(err, &e) || e.Reason != reason || !strings.Contains(e.Error(), string(reason)) {
		t.Errorf("%s: want %s, got %v", what, reason, err)
		return &batch.Error{}
	}
	return e
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	s, dictionary := sealer(t, 2), dictionaryOf(t)
	for _, entries := range [][]record.Entry{nil, small(), interviews(t, s, 60)} {
		var ids []record.ID
		for _, d := range []*batch.Dictionary{nil, dictionary} {
			var b bytes.Buffer
			id, err := s.Seal(&b, entries, d)
			if err != nil {
				t.Fatal(err)
			}
			size := int64(b.Len())
			got, err := opener(t, dictionary).Open(iotest.OneByteReader(&b))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Entries, entries) || got.ID != id || got.Size != size || got.Device.ID() != s.Key.ID() {
				t.Errorf("%d entries came back as %d, %s, %d bytes", len(entries), len(got.Entries), got.ID, got.Size)
			}
			ids = append(ids, id)
		}
		if ids[0] != ids[1] {
			t.Error("a dictionary changes the ID")
		}
	}
}

// What is documented as readable with the zstd command is.
func TestPlainZstdReadsABatch(t *testing.T) {
	program, err := exec.LookPath("zstd")
	if err != nil {
		t.Fatal("the zstd command is missing; `make test` installs it where there is apt-get: ", err)
	}
	file := filepath.Join(t.TempDir(), "x.batch")
	if err := os.WriteFile(file, sealed(t, sealer(t, 2), nil, small()...), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-dc", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) != 5 || lines[1] != `{"kind":"revision","entry":{"v":1, "blank kept":"<é>"}}` || lines[4] != "" {
		t.Errorf("zstd -dc says\n%s", out)
	}
	for _, line := range lines[:4] {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

// The whole promise: no bit and no byte of a batch can change without its being refused.
func TestEveryDamageIsRefused(t *testing.T) {
	dictionary := dictionaryOf(t)
	o := opener(t, dictionary)
	for _, d := range []*batch.Dictionary{nil, dictionary} {
		good := sealed(t, sealer(t, 2), d, small()...)
		for n := range good {
			_, err := o.Open(bytes.NewReader(good[:n]))
			if e := wantReason(t, "cut", err, batch.Truncated); e.Offset != int64(n) {
				t.Errorf("cut at %d: said %d", n, e.Offset)
			}
		}
		damaged := slices.Clone(good)
		for bit := range len(good) * 8 {
			damaged[bit/8] ^= 1 << (bit % 8)
			_, err := o.Open(bytes.NewReader(damaged))
			if e := new(batch.Error); !errors.As(err, &e) {
				t.Errorf("bit %d flipped: %v", bit, err)
			}
			damaged[bit/8] ^= 1 << (bit % 8)
		}
		_, err := o.Open(bytes.NewReader(append(slices.Clone(good), 0)))
		wantReason(t, "a byte behind", err, batch.Corrupt)
		_, err = o.Open(bytes.NewReader(append(slices.Clone(good), good...)))
		wantReason(t, "a batch behind", err, batch.Corrupt)
	}
}

func TestRefusalsAreNamed(t *testing.T) {
	s, dictionary := sealer(t, 2), dictionaryOf(t)
	good := sealed(t, s, nil, small()...)
	other, stranger, foreign := opener(t), opener(t), s
	other.Project = "0193a5b2-7d1c-7000-8000-0000000000bb"
	stranger.ProjectKey = newKey(t, 9).Public()
	foreign.Key = newKey(t, 3)
	unsigned := s
	unsigned.Certificate = device.Certificate(`{}`)
	failing := io.MultiReader(bytes.NewReader(good[:30]), iotest.ErrReader(os.ErrPermission))
	open := func(o batch.Opener, r io.Reader) error { _, err := o.Open(r); return err }

	wantReason(t, "other project", open(other, bytes.NewReader(good)), batch.OtherProject)
	wantReason(t, "other key", open(stranger, bytes.NewReader(good)), batch.BadCertificate)
	wantReason(t, "no certificate", open(opener(t), bytes.NewReader(sealed(t, unsigned, nil))), batch.BadCertificate)
	wantReason(t, "another's certificate", open(opener(t), bytes.NewReader(sealed(t, foreign, nil))), batch.BadCertificate)
	wantReason(t, "PDF", open(opener(t), strings.NewReader("%PDF-1.7 and so on and on")), batch.NotABatch)
	wantReason(t, "short text", open(opener(t), strings.NewReader("hi")), batch.NotABatch)
	wantReason(t, "empty", open(opener(t), strings.NewReader("")), batch.Truncated)
	if err := open(opener(t), failing); !errors.Is(wantReason(t, "bad stick", err, batch.ReadFailed), os.ErrPermission) {
		t.Error("the reader's error is not passed on")
	}
	err := open(opener(t), bytes.NewReader(sealed(t, s, dictionary, small()...)))
	if e := wantReason(t, "no dictionary", err, batch.UnknownDictionary); e.Dictionary != dictionary.ID {
		t.Errorf("names the dictionary %x", e.Dictionary)
	}
	newer := slices.Clone(good)
	newer[8] = 2
	wantReason(t, "newer", open(opener(t), bytes.NewReader(newer)), batch.NewerVersion)
}

// Inspect shows a batch of any project, but none that its device did not sign.
func TestInspect(t *testing.T) {
	good := sealed(t, sealer(t, 2), nil, small()...)
	b, err := batch.Opener{}.Inspect(bytes.NewReader(good))
	if err != nil || b.Device.Name != "Inés Quispe" || len(b.Entries) != 2 {
		t.Errorf("%+v, %v", b, err)
	}
	foreign := sealer(t, 2)
	foreign.Key = newKey(t, 3)
	_, err = batch.Opener{}.Inspect(bytes.NewReader(sealed(t, foreign, nil)))
	wantReason(t, "another's certificate", err, batch.BadCertificate)
}

func TestSealRefusesWhatCannotTravel(t *testing.T) {
	for what, e := range map[string]record.Entry{
		"two lines": {Kind: "revision", Body: []byte("{\n}")},
		"no JSON":   {Kind: "revision", Body: []byte("{")},
		"empty":     {Kind: "revision"},
		"no kind":   {Body: []byte("{}")},
		"odd kind":  {Kind: `a","`, Body: []byte("{}")},
	} {
		var b bytes.Buffer
		_, err := sealer(t, 2).Seal(&b, append(small(), e), nil)
		if wantReason(t, what, err, batch.Corrupt).Line != 4 || b.Len() != 0 {
			t.Errorf("%s: %v, wrote %d bytes", what, err, b.Len())
		}
	}
	var b bytes.Buffer
	_, err := sealer(t, 2).Seal(&b, []record.Entry{{Kind: "revision", Body: fmtString(5 << 20)}}, nil)
	wantReason(t, "huge", err, batch.TooLarge)
	if _, err := sealer(t, 2).Seal(fullDisk{}, small(), nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the writer's error is not passed on: %v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, os.ErrClosed }

// fmtString returns a JSON string of n bytes.
func fmtString(n int) []byte {
	b := bytes.Repeat([]byte{'x'}, n)
	b[0], b[n-1] = '"', '"'
	return b
}

func TestLimits(t *testing.T) {
	good := sealed(t, sealer(t, 2), nil, small()...)
	for what, limits := range map[string]batch.Limits{
		"compressed": {Compressed: int64(len(good)) - 1},
		"expanded":   {Expanded: 500},
		"entries":    {Entries: 1},
		"entry":      {Entry: 10},
	} {
		o := opener(t)
		o.Limits = limits
		_, err := o.Open(bytes.NewReader(good))
		wantReason(t, what, err, batch.TooLarge)
	}
	o := opener(t)
	o.Limits = batch.Limits{Compressed: int64(len(good)), Expanded: 1000, Entries: 2, Entry: 30}
	if _, err := o.Open(bytes.NewReader(good)); err != nil {
		t.Errorf("within all limits: %v", err)
	}
}

// forged wraps any text as a batch with a right preamble.
func forged(t testing.TB, text io.Reader) []byte {
	t.Helper()
	var frame bytes.Buffer
	w, err := zstd.NewWriter(&frame, zstd.WithWindowSize(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return append(batch.Preamble(frame.Bytes()), frame.Bytes()...)
}
