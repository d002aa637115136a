package stick

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// seeded is a source of anything but chance.
type seeded byte

func (s seeded) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(s)
	}
	return len(b), nil
}

// written makes a manifest as a collector writes it, and who reads it.
func written(t testing.TB) ([]byte, batch.Opener) {
	t.Helper()
	project, err := device.NewKey(seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	own, err := device.NewKey(seeded(2))
	if err != nil {
		t.Fatal(err)
	}
	const id = "0193a5b2-7d1c-7000-8000-0000000000aa"
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	cert, err := device.Issue(project, device.Claims{Project: id, Device: own.Public(), Name: "Centro", Role: device.Collector, From: at, Until: at.AddDate(10, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	m := manifest{At: at, Archive: "a", Name: "Centro", For: own.ID(), After: 3, Cursor: 9, Cursors: map[string]uint64{"b": 4},
		Receipts: []acknowledged{{record.ID{1}, []device.Run{{Status: "stored", Count: 2}}}},
		Batches:  []listedBatch{{"000001-aa.batch", record.ID{2}, 3, record.ID{4}}}, Media: []record.Media{{SHA256: record.ID{5}, Size: 6, Type: "image/jpeg"}}}
	dir := t.TempDir()
	if err := m.write(Disk(dir), "x", batch.Sealer{Project: id, Key: own, Certificate: cert}, nil); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "x", ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	return b, batch.Opener{Project: id, ProjectKey: project.Public()}
}

// TestEveryChangeOfAManifestIsRefused flips every bit, and cuts everywhere.
func TestEveryChangeOfAManifestIsRefused(t *testing.T) {
	b, o := written(t)
	if m, writer, err := openManifest(b, o); err != nil || writer.Name != "Centro" || m.Cursor != 9 {
		t.Fatalf("%+v %v", m, err)
	}
	var refused *ManifestError
	for i := range b {
		for bit := range 8 {
			changed := bytes.Clone(b)
			changed[i] ^= 1 << bit
			if _, _, err := openManifest(changed, o); !errors.As(err, &refused) {
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			}
		}
		if _, _, err := openManifest(b[:i], o); !errors.As(err, &refused) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, _, err := openManifest(append(b, '\n'), o); !errors.As(err, &refused) {
		t.Errorf("with more behind it: %v", err)
	}
}

// A manifest lists files beside it, and no others, whoever signed it.
func TestAManifestDoesNotLeadElsewhere(t *testing.T) {
	_, o := written(t)
	project, _ := device.NewKey(seeded(1))
	own, _ := device.NewKey(seeded(2))
	cert, err := device.Issue(project, device.Claims{Project: o.Project, Device: own.Public(), Name: "x", Role: device.Enumerator, Until: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../../x.batch", "/etc/x.batch", `..\x.batch`, "x.txt", ".writing-x.batch", ""} {
		text, err := json.Marshal(manifest{Vereda: manifestKind, V: 1, Project: o.Project, Device: own.ID(), Certificate: json.RawMessage(cert), Batches: []listedBatch{{File: name}}})
		if err != nil {
			t.Fatal(err)
		}
		b := append(append(text, '\n'), base64.StdEncoding.EncodeToString(own.Sign(purposeStick, text))+"\n"...)
		if _, _, err := openManifest(b, o); err == nil {
			t.Errorf("%q", name)
		}
	}
}

// FuzzOpenManifest: bytes from a stick that anybody may have written never do more than be refused, and what is accepted is what was signed.
func FuzzOpenManifest(f *testing.F) {
	b, o := written(f)
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte("{}\n\n"))
	f.Add([]byte(`{"vereda":"stick","v":2}` + "\n\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, _, err := openManifest(in, o)
		var refused *ManifestError
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("%v", err)
		}
		if err == nil && !bytes.Equal(in, b) {
			t.Errorf("something else than what was signed was accepted: %q", in)
		}
	})
}

// TestEveryChangeOfALockedBatchIsRefused: a batch file that is encrypted to the coordinators is damaged, or to other keys, and never something else.
func TestEveryChangeOfALockedBatchIsRefused(t *testing.T) {
	_, o := written(t)
	project, err := device.NewKey(seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	own, err := device.NewKey(seeded(5))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := device.Issue(project, device.Claims{Project: o.Project, Device: own.Public(), Name: "Ana", Role: device.Enumerator, Until: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var locked bytes.Buffer
	err = lock(&locked, []age.Recipient{key.Recipient()}, func(w io.Writer) error {
		_, err := batch.Sealer{Project: o.Project, Key: own, Certificate: cert}.Seal(w, []record.Entry{{Kind: record.KindRevision, Body: []byte("{}")}}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	open := func(b []byte) error {
		_, err := OpenBatch(bytes.NewReader(b), true, o.Open, key)
		return err
	}
	if err := open(locked.Bytes()); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, b []byte) {
		err := open(b)
		if !errors.As(err, new(*batch.Error)) && !errors.As(err, new(*LockedError)) {
			t.Errorf("%s at %d: %v", what, at, err)
		}
	}
	for i := range locked.Bytes() {
		refused("cut", i, locked.Bytes()[:i])
		for bit := range 8 {
			changed := bytes.Clone(locked.Bytes())
			changed[i] ^= 1 << bit
			refused("flipped", i, changed)
		}
	}
	refused("a byte behind", locked.Len(), append(bytes.Clone(locked.Bytes()), 0))
}
