package transfer_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// turned is a project that changed its key from old to now, with a central collector and a tablet that was certified before.
type turned struct {
	*world
	old, now, own, tablet device.Key
	statement             []byte
	certificate           device.Certificate // of the tablet, by the old key
	store                 *store.Store
	kept                  []transfer.Membership // what the tablet kept, the last one last
}

func newTurned(t *testing.T) *turned {
	w := newWorld(t)
	k := &turned{world: w, old: w.project, now: w.newKey(), own: w.newKey(), tablet: w.newKey()}
	k.statement = k.rotation(k.old, k.now)
	k.certificate = k.certify(k.old, k.tablet, device.Enumerator)
	var err error
	k.store, err = store.Open(filepath.Join(t.TempDir(), "tablet.db"))
	w.must(err)
	t.Cleanup(func() { k.store.Close() })
	k.kept = []transfer.Membership{{V: 1, Project: w.name, Key: k.tablet.Marshal(), Certificate: k.certificate}}
	return k
}

// rotation signs a change of the key that names the collector and the tablet, and others.
func (k *turned) rotation(from, to device.Key, others ...device.Key) []byte {
	return k.rotationBehind(nil, from, to, others...)
}

func (k *turned) rotationBehind(before []byte, from, to device.Key, others ...device.Key) []byte {
	devices := map[device.ID]device.Allowed{k.own.ID(): {Role: device.Collector}, k.tablet.ID(): {}}
	for _, o := range others {
		devices[o.ID()] = device.Allowed{Role: device.Collector}
	}
	r := device.Rotation{Project: k.name.ID, At: k.world.now, Until: k.world.now.AddDate(1, 0, 0), Devices: devices}
	if before != nil {
		r.Before = record.Entry{Body: before}.ID().String()
	}
	s, err := device.SignRotation(from, to, r)
	k.must(err)
	return s
}

func (k *turned) certify(project, who device.Key, role device.Role) device.Certificate {
	c, err := device.Issue(project, device.Claims{Project: k.name.ID, Device: who.Public(), Name: "somebody", Role: role, From: k.world.now, Until: k.world.now.AddDate(2, 0, 0)})
	k.must(err)
	return c
}

// collector serves an archive of its own: with a project's private key (zero: a hub), sealing with a key that signer certified, and having
// heard of changes of the key.
func (k *turned) collector(project, own, signer device.Key, statements ...[]byte) (address string, a *archive.Archive) {
	trust, err := device.NewTrust(k.name, statements...)
	k.must(err)
	now := func() time.Time { return k.world.now }
	a, err = archive.Open(context.Background(), k.t.TempDir(), archive.Options{Now: now, Shape: shape, Trust: trust, Receipt: trust.OpenOldReceipt})
	k.must(err)
	k.must(a.Publish(context.Background(), record.FormVersion{V: 1, Form: "household", Version: "1", Name: "household.xlsx", Source: []byte("workbook")}))
	s := httptest.NewServer(transfer.Handler(a, transfer.Collector{Project: k.name, ProjectKey: project, Now: now, Trust: trust, Certificate: a.Certificate,
		Sealer: batch.Sealer{Project: k.name.ID, Key: own, Certificate: k.certify(signer, own, device.Collector)}}))
	k.t.Cleanup(func() { s.Close(); a.Close() })
	return s.URL, a
}

// sync lets the tablet exchange with a collector, as a new start of its program would.
func (k *turned) sync(address string) (transfer.Report, error) {
	m := k.kept[len(k.kept)-1]
	m.Address = address
	client, err := transfer.NewClient(m, transfer.ClientOptions{Now: func() time.Time { return k.world.now },
		Renewed: func(m transfer.Membership) error { k.kept = append(k.kept, m); return nil }})
	k.must(err)
	defer client.Close()
	return client.Sync(context.Background(), k.store, nil)
}

func (k *turned) capture() {
	k.save(&tablet{key: k.tablet, store: k.store}, [16]byte{}, "household", "as found")
}

// A tablet that was away learns of the new key in its first exchange, gets its certificate, and keeps both before they count.
func TestATabletThatWasAwayGetsTheNewKey(t *testing.T) {
	k := newTurned(t)
	address, _ := k.collector(k.now, k.own, k.now, k.statement)
	k.capture()
	r, err := k.sync(address)
	if err != nil || r.Sent != 1 || !r.Central || len(k.kept) != 2 {
		t.Fatalf("%+v, %v, kept %d", r, err, len(k.kept))
	}
	m := k.kept[1]
	claims, err := m.Certificate.Open(k.now.Public())
	if err != nil || claims.ID() != k.tablet.ID() || claims.Role != device.Enumerator || !m.Project.Key.Equal(k.now.Public()) || len(m.Before) != 1 {
		t.Errorf("%+v, %v; %+v", claims, err, m)
	}
	k.capture()
	if r, err := k.sync(address); err != nil || r.Sent != 1 || len(k.kept) != 2 {
		t.Errorf("once more: %+v, %v, kept %d", r, err, len(k.kept))
	}
	hub, _ := k.collector(device.Key{}, k.own, k.old) // has not heard of it
	k.capture()
	if r, err := k.sync(hub); err != nil || r.Sent != 1 || r.Central || r.Received == 0 {
		t.Errorf("at a hub that has not heard: %+v, %v", r, err)
	}
}

