package device_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"vereda/sync/device"
)

const rotated = "0193a5b2-7d1c-7000-8000-000000000001" // the project of claims

// rotate returns the statement that changes from for to, behind others, for the device of claims and more.
func rotate(t testing.TB, from, to device.Key, before []byte, devices map[device.ID]device.Allowed) []byte {
	t.Helper()
	at := time.Date(2027, 3, 1, 12, 0, 0, 5, time.UTC)
	r := device.Rotation{Project: rotated, At: at, Until: at.AddDate(1, 0, 0), Devices: devices}
	if before != nil {
		sum := sha256.Sum256(before)
		r.Before = hex.EncodeToString(sum[:])
	}
	statement, err := device.SignRotation(from, to, r)
	if err != nil {
		t.Fatal(err)
	}
	return statement
}

func named(ids ...device.ID) map[device.ID]device.Allowed {
	m := map[device.ID]device.Allowed{}
	for _, id := range ids {
		m[id] = device.Allowed{}
	}
	return m
}

func trust(t testing.TB, key ed25519.PublicKey, statements ...[]byte) *device.Trust {
	t.Helper()
	tr, err := device.NewTrust(device.Project{ID: rotated, Key: key}, statements...)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func issue(t testing.TB, project device.Key, c device.Claims) device.Certificate {
	t.Helper()
	cert, err := device.Issue(project, c)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// The statement in the bytes of docs/identity.md.
func TestRotation(t *testing.T) {
	from, to, id := newKey(t, 1), newKey(t, 3), newKey(t, 2).ID()
	statement := rotate(t, from, to, nil, map[device.ID]device.Allowed{id: {Role: device.Collector, Replaces: []device.ID{newKey(t, 9).ID()}}})
	want := `{"rotation":{"v":1,"project":"` + rotated + `","from":"iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=","to":"7UkoxijRwsbq6QM4kFmVYSlZJzpcY/k2NsFGFKyHN9E=",` +
		`"at":"2027-03-01T12:00:00Z","until":"2028-03-01T12:00:00Z","devices":{"D8W07-NFGB6-82M73-DNYNA":{"role":"collector","replaces":["` + string(newKey(t, 9).ID()) + `"]}}},"signature":"`
	if !strings.HasPrefix(string(statement), want) {
		t.Errorf("%s\nwant %s…", statement, want)
	}
	r, err := device.OpenRotation(statement)
	if err != nil || !r.From.Equal(from.Public()) || !r.To.Equal(to.Public()) || r.Devices[id].Role != device.Collector {
		t.Errorf("%+v, %v", r, err)
	}
}

// Every flipped bit and every cut of a rotation is refused with a *RotationError, and so is what makes no sense.
func TestRotationsAreRefused(t *testing.T) {
	from, to := newKey(t, 1), newKey(t, 3)
	statement := rotate(t, from, to, nil, named(newKey(t, 2).ID()))
	refused := func(what string, b []byte, want device.CertificateReason) {
		t.Helper()
		var e *device.RotationError
		if _, err := device.OpenRotation(b); !errors.As(err, &e) || want != "" && e.Reason != want || e.Error() == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	forEachBitFlip(statement, func(bit int, damaged []byte) { refused("a flipped bit", damaged, "") })
	for n := range statement {
		refused("a cut", statement[:n], device.Malformed)
	}
	refused("a blank behind", append(bytes.Clone(statement), ' '), device.Malformed)
	refused("a newer version", bytes.Replace(statement, []byte(`{"v":1`), []byte(`{"v":2`), 1), device.NewerVersion)
	refused("too long", make([]byte, device.MaxRotation+1), device.Malformed)
	for what, r := range map[string]device.Rotation{
		"no project":     {},
		"no such hash":   {Project: rotated, Before: "ab"},
		"no device":      {Project: rotated, Devices: named("nobody")},
		"no role":        {Project: rotated, Devices: map[device.ID]device.Allowed{newKey(t, 2).ID(): {Role: "king"}}},
		"too many":       {Project: rotated, Devices: map[device.ID]device.Allowed{newKey(t, 2).ID(): {Replaces: make([]device.ID, device.MaxReplaces+1)}}},
		"a long project": {Project: strings.Repeat("x", device.MaxRotation)},
	} {
		var e *device.RotationError
		if _, err := device.SignRotation(from, to, r); !errors.As(err, &e) || e.Reason != device.Malformed {
			t.Errorf("%s was signed: %v", what, err)
		}
	}
	var e *device.RotationError
	if _, err := device.SignRotation(from, from, device.Rotation{Project: rotated}); !errors.As(err, &e) {
		t.Errorf("a key was changed for itself: %v", err)
	}
}

// A chain of changes is followed from any of its keys; certificates of all of them count for the devices that were named, and receipts of the last.
func TestTrustFollowsAChain(t *testing.T) {
	k0, k1, k2 := newKey(t, 1), newKey(t, 3), newKey(t, 4)
	c := claims(t)
	s1 := rotate(t, k0, k1, nil, named(c.ID()))
	s2 := rotate(t, k1, k2, s1, named(c.ID()))
	for name, anchor := range map[string]device.Key{"first": k0, "second": k1, "last": k2} {
		tr := trust(t, anchor.Public(), s1, s2)
		if !tr.Key().Equal(k2.Public()) || len(tr.Statements()) != 2 || len(tr.FormerKeys()) != 2 || !tr.FormerKeys()[0].Equal(k0.Public()) {
			t.Errorf("%s: %x, %d statements", name, tr.Key(), len(tr.Statements()))
		}
		for _, signer := range []device.Key{k0, k1, k2} {
			got, current, err := tr.Open(issue(t, signer, c))
			if err != nil || current != (signer.ID() == k2.ID()) || got.ID() != c.ID() || got.Role != device.Enumerator {
				t.Errorf("%s: %+v, %v, %v", name, got, current, err)
			}
			statement, err := device.SignReceipt(signer, receipt(t))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tr.OpenReceipt(statement); (err == nil) != (signer.ID() == k2.ID()) {
				t.Errorf("%s: a receipt: %v", name, err)
			}
			if _, err := tr.OpenOldReceipt(statement); err != nil {
				t.Errorf("%s: an old receipt: %v", name, err)
			}
		}
	}
	if news, err := trust(t, k0.Public(), s1).Learn([][]byte{s1, s2}); !news || err != nil {
		t.Errorf("the second change: %v, %v", news, err)
	}
	if news, err := trust(t, k0.Public(), s1, s2).Learn([][]byte{s1}); news || err != nil {
		t.Errorf("an old story: %v, %v", news, err)
	}
}

// Whoever has the old key certifies nobody, promotes nobody, prolongs nothing, signs no receipt and changes no key for those who have
// learnt of the change; and invents no past.
func TestAStolenOldKeyCanDoNothing(t *testing.T) {
	stolen, now, evil := newKey(t, 1), newKey(t, 3), newKey(t, 5)
	c := claims(t)
	s1 := rotate(t, stolen, now, nil, named(c.ID()))
	tr := trust(t, stolen.Public(), s1)

	foreign := c
	foreign.Device = evil.Public()
	if _, _, err := tr.Open(issue(t, stolen, foreign)); err == nil {
		t.Error("a new device was certified")
	}
	promoted := c
	promoted.Role, promoted.Replaces, promoted.Until = device.Coordinator, []device.ID{newKey(t, 9).ID()}, c.Until.AddDate(50, 0, 0)
	got, current, err := tr.Open(issue(t, stolen, promoted))
	if err != nil || current || got.Role != device.Enumerator || got.Replaces != nil || got.Until.Year() != 2028 {
		t.Errorf("a device was promoted or prolonged: %+v, %v", got, err)
	}
	statement, err := device.SignReceipt(stolen, receipt(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.OpenReceipt(statement); err == nil {
		t.Error("a receipt was signed")
	}
	before := trust(t, evil.Public(), rotate(t, evil, stolen, nil, named(evil.ID()))).Statements()
	for what, chain := range map[string][][]byte{
		"another change of the same key": {rotate(t, stolen, evil, nil, named(evil.ID()))},
		"a change behind the true one":   {s1, rotate(t, stolen, evil, s1, named(evil.ID()))},
		"a longer past":                  {before[0], s1},
		"a past that fits":               {before[0], rotate(t, stolen, evil, before[0], nil), s1},
	} {
		var e *device.RotationError
		if _, err := tr.Learn(chain); !errors.As(err, &e) || !tr.Key().Equal(now.Public()) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := device.NewTrust(device.Project{ID: rotated, Key: now.Public()}, chain...); err == nil {
			t.Errorf("%s: taken by one who joined with the new key", what)
		}
	}
	if !reflect.DeepEqual(tr.Statements(), [][]byte{s1}) {
		t.Error("the statements changed")
	}
}

// Changes of other projects, and more of them than there may be, are none.
func TestTrustRefusesOtherChains(t *testing.T) {
	k0, k1 := newKey(t, 1), newKey(t, 3)
	other, err := device.SignRotation(k0, k1, device.Rotation{Project: "another"})
	if err != nil {
		t.Fatal(err)
	}
	foreign := rotate(t, newKey(t, 7), newKey(t, 8), nil, nil)
	for what, chain := range map[string][][]byte{"another project": {other}, "foreign keys": {foreign}, "too many": make([][]byte, device.MaxRotations+1), "nothing": {nil}} {
		var e *device.RotationError
		if _, err := trust(t, k0.Public()).Learn(chain); !errors.As(err, &e) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzRotation(f *testing.F) {
	statement := rotate(f, newKey(f, 1), newKey(f, 3), nil, named(newKey(f, 2).ID()))
	f.Add(statement)
	f.Add([]byte(`{"rotation":{"v":1},"signature":"","successor":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e *device.RotationError
		got, err := device.OpenRotation(b)
		if err == nil && !bytes.Equal(b, statement) {
			t.Fatalf("forged: %+v", got)
		}
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		if _, err := device.NewTrust(device.Project{ID: rotated, Key: newKey(t, 1).Public()}, b); err == nil && !bytes.Equal(b, statement) {
			t.Fatal("a forged change was taken")
		}
	})
}
