package transfer_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// The environment of a test over a real bad link: the network namespace behind it, and in the process there the folder of the tablet.
const (
	envNamespace = "VEREDA_BADLINK"
	envTablet    = "VEREDA_BADLINK_TABLET"
)

// A photo of 300 kB is interrupted five times on a bad link. What crosses the link the tool that makes it counts: scripts/bench-link.sh.
func TestPhotoOverABadLink(t *testing.T) {
	namespace := os.Getenv(envNamespace)
	if namespace == "" {
		t.Skip("it needs a bad link: scripts/bench-link.sh")
	}
	w := newWorld(t)
	dir := t.TempDir()
	s, err := store.Open(filepath.Join(dir, "tablet.db"))
	w.must(err)
	a := &tablet{key: w.newKey(), store: s}
	code, err := device.NewCode(w.random)
	w.must(err)
	w.must(w.archive.Invite(context.Background(), code, device.Enumerator, 1, w.now.AddDate(0, 0, 7)))
	a.membership, err = transfer.Enrol(context.Background(), w.invitation(code), a.key, "Ana")
	w.must(err)
	m := w.photographed(a, 300_000)
	w.must(s.Close())
	proxy := newCutter(t, w.address, "10.231.0.1:0", 55_000, 55_000, 55_000, 55_000, 55_000)
	a.membership.Address = "https://" + proxy.listener.Addr().String()
	b, err := json.Marshal(a.membership)
	w.must(err)
	w.must(os.WriteFile(filepath.Join(dir, "membership"), b, 0o600))
	child := exec.Command("ip", "netns", "exec", namespace, os.Args[0], "-test.run", "^TestTabletBehindABadLink$", "-test.v")
	child.Env = append(os.Environ(), envTablet+"="+dir)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.arrived(m)
	t.Logf("%d interruptions, %d bytes up and %d down above TCP, %.3f times its size", proxy.cuts.Load(), proxy.up.Load(), proxy.down.Load(),
		float64(proxy.up.Load()+proxy.down.Load())/float64(m.Size))
	if proxy.cuts.Load() != 5 {
		t.Errorf("interrupted %d times", proxy.cuts.Load())
	}
}

// It is the tablet of TestPhotoOverABadLink, in a process of its own.
func TestTabletBehindABadLink(t *testing.T) {
	dir := os.Getenv(envTablet)
	if dir == "" {
		t.Skip("it is a part of TestPhotoOverABadLink")
	}
	var m transfer.Membership
	b, err := os.ReadFile(filepath.Join(dir, "membership"))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(dir, "tablet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client, err := transfer.NewClient(m, transfer.ClientOptions{Album: s, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for {
		r, err := client.Sync(context.Background(), s, nil)
		var again *transfer.RetryError
		if err == nil {
			t.Logf("%+v", r)
			return
		}
		if !errors.As(err, &again) {
			t.Fatal(err)
		}
		t.Log(err)
	}
}
