package batch_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vereda/sync/batch"
)

// repeated is a reader of one text over and over, n bytes in all.
func repeated(text string, n int64) io.Reader {
	block := strings.NewReader(strings.Repeat(text, 1+1<<16/len(text)))
	return io.LimitReader(&loop{block}, n)
}

type loop struct{ block *strings.Reader }

func (l *loop) Read(b []byte) (int, error) {
	n, err := l.block.Read(b)
	if err == io.EOF {
		_, err = l.block.Seek(0, io.SeekStart)
	}
	return n, err
}

// A few kilobytes that would be 256 megabytes are refused before the memory is spent, whether they are one endless line or
// endless entries of a device that the project knows.
func TestBombsAreRefusedWithinMemory(t *testing.T) {
	const big = 256 << 20
	header := strings.SplitAfter(textOf(t, sealed(t, sealer(t, 2), nil, small()...)), "\n")[0]
	many := strings.Replace(header, `"entries":2`, `"entries":20000`, 1)
	bombs := map[string][]byte{
		"zeros":       forged(t, repeated("\x00", big)),
		"line ends":   forged(t, repeated("\n", big)),
		"one entry":   forged(t, io.MultiReader(strings.NewReader(header+`{"kind":"revision","entry":"`), repeated("x", big))),
		"big entries": forged(t, io.MultiReader(strings.NewReader(many), repeated(`{"kind":"x","entry":"`+strings.Repeat("y", 100_000)+"\"}\n", big))),
	}
	bombs["columns"] = forged(t, io.MultiReader(strings.NewReader("columns 1\x00\xff\xff\x03"), repeated("\x00", big)))
	bombs["a column"] = forged(t, io.MultiReader(strings.NewReader("columns 1\x00\x01{"), repeated("x", 1<<20), strings.NewReader("\x00"), repeated("\x80", 8<<20), strings.NewReader("\x00\"\":\x00\x00")))
	for what, bomb := range bombs {
		if len(bomb) > 500_000 {
			t.Errorf("%s: a bomb of %d bytes is none", what, len(bomb))
		}
		o := opener(t)
		o.Limits.Expanded = 16 << 20
		spent := peak(func() {
			_, err := o.Open(bytes.NewReader(bomb))
			if reason := reasonOf(err); reason != batch.TooLarge && reason != batch.Corrupt {
				t.Errorf("%s: %v", what, err)
			}
		})
		t.Logf("%s: %d bytes, %d kB of memory", what, len(bomb), spent>>10)
		if spent > 48<<20 {
			t.Errorf("%s: %d MB of memory for a limit of 16 MB", what, spent>>20)
		}
	}
}

// peak returns by how much the heap grew at most while f ran.
func peak(f func()) uint64 {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), now.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-done
	return most.Load() - min(before.HeapAlloc, most.Load())
}
