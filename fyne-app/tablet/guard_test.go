package tablet

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"filippo.io/age"

	"vereda/fyne-app/screen"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/device"
)

// after waits for something that works in the background.
func after(t *testing.T, do func(done func(error))) error {
	t.Helper()
	result := make(chan error, 1)
	do(func(err error) { result <- err })
	select {
	case err := <-result:
		return err
	case <-time.After(30 * time.Second):
		t.Fatal("it does not end")
		return nil
	}
}

func noProgress(float64) {}

// tellRecovery makes a recovery key the project's.
func (c *collector) tellRecovery(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	value, err := json.Marshal(key.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	entry, err := record.Setting{Name: projectRecovery, Value: value, Said: record.Said{Device: "centre", At: time.Now()}}.Entry()
	if err == nil {
		err = c.archive.Put(context.Background(), entry)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestATabletWithAPIN(t *testing.T) {
	c, folder := newCollector(t), t.TempDir()
	key := c.tellRecovery(t)
	tablet := open(t, folder)
	if err := tablet.Enrol(t.Context(), screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	until := follow(t, tablet)
	until(screen.Resting)
	g := tablet.Ports().Guard
	if g.Protected() || !g.Recoverable() {
		t.Fatal(g.Protected(), g.Recoverable())
	}
	if err := after(t, func(done func(error)) { g.Protect("271828", noProgress, done) }); err != nil {
		t.Fatal(err)
	}
	finish(t, tablet)
	g.Lock()
	if _, member := tablet.Member(); member || !g.Locked() {
		t.Fatal("a locked tablet tells who it is")
	}
	if err := after(t, func(done func(error)) { g.Unlock("271828", done) }); err != nil {
		t.Fatal(err)
	}
	for until(screen.Resting).Up == 0 { // it goes on sending by itself
	}
	if err := tablet.Close(); err != nil {
		t.Fatal(err)
	}

	tablet = open(t, folder) // the next day
	defer tablet.Close()
	until = follow(t, tablet)
	g = tablet.Ports().Guard
	var wrong *store.PINError
	if err := after(t, func(done func(error)) { g.Unlock("0000", done) }); !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	forgotten(t, g, key)
	if m, member := tablet.Member(); !member || m.Name != "Rosa" {
		t.Fatal("the membership is gone")
	}
	until(screen.Resting)
	if err := after(t, func(done func(error)) { g.Unprotect("3141", noProgress, done) }); err != nil || g.Protected() {
		t.Fatal(err)
	}
}

// forgotten opens a tablet with the help of who has the recovery key.
func forgotten(t *testing.T, g screen.Guard, key age.Identity) {
	t.Helper()
	request, ok := g.Request()
	if !ok {
		t.Fatal("there is no recovery")
	}
	r, err := device.OpenRecovery(request, key)
	if err != nil {
		t.Fatal(err)
	}
	var mistyped *screen.CodeError
	if err := after(t, func(done func(error)) { g.Recover(r.Code[:20], "3141", done) }); !errors.As(err, &mistyped) || mistyped.Part != "" {
		t.Fatal(err)
	}
	swapped := r.Code[1:2] + r.Code[:1] + r.Code[2:]
	if swapped != r.Code {
		if err := after(t, func(done func(error)) { g.Recover(swapped, "3141", done) }); !errors.As(err, &mistyped) || mistyped.Part != swapped[:9] {
			t.Fatal(err)
		}
	}
	if err := after(t, func(done func(error)) { g.Recover(r.Code, "3141", done) }); err != nil {
		t.Fatal(err)
	}
}
