package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// packed makes a backup with any database in it.
func packed(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := &tarring{tar.NewWriter(z), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	database, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	var sum backupSum
	err = w.json(backupHead, backedUp{Vereda: "backup", V: 1, Project: "p"})
	if err == nil {
		sum.Database, err = w.file(backupDatabase, database.Name())
	}
	if err := errors.Join(err, w.json(backupEnd, sum), w.Close(), z.Close(), database.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A backup that is cut or changed anywhere is refused with its reason.
func TestEveryDamageOfABackupIsRefused(t *testing.T) {
	whole := packed(t)
	if head, err := readBackup(bytes.NewReader(whole), t.TempDir()); err != nil || head.Project != "p" {
		t.Fatalf("%+v, %v", head, err)
	}
	var refused *backupError
	for i := range whole {
		for bit := range 8 {
			changed := bytes.Clone(whole)
			changed[i] ^= 1 << bit
			folder := filepath.Join(t.TempDir(), "in")
			_, err := readBackup(bytes.NewReader(changed), folder)
			if err != nil && !errors.As(err, &refused) {
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			}
			if b, missing := os.ReadFile(filepath.Join(folder, backupDatabase)); err == nil && (missing != nil || len(b) != 0) {
				t.Fatalf("byte %d, bit %d changes what is restored", i, bit)
			}
		}
		if _, err := readBackup(bytes.NewReader(whole[:i]), t.TempDir()); !errors.As(err, &refused) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}

// FuzzReadBackup: a file that is no backup is refused, and nothing is written outside the folder.
func FuzzReadBackup(f *testing.F) {
	whole := packed(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("no backup"))
	f.Fuzz(func(t *testing.T, b []byte) {
		outside := t.TempDir()
		folder := filepath.Join(outside, "in")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		var refused *backupError
		if _, err := readBackup(bytes.NewReader(b), folder); err != nil && !errors.As(err, &refused) {
			t.Error(err)
		}
		if all, err := os.ReadDir(outside); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// FuzzForwarded: whatever stands in X-Forwarded-For, a request comes from an address.
func FuzzForwarded(f *testing.F) {
	before, err := parseProxies([]string{"127.0.0.0/8", "10.0.0.1"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("192.0.2.7, 10.0.0.1")
	f.Add("::ffff:127.0.0.1, fe80::1%eth0")
	f.Add("unknown")
	f.Fuzz(func(t *testing.T, header string) {
		r := &http.Request{RemoteAddr: "127.0.0.1:4000", Header: http.Header{"X-Forwarded-For": {header}}}
		if _, err := netip.ParseAddrPort(before.origin(r)); err != nil {
			t.Errorf("%q: %v", header, err)
		}
	})
}
