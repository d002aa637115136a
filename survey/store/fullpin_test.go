//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vereda/survey/record"
)

func init() { children["full pin"] = protectOnFullDisk }

func TestAFullDiskWhileThePINIsMade(t *testing.T) {
	out, err := child("full pin", filepath.Join(t.TempDir(), "store.db")).Output()
	if err != nil || !strings.Contains(string(out), "survived") {
		t.Fatalf("%v: %s", err, out)
	}
}

// protectOnFullDisk makes a PIN on disks with more and more room, until it succeeds. The PIN works in between, also to unlock.
func protectOnFullDisk(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path)
	if err != nil {
		return err
	}
	answers := record.Answers{}
	for n := range 300 {
		answers[record.Path(fmt.Sprintf("q%d", n))] = record.NewText(strings.Repeat("Ana Planted ", 400))
	}
	if err := errors.Join(s.Begin(Interview{ID: interviewID(1), Form: "f", Version: "1"}), s.Keep(interviewID(1), Changes{Set: answers})); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fulls := 0
	for limit := uint64(64 << 10); ; limit += uint64(info.Size()) / 4 {
		if err := limitFiles(limit); err != nil {
			return err
		}
		if err = s.Protect(testPIN, testMeans, nil); errors.Is(err, ErrProtected) {
			err = s.Resume(nil)
		}
		if err == nil {
			break
		}
		if fulls++; !errors.Is(err, ErrFull) || fulls > 50 {
			return fmt.Errorf("at %d bytes: %w", limit, err)
		}
		if err := checkKept(s, answers); err != nil {
			return err
		}
		if s.Protected() {
			s.Lock()
			if err := s.Unlock(testPIN, testMeans); err != nil {
				return err
			}
		}
	}
	b, err := os.ReadFile(path)
	if err == nil && strings.Contains(string(b), "Ana Planted") {
		err = errors.New("the file shows it")
	}
	fmt.Printf("survived %d times\n", fulls)
	return errors.Join(err, checkKept(s, answers), s.Close())
}
