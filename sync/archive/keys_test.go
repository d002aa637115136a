package archive

import (
	"bytes"
	"context"
	"testing"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
)

// What tells of a new key is filed when the archive has heard of it, and kept aside before; the archive finds a device's newest certificate,
// also after everything was made again.
func TestCertificatesOfANewKey(t *testing.T) {
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	old, now, tablet := testKey(t, 1), testKey(t, 3), testKey(t, 2)
	claims := device.Claims{Project: "p", Device: tablet.Public(), Name: "Inés", Role: device.Enumerator, From: clock(), Until: clock().AddDate(2, 0, 0)}
	statement, err := device.SignRotation(old, now, device.Rotation{Project: "p", At: clock(), Until: clock().AddDate(1, 0, 0), Devices: map[device.ID]device.Allowed{tablet.ID(): {}}})
	ok(err)
	trust, err := device.NewTrust(device.Project{ID: "p", Key: old.Public()})
	ok(err)
	o := testOptions()
	o.Trust = trust
	a := openSQLite(t, t.TempDir(), o)
	by := func(signer device.Key, until time.Time) record.Entry {
		claims.Until = until
		certificate, err := device.Issue(signer, claims)
		ok(err)
		return record.Entry{Kind: record.KindCertificate, Body: certificate}
	}
	early := by(now, clock().AddDate(1, 0, 0))
	receipts, err := a.Receive(context.Background(), batchOf(claims, record.Entry{Kind: record.KindRotation, Body: statement}, early), "hub")
	ok(err)
	for _, r := range receipts {
		if r.Status != record.Quarantined {
			t.Errorf("before it was heard of: %+v", r)
		}
	}
	if got, err := a.Certificate(context.Background(), tablet.ID()); got != nil || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	_, err = trust.Learn([][]byte{statement})
	ok(err)
	ok(a.Reindex(context.Background()))
	late := by(now, clock().AddDate(2, 0, 0))
	ok(a.Put(context.Background(), by(old, clock().AddDate(9, 0, 0)), late))
	for range 2 {
		if got, err := a.Certificate(context.Background(), tablet.ID()); string(got) != string(late.Body) || err != nil {
			t.Errorf("%s, %v", got, err)
		}
		if aside, err := a.Quarantine(context.Background()); len(aside) > 0 || err != nil {
			t.Errorf("%+v, %v", aside, err)
		}
		ok(a.Reindex(context.Background()))
	}
	if got, err := a.Certificate(context.Background(), old.ID()); got != nil || err != nil {
		t.Errorf("of a device without one: %s, %v", got, err)
	}
	if total, err := a.Total(context.Background(), fieldwork.Filter{}); total != 0 || err != nil {
		t.Errorf("%d interviews, %v", total, err)
	}
	if findings, err := a.Verify(context.Background()); len(findings) > 0 || err != nil {
		t.Errorf("%+v, %v", findings, err)
	}
}

// testKey returns the key that a seed makes.
func testKey(t testing.TB, seed byte) device.Key {
	t.Helper()
	k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}
