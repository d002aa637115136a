package transfer_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// What was begun is gone on with where the data folder was moved meanwhile, and begun anew where only a half of it is left: a program was
// killed, or the disk was full, while it began.
func TestAnUploadIsGoneOnWith(t *testing.T) {
	for name, change := range map[string]func(w *world, info string) error{
		"moved": func(w *world, _ string) error {
			moved := w.dir + "-moved"
			err := os.Rename(w.dir, moved)
			w.dir = moved
			return err
		},
		"empty": func(_ *world, info string) error { return os.Truncate(info, 0) },
		"half":  func(_ *world, info string) error { return os.Remove(info[:len(info)-len(".info")]) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.photographer("Ana")
			m := w.photographed(a, 300_000)
			proxy := newCutter(t, w.address, "127.0.0.1:0", append([]int64{55_000}, make([]int64, 100)...)...)
			a.membership.Address = "https://" + proxy.listener.Addr().String()
			w.connect(a)
			if _, err := a.client.Sync(context.Background(), a.store, nil); err == nil {
				t.Fatal("the link did not break")
			}
			begun, err := filepath.Glob(filepath.Join(w.dir, "media", "uploads", "*.info"))
			w.must(err)
			if len(begun) != 1 {
				t.Fatalf("begun: %v", begun)
			}
			w.stop()
			w.must(change(w, begun[0]))
			w.start(w.address)
			proxy.mu.Lock()
			proxy.after = nil
			proxy.mu.Unlock()
			before := proxy.up.Load()
			r, err := a.client.Sync(context.Background(), a.store, nil)
			if err != nil || r.Photos != 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			w.arrived(m)
			if up := proxy.up.Load() - before; (up < 300_000) != (name == "moved") {
				t.Errorf("%d bytes went up", up)
			}
		})
	}
}
