package transfer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vereda/survey/record"
	"vereda/sync/device"
)

func TestPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPace()
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			n := rapid.IntRange(1, p.entries).Draw(t, "sent")
			before := p
			switch rapid.SampledFrom([]string{"arrived", "all arrived", "lost", "too large"}).Draw(t, "what") {
			case "arrived":
				p = p.succeeded(true)
				if p.entries < before.entries || p.bytes < before.bytes {
					t.Fatalf("%v after success %v", before, p)
				}
			case "all arrived":
				if p = p.succeeded(false); p != before {
					t.Fatalf("grew from %v to %v though nothing waited", before, p)
				}
			case "lost":
				p = p.failed(n)
				if p.entries > before.entries || p.bytes > before.bytes || n > 2*leastEntries && p.entries > n/2 {
					t.Fatalf("%v, %d lost: %v", before, n, p)
				}
			case "too large":
				p = p.refused(n)
				if n > 1 && p.entries >= n {
					t.Fatalf("%d were too large, next %d", n, p.entries)
				}
			}
			if p.entries < 1 || p.bytes < 1 || p.entries > mostEntries || p.bytes > mostBytes {
				t.Fatalf("out of bounds: %v", p)
			}
		}
	})
}

func TestBackoff(t *testing.T) {
	b := NewBackoff(func() float64 { return 0 })
	var waits []time.Duration
	for range 11 {
		waits = append(waits, b.Next())
	}
	if got := fmt.Sprint(waits); got != "[1s 2s 4s 8s 16s 32s 1m4s 2m8s 4m16s 5m0s 5m0s]" {
		t.Error(got)
	}
	b.Reset()
	if b.Next() != time.Second {
		t.Error("a success does not begin anew")
	}
	random := rand.New(rand.NewPCG(1, 1))
	jittered := NewBackoff(random.Float64)
	for i := range 100 {
		full := min(time.Second<<min(i, 20), 5*time.Minute)
		if wait := jittered.Next(); wait <= full/2-1 || wait > full {
			t.Errorf("failure %d: %v of %v", i+1, wait, full)
		}
	}
}

// Receipts, written in runs and read again, are the same; runs that answer for more or less are refused.
func TestReceiptsInRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "n")
		entries, all := make([]record.Entry, n), make([]record.Receipt, n)
		for i := range entries {
			entries[i] = record.Entry{Kind: "x", Body: fmt.Appendf(nil, "%d", i)}
			status := rapid.SampledFrom([]record.Status{record.Stored, record.Known, record.Quarantined, record.Refused}).Draw(t, "status")
			all[i] = record.Receipt{Entry: entries[i].ID(), Status: status, Reason: rapid.SampledFrom([]string{"", "too-large"}).Draw(t, "reason")}
		}
		b, err := json.Marshal(runs(all))
		if err != nil {
			t.Fatal(err)
		}
		var back []device.Run
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		got, err := receipts(back, entries)
		if err != nil || !reflect.DeepEqual(got, all) {
			t.Fatalf("%s: %v, %v", b, got, err)
		}
		if _, err := receipts(back, append(entries, record.Entry{})); err == nil {
			t.Fatal("an entry without receipt was passed over")
		}
		if n > 0 {
			if _, err := receipts(back, entries[1:]); err == nil {
				t.Fatal("a receipt too many was passed over")
			}
		}
	})
	for _, odd := range []string{`[["eaten",1]]`, `[["stored",-1],["stored",2]]`, `[["stored",0]]`, `[["stored",1000000000]]`, `[[]]`, `[["stored"]]`, `[["stored",1,"",""]]`, `{}`} {
		var back []device.Run
		if err := json.Unmarshal([]byte(odd), &back); err == nil {
			if _, err := receipts(back, []record.Entry{{}}); err == nil {
				t.Errorf("%s was taken", odd)
			}
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(join([]byte("{}")))
	f.Add(join([]byte("{}"), []byte("batch"), nil))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, body []byte) {
		parts, err := split(body, maxAsk)
		if err != nil {
			return
		}
		again, err := split(join(parts...), maxAsk)
		if err != nil || len(again) != len(parts) {
			t.Fatalf("%d parts, then %d, %v", len(parts), len(again), err)
		}
		for i := range parts {
			if !bytes.Equal(parts[i], again[i]) {
				t.Fatalf("part %d changed", i)
			}
		}
	})
}

// Answers from anywhere are an answer to this request, or an error worth trying again.
func FuzzReadAnswer(f *testing.F) {
	asked := ask{Nonce: "n", Cursors: map[string]uint64{"": 3}}
	entries := []record.Entry{{Body: []byte("1")}, {Body: []byte("2")}}
	f.Add(join([]byte(`{"v":1,"at":"2026-11-23T12:00:00Z","nonce":"n","receipts":[[["stored",2]]],"cursor":4,"more":true}`)))
	f.Add(join([]byte(`{"v":1,"nonce":"n","receipts":[[["refused",1,"x"],["known",1]]],"cursor":3}`), []byte("batch")))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, err := readAnswer(body, asked, entries)
		if _, retry := err.(*RetryError); err != nil && !retry {
			t.Fatal(err)
		}
		if err == nil && (len(a.receipts) != 2 || a.More && a.Cursor == asked.Cursors[a.Archive]) {
			t.Fatalf("%+v", a)
		}
	})
}

// Answers from anywhere are an answer to a peer's request, or an error worth trying again.
func FuzzReadPeerAnswer(f *testing.F) {
	asked := ask{Nonce: "n", Cursors: map[string]uint64{"a": 3}}
	f.Add(join([]byte(`{"v":1,"nonce":"n","archive":"a","receipts":[[["stored",2]]],"cursor":4,"more":true,"parts":[{"place":4,"ahead":-5}]}`), []byte("batch")))
	f.Add(join([]byte(`{"v":1,"nonce":"n","archive":"a","receipts":[[]],"cursor":3,"parts":[null]}`), nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, err := readPeerAnswer(body, asked, 1)
		if _, retry := err.(*RetryError); err != nil && !retry {
			t.Fatal(err)
		}
		if err == nil && (len(a.Receipts) != 1 || a.Archive == "" || a.More && a.Archive == "a" && a.Cursor == 3) {
			t.Fatalf("%+v", a)
		}
	})
}

// Somebody with a whole site's addresses is one place, and no more.
func TestASiteIsOnePlace(t *testing.T) {
	for _, same := range [][2]string{{"192.0.2.1:1", "[::ffff:192.0.2.1]:2"}, {"[2001:db8:1:2::3]:1", "[2001:db8:1:ffff::4%eth0]:9"}} {
		if place(same[0]) != place(same[1]) {
			t.Errorf("%s and %s are two places", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"192.0.2.1:1", "192.0.2.2:1"}, {"[2001:db8:1::1]:1", "[2001:db8:2::1]:1"}} {
		if place(other[0]) == place(other[1]) {
			t.Errorf("%s and %s are one place", other[0], other[1])
		}
	}
}
