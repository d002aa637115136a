package stick

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vereda/survey/goldentest"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// turned makes a manifest of a centre (seed 02…) that has changed the project's key from seed 01… to seed to, for a tablet of the seed 05… with a
// certificate by the old key, and what that tablet trusts.
func turned(t testing.TB, to byte) (text []byte, o batch.Opener) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	keys := map[byte]device.Key{}
	for _, seed := range []byte{1, 2, 5, to} {
		k, err := device.NewKey(seeded(seed))
		must(err)
		keys[seed] = k
	}
	const id = "0193a5b2-7d1c-7000-8000-0000000000aa"
	at := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	tablet := device.Claims{Project: id, Device: keys[5].Public(), Name: "Ana", Role: device.Enumerator, From: at, Until: at.AddDate(2, 0, 0)}
	statement, err := device.SignRotation(keys[1], keys[to], device.Rotation{Project: id, At: at, Until: at.AddDate(2, 0, 0),
		Devices: map[device.ID]device.Allowed{keys[5].ID(): {}, keys[2].ID(): {Role: device.Collector}}})
	must(err)
	own, err := device.Issue(keys[to], device.Claims{Project: id, Device: keys[2].Public(), Name: "Centro", Role: device.Collector, From: at, Until: at.AddDate(10, 0, 0)})
	must(err)
	fresh, err := device.Issue(keys[to], tablet)
	must(err)
	m := manifest{At: at, Archive: "0193a5b2-7d1c-7000-8000-0000000000bb", Name: "Centro", For: keys[5].ID(), After: 3, Cursor: 9, Fresh: json.RawMessage(fresh)}
	dir := t.TempDir()
	must(m.write(Disk(dir), "x", batch.Sealer{Project: id, Key: keys[2], Certificate: own}, [][]byte{statement}))
	text, err = os.ReadFile(filepath.Join(dir, "x", ManifestName))
	must(err)
	trust, err := device.NewTrust(device.Project{ID: id, Key: keys[1].Public()})
	must(err)
	return text, batch.Opener{Project: id, Trust: trust}
}

// folderWith is a folder with one manifest.
func folderWith(t *testing.T, text []byte) Folder {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ManifestName), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return Disk(dir)
}

// Who knows the old key alone learns the new one from a manifest, and believes the manifest by it; without somebody who keeps it, it is not believed.
func TestAManifestTellsOfANewKey(t *testing.T) {
	text, o := turned(t, 3)
	folder := folderWith(t, text)
	var refused *ManifestError
	if _, _, err := readManifest(folder, ".", o, nil); !errors.As(err, &refused) {
		t.Errorf("with nobody to keep it: %v", err)
	}
	kept := 0
	learn := func(statements [][]byte, fresh device.Certificate) error {
		kept++
		if len(statements) != 1 || len(fresh) == 0 {
			t.Errorf("%d statements, a certificate of %d bytes", len(statements), len(fresh))
		}
		_, err := o.Trust.Learn(statements)
		return err
	}
	m, writer, err := readManifest(folder, ".", o, learn)
	if err != nil || writer.Name != "Centro" || m.Cursor != 9 || kept != 1 {
		t.Fatalf("%+v, kept %d times, %v", m, kept, err)
	}
	thief, _ := turned(t, 7) // of the same old key, by who stole it
	if _, _, err := readManifest(folderWith(t, thief), ".", o, learn); !errors.As(err, &refused) || kept != 1 {
		t.Errorf("another change of the same key: %v, kept %d times", err, kept)
	}
}

// No bit of such a manifest can be changed, and no changed one teaches anything.
func TestEveryChangeOfANewKeysManifestIsRefused(t *testing.T) {
	text, o := turned(t, 3)
	learn := func([][]byte, device.Certificate) error { t.Error("something was learnt"); return nil }
	var refused *ManifestError
	for i := range text {
		if _, _, err := readManifest(only(text[:i]), ".", o, learn); !errors.As(err, &refused) {
			t.Fatalf("cut at %d: %v", i, err)
		}
		for bit := range 8 {
			changed := bytes.Clone(text)
			changed[i] ^= 1 << bit
			if _, _, err := readManifest(only(changed), ".", o, learn); !errors.As(err, &refused) {
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			}
		}
	}
}

// only is a folder with one file, whatever it is called.
type only []byte

func (only) List(string) (files, folders []string, err error) { return nil, nil, nil }
func (o only) Open(string) (io.ReadCloser, error)             { return io.NopCloser(bytes.NewReader(o)), nil }
func (only) Write(string, func(io.Writer) error) error        { return errors.ErrUnsupported }
func (only) Remove(string) error                              { return errors.ErrUnsupported }

// What version 1 wrote is read: a collector's answer, and one that tells of a new key, for other implementations.
func TestVectors(t *testing.T) {
	answer, reader := written(t)
	renewing, old := turned(t, 3)
	for name, c := range map[string]struct {
		made []byte
		o    batch.Opener
	}{"answer.json": {answer, reader}, "new-key.json": {renewing, old}} {
		text := goldentest.Same(t, filepath.Join("testdata/v1", name), c.made)
		if _, _, err := readManifest(folderWith(t, text), ".", c.o, func([][]byte, device.Certificate) error { return nil }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
