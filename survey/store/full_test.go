//go:build unix

package store

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vereda/survey/record"
)

func init() { children["full"] = fillUp }

// A limit on the size of files stands in for a full disk: it needs no rights, and hits at the same places.
func TestAFullDiskIsAnErrorAndNoLoss(t *testing.T) {
	out, err := child("full", filepath.Join(t.TempDir(), "store.db")).Output()
	if err != nil || !strings.Contains(string(out), "survived") {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("%s", out)
}

func limitFiles(bytes uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(bytes, limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// fillUp keeps answers until the disk is full, at several sizes of the disk, and goes on when there is room again.
func fillUp(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := opened(path)
	if err != nil {
		return err
	}
	id, kept, fulls := interviewID(1), record.Answers{}, 0
	if err := s.Begin(Interview{ID: id, Form: "f", Version: "1", Created: noon}); err != nil {
		return err
	}
	for n := 0; fulls < 4; n++ {
		if n%11 == 0 { // the disk has a little room left, and not for long
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			if err := limitFiles(uint64(info.Size()) + uint64(n)); err != nil {
				return err
			}
		}
		p := record.Path(fmt.Sprintf("q%d", n))
		v := record.NewText(strings.Repeat("ñandú ", 2500+n%800))
		err := s.Keep(id, Changes{Set: record.Answers{p: v}, At: noon})
		switch {
		case err == nil:
			kept[p] = v
		case !errors.Is(err, ErrFull):
			return fmt.Errorf("answer %d: %w", n, err)
		default:
			fulls++
			if err := checkKept(s, kept); err != nil {
				return err
			}
			if _, err := s.PutMedia("image/png", strings.NewReader(strings.Repeat("x", 3<<20))); !errors.Is(err, ErrFull) {
				return fmt.Errorf("a photo on a full disk: %w", err)
			}
			if err := limitFiles(1 << 62); err != nil {
				return err
			}
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = opened(path); err != nil {
		return err
	}
	fmt.Printf("survived %d times with %d answers\n", fulls, len(kept))
	return errors.Join(checkKept(s, kept), s.Close())
}

func checkKept(s *Store, kept record.Answers) error {
	answers, _, err := s.Answers(interviewID(1))
	if err == nil && !maps.Equal(answers, kept) {
		err = fmt.Errorf("%d answers are there, %d were kept", len(answers), len(kept))
	}
	return err
}
