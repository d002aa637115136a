package relay

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// place is what two programs of one collector share: its files.
type place struct {
	Files
	folder string
	got    atomic.Value // what was taken in, and when
}

func (p *place) UploadFolder() (string, error) { return p.folder, nil }

func (p *place) HereMedia(_ context.Context, ids []record.ID) ([]record.ID, error) {
	if p.got.Load() == nil {
		return nil, nil
	}
	return ids, nil
}

func (p *place) ReceiveMedia(_ context.Context, _ record.ID, path string, _ device.ID, _ string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	p.got.Store(string(b))
	return os.Remove(path)
}

// slow is an upstream that takes a minute for each half of a file, and notes from where it was asked for it.
type slow struct {
	Carrier
	content string
	mu      sync.Mutex
	asked   []int64
}

func (s *slow) Fetch(_ context.Context, _ record.Media, offset int64, take func(int64, []byte) error) (bool, error) {
	s.mu.Lock()
	s.asked = append(s.asked, offset)
	s.mu.Unlock()
	half := int64(len(s.content) / 2)
	for ; offset < int64(len(s.content)); offset += half {
		if err := take(offset, []byte(s.content[offset:offset+half])); err != nil {
			return false, err
		}
		time.Sleep(time.Minute)
	}
	return true, nil
}

// Two programs of one collector that fetch the same file bring it down once, and neither writes into what the other takes in.
func TestProgramsFetchAFileOneAfterTheOther(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		up, files := &slow{content: "abcdefgh"}, &place{folder: folder}
		m := record.Media{Size: 8}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := (&carriage{files: files, carrier: up}).fetchOne(t.Context(), m); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if len(up.asked) != 1 || files.got.Load() != up.content {
			t.Errorf("asked from %v, taken in %v", up.asked, files.got.Load())
		}
	})
}

// What a program had fetched when it was killed is not fetched again, and what it held is free.
func TestAFileIsFetchedOnAfterAKill(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		up, files := &slow{content: "abcdefgh"}, &place{folder: folder}
		m := record.Media{Size: 8}
		if err := os.WriteFile(filepath.Join(folder, "fetch-"+m.SHA256.String()), []byte("abcd"), 0o600); err != nil {
			t.Fatal(err)
		}
		release, err := alone(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(time.Second)
			release() // as the system does for a program that has ended
		}()
		if err := (&carriage{files: files, carrier: up}).fetchOne(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if len(up.asked) != 1 || up.asked[0] != 4 || files.got.Load() != up.content {
			t.Errorf("asked from %v, taken in %v", up.asked, files.got.Load())
		}
	})
}

// Who may not wait any longer goes away without having touched anything.
func TestWaitingForAnotherProgramEnds(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		release, err := alone(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		up, files := &slow{content: "ab"}, &place{folder: folder}
		if err := (&carriage{files: files, carrier: up}).fetchOne(ctx, record.Media{Size: 2}); err == nil || len(up.asked) > 0 {
			t.Errorf("%v, asked %v", err, up.asked)
		}
	})
}