// A change of the key that could not be kept does not count, and neither does anything else of the answer that told of it.
func TestWhatIsNotKeptDoesNotCount(t *testing.T) {
	k := newTurned(t)
	address, _ := k.collector(k.now, k.own, k.now, k.statement)
	k.capture()
	full := errors.New("the disk is full")
	m := k.kept[0]
	m.Address = address
	client, err := transfer.NewClient(m, transfer.ClientOptions{Renewed: func(transfer.Membership) error { return full }})
	k.must(err)
	defer client.Close()
	r, err := client.Sync(context.Background(), k.store, nil)
	if !errors.Is(err, full) || r.Central || r.Received > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if n, err := k.store.Left(); err != nil || n != 1 {
		t.Errorf("%d are left, %v", n, err)
	}
	if r, err := k.sync(address); err != nil || !r.Central || len(k.kept) != 2 {
		t.Errorf("when it can be kept: %+v, %v", r, err)
	}
}

// A revoked device gets no new certificate, and is not let in.
func TestARevokedDeviceGetsNoNewCertificate(t *testing.T) {
	k := newTurned(t)
	address, a := k.collector(k.now, k.own, k.now, k.statement)
	k.must(a.Revoke(context.Background(), k.tablet.ID()))
	k.capture()
	var p *transfer.Problem
	if _, err := k.sync(address); !errors.As(err, &p) || p.Code != transfer.CodeRevoked || len(k.kept) != 1 {
		t.Errorf("%v, kept %d", err, len(k.kept))
	}
}

// Whoever stole the old key, and answers in the collector's place, convinces no tablet that has heard of the new one: not that he is the
// centre, not that the key was changed for his, and not with a collector that he certified himself.
func TestAStolenOldKeyConvincesNoTablet(t *testing.T) {
	k := newTurned(t)
	address, _ := k.collector(k.now, k.own, k.now, k.statement)
	if _, err := k.sync(address); err != nil {
		t.Fatal(err)
	}
	evil := k.newKey()
	k.capture()

	posing, _ := k.collector(k.old, k.own, k.old) // with the hub's key too
	if r, err := k.sync(posing); err != nil || r.Central {
		t.Errorf("receipts of the old key: %+v, %v", r, err)
	}
	if n, err := k.store.Left(); err != nil || n == 0 {
		t.Errorf("the outbox let go: %d, %v", n, err)
	}
	var later *transfer.RetryError
	own, _ := k.collector(k.old, evil, k.old)
	if r, err := k.sync(own); !errors.As(err, &later) || r.Received > 0 {
		t.Errorf("a collector of his own: %+v, %v", r, err)
	}
	evil2 := k.newKey()
	first := k.rotation(k.old, evil, evil)
	chain := [][]byte{first, k.rotationBehind(first, evil, evil2)}
	for n := 1; n <= 2; n++ {
		signer := []device.Key{evil, evil2}[n-1]
		other, _ := k.collector(signer, evil, signer, chain[:n]...)
		if r, err := k.sync(other); !errors.As(err, &later) || r.Central || r.Received > 0 {
			t.Errorf("changes of his own: %+v, %v", r, err)
		}
	}
	if last := k.kept[len(k.kept)-1]; !last.Project.Key.Equal(k.now.Public()) {
		t.Error("the tablet believes another key")
	}
}

// What a stolen key can do: a tablet that has not heard of the change believes who has it, as before. This is why a change is to be
// brought to all tablets soon.
func TestATabletThatHasNotHeardBelievesTheOldKey(t *testing.T) {
	k := newTurned(t)
	posing, _ := k.collector(k.old, k.own, k.old)
	k.capture()
	if r, err := k.sync(posing); err != nil || !r.Central {
		t.Errorf("%+v, %v", r, err)
	}
}

// At the collector's door, certificates of the old key count for the devices that it had certified when it was changed, and for what it had
// given them; nobody gets in with a new one.
func TestAStolenOldKeyOpensNoDoor(t *testing.T) {
	k := newTurned(t)
	address, _ := k.collector(k.now, k.own, k.now, k.statement)
	code := func(who device.Key, role device.Role, batches bool) string {
		asked := &request{w: k.world, key: who, certificate: k.certify(k.old, who, role), ask: map[string]any{"v": 1, "project": k.name.ID, "device": who.ID(),
			"at": k.world.now, "nonce": "n", "batches": batches, "want": map[string]int{"entries": 10, "bytes": 10_000}}}
		return asked.doAt(address)
	}
	if got := code(k.newKey(), device.Collector, true); got != transfer.CodeCertificate {
		t.Errorf("a new device: %q", got)
	}
	if got := code(k.tablet, device.Collector, true); got != transfer.CodeRole {
		t.Errorf("a tablet that wants to be a collector: %q", got)
	}
	if got := code(k.tablet, device.Collector, false); got != "" {
		t.Errorf("a tablet as what it is: %q", got)
	}
	k.world.now = k.world.now.AddDate(1, 0, 1)
	if got := code(k.tablet, device.Enumerator, false); got != transfer.CodeExpired {
		t.Errorf("when the old certificates are over: %q", got)
	}
}

// doAt sends the request to a collector that does not encrypt, and returns the problem's code.
func (r *request) doAt(address string) string {
	body := r.body()
	sum := record.Entry{Body: body}.ID() // SHA-256
	asked, err := http.NewRequest(http.MethodPost, address+"/api/v1/exchange", bytes.NewReader(body))
	r.w.must(err)
	asked.Header.Set("Vereda-Signature", base64.StdEncoding.EncodeToString(r.key.Sign("exchange", sum[:])))
	response, err := http.DefaultClient.Do(asked)
	r.w.must(err)
	defer response.Body.Close()
	var p transfer.Problem
	if response.StatusCode != http.StatusOK {
		r.w.must(json.NewDecoder(response.Body).Decode(&p))
	}
	return p.Code
}
