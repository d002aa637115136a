package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/survey/store/seal"
)

func init() { children["turn"] = turnForever }

// turnForever gives a store a PIN and takes it away, again and again, until it is killed.
func turnForever(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	if s.Locked() {
		if err := s.Unlock(testPIN, testMeans); err != nil {
			return err
		}
		if err := s.Resume(nil); err != nil {
			return err
		}
	}
	fmt.Println("open")
	for {
		if s.Protected() {
			err = s.Unprotect(testPIN, testMeans, nil)
		} else {
			err = s.Protect(testPIN, testMeans, nil)
		}
		if err != nil {
			return err
		}
		fmt.Println("turned")
	}
}

// A tablet is killed at random moments while a PIN is made or taken away. What is in it is there, whatever is sealed of it.
func TestKilledWhileThePINIsMade(t *testing.T) {
	random := newRandom(t)
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	path := plant(t)
	s := open1(t, path)
	want := content(t, s)
	must(t, s.Close())
	modes := map[seal.Mode]int{}
	for range rounds {
		cmd := child("turn", path)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for left := random.Intn(4); lines.Scan(); left-- {
			if strings.HasPrefix(lines.Text(), "failed") {
				t.Fatal(lines.Text())
			}
			if left == 0 {
				time.AfterFunc(time.Duration(random.Intn(20))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			}
		}
		_ = cmd.Wait()
		modes[checkTurned(t, path, want)]++
	}
	t.Logf("found %v", modes)
}

// checkTurned opens a file as a kill left it, and brings what was interrupted to its end.
func checkTurned(t *testing.T, path, want string) seal.Mode {
	t.Helper()
	s := open1(t, path)
	defer func() { must(t, s.Close()) }()
	mode := s.vaultNow().mode
	if mode == seal.On {
		if found := shows(t, path); found != nil {
			t.Fatalf("the PIN is on, and the file shows %q", found)
		}
	}
	if mode != "" {
		if !s.Locked() {
			t.Fatal("a file with a PIN opens without it")
		}
		must(t, s.Unlock(testPIN, testMeans))
	}
	if got := content(t, s); got != want {
		t.Fatalf("mode %q: the content is another:\n%s\nnot\n%s", mode, got, want)
	}
	must(t, s.Resume(nil))
	if s.Protected() != (mode == seal.On || mode == seal.TurningOn) || content(t, s) != want {
		t.Fatalf("mode %q: gone on to %q", mode, s.vaultNow().mode)
	}
	if _, err := os.Stat(path + freshSuffix); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a copy is left: %v", err)
	}
	if found := shows(t, path); s.Protected() && found != nil {
		t.Fatalf("resumed, and the file shows %q", found)
	}
	return mode
}

// Between the transactions of a long turning others go on, and find everything.
func TestOthersGoOnWhileThePINIsMade(t *testing.T) {
	s := open1(t, filepath.Join(t.TempDir(), "store.db"))
	want := map[int]string{}
	for n := 1; n <= 8; n++ {
		want[n] = strings.Repeat(fmt.Sprintf("word %d ", n), 60_000)
		begin(t, s, n, record.Answers{"q": record.NewText(want[n])})
	}
	check := func() {
		t.Helper()
		for n, text := range want {
			answers, _, err := s.Answers(interviewID(n))
			if err != nil || answers["q"].String() != text {
				t.Fatalf("interview %d: %d bytes, %v", n, len(answers["q"].String()), err)
			}
		}
	}
	busy := func(name string) func(float64) {
		steps := 0
		return func(part float64) {
			steps++
			n := 10 + len(want)
			want[n] = fmt.Sprintf("%s %d", name, steps)
			begin(t, s, n, record.Answers{"q": record.NewText(want[n])})
			check()
		}
	}
	must(t, s.Protect(testPIN, testMeans, busy("on")))
	check()
	on := len(want)
	must(t, s.ChangePIN(testPIN, "4321", testMeans))
	must(t, s.Unprotect("4321", testMeans, busy("off")))
	check()
	if on < 10 || len(want)-on < 10 {
		t.Fatalf("%d steps on, %d off", on, len(want)-on)
	}
}

// Locking in the middle stops the turning; it goes on after the next PIN.
func TestLockedInTheMiddleItGoesOnLater(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	want := content(t, s)
	if err := s.Protect(testPIN, testMeans, func(float64) { s.Lock() }); !errors.Is(err, ErrSealed) {
		t.Fatal(err)
	}
	must(t, s.Unlock(testPIN, testMeans))
	if content(t, s) != want {
		t.Fatal("the content is another")
	}
	must(t, s.Resume(nil))
	if found := shows(t, path); found != nil || content(t, s) != want {
		t.Fatalf("the file shows %q", found)
	}
}
