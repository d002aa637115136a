package relay

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// place is what two programs of one collector share: its files, of which one is still at the upstream.
type place struct {
	Files
	folder string
	got    atomic.Value // what was taken in
}

func (p *place) UploadFolder() (string, error) { return p.folder, nil }

func (p *place) MediaPlaces(context.Context, string) (pulled, pushed uint64, err error) {
	return 0, 0, nil
}

func (p *place) MediaAfter(context.Context, string, uint64, int) ([]record.Media, uint64, error) {
	return nil, 0, nil
}

func (p *place) ToFetch(context.Context, string, bool, int) ([]record.Media, error) {
	if p.got.Load() != nil {
		return nil, nil
	}
	return []record.Media{{Size: int64(len(content))}}, nil
}

func (p *place) ReceiveMedia(_ context.Context, _ record.ID, path string, _ device.ID, _ string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	p.got.Store(string(b))
	return os.Remove(path)
}

const content = "abcdefgh"

// slow is an upstream that takes a minute for each half of a file, and notes from where it was asked for it.
type slow struct {
	Carrier
	mu    sync.Mutex
	asked []int64
}

func (s *slow) News(context.Context, uint64) (transfer.MediaAnswer, error) {
	return transfer.MediaAnswer{}, nil
}

func (s *slow) Fetch(_ context.Context, _ record.Media, offset int64, take func(int64, []byte) error) (bool, error) {
	s.mu.Lock()
	s.asked = append(s.asked, offset)
	s.mu.Unlock()
	for ; offset < int64(len(content)); offset += int64(len(content) / 2) {
		if err := take(offset, []byte(content[offset:offset+int64(len(content)/2)])); err != nil {
			return false, err
		}
		time.Sleep(time.Minute)
	}
	return true, nil
}

// Two programs of one collector that relay at the same time bring a file down once, and neither writes into what the other takes in.
func TestProgramsCarryOneAfterTheOther(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		up, files := new(slow), &place{folder: folder}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := (&carriage{files: files, carrier: up}).carry(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if !slices.Equal(up.asked, []int64{0}) || files.got.Load() != content {
			t.Errorf("asked from %v, taken in %v", up.asked, files.got.Load())
		}
	})
}

// What a program had fetched when it was killed is not fetched again, and what it held is free.
func TestAFileIsFetchedOnAfterAKill(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "fetch-"+record.ID{}.String()), []byte(content[:4]), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		up, files := new(slow), &place{folder: folder}
		c := &carriage{files: files, carrier: up, folder: folder}
		release, err := c.alone(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, release) // as the system does for a program that has ended
		if err := c.carry(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(up.asked, []int64{4}) || files.got.Load() != content {
			t.Errorf("asked from %v, taken in %v", up.asked, files.got.Load())
		}
	})
}

// Who may not wait any longer goes away without having touched anything.
func TestWaitingForAnotherProgramEnds(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		up := new(slow)
		c := &carriage{files: &place{folder: folder}, carrier: up, folder: folder}
		release, err := c.alone(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.carry(ctx); !errors.Is(err, context.DeadlineExceeded) || len(up.asked) > 0 {
			t.Errorf("%v, asked %v", err, up.asked)
		}
	})
}
