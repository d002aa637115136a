package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"

	"vereda/survey/record"
	"vereda/survey/store/seal"
)

// planted is what a tablet with a PIN must not show to who reads its file.
var planted = [][]byte{[]byte("Ana Planted"), []byte("Finalized Planted"), []byte("Photo Planted"), []byte("Setting Planted"), []byte("Aside Planted"), []byte("Refused Planted"),
	[]byte("Erased Planted")}

// plant makes a file with a person's data in all the places where it may lie, used and unused.
func plant(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "planted.db")
	s, err := Open(path)
	must(t, err)
	s.db.NoSync = true // nothing is killed here
	for n := 1; n <= 60; n++ {
		id := begin(t, s, n, record.Answers{"name": record.NewText(fmt.Sprintf("Ana Planted %d", n))})
		must(t, s.Note(Interview{ID: id, Name: "Ana Planted"}))
	}
	id := begin(t, s, 100, record.Answers{"name": record.NewText("Finalized Planted")})
	r := finalize(t, s, id, "A", true)
	must(t, s.Settle(central(r, record.Refused, "Refused Planted")))
	_, err = s.PutMedia("image/png", bytes.NewReader(bytes.Repeat([]byte("Photo Planted"), 50_000)))
	must(t, err)
	must(t, s.SetSetting("name", []byte("Setting Planted")))
	must(t, s.SetSetting("language", []byte("qu")))
	must(t, s.Accept([]record.Entry{{Kind: "new", Body: []byte("Aside Planted")}}, "C", 7))
	must(t, s.PutForm(record.FormVersion{V: 1, Form: "f", Version: "1", Source: []byte("workbook")}))
	must(t, s.Keep(interviewID(1), Changes{Set: record.Answers{"note": record.NewText(strings.Repeat("Erased Planted", 10_000))}, At: noon}))
	must(t, s.Keep(interviewID(1), Changes{Set: record.Answers{"note": record.NewText("x")}, At: noon}))
	must(t, s.Close())
	return path
}

// shows returns what of a person's data a file shows.
func shows(t testing.TB, path string) (found []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	for _, p := range planted {
		if bytes.Contains(b, p) {
			found = append(found, string(p))
		}
	}
	return found
}

// content is all that a store gives back.
func content(t testing.TB, s *Store) string {
	t.Helper()
	var out bytes.Buffer
	list, err := s.Interviews()
	must(t, err)
	for _, i := range list {
		fmt.Fprintf(&out, "%+v\n", i)
		if i.State == Draft {
			answers, derived, err := s.Answers(i.ID)
			must(t, err)
			for _, p := range slices.Sorted(maps.Keys(answers)) {
				fmt.Fprintln(&out, p, answers[p], derived[p])
			}
		}
		h, err := s.History(i.ID)
		must(t, err)
		for _, r := range h.Revisions() {
			fmt.Fprintf(&out, "%s\n", r.Bytes())
		}
	}
	photo := record.Entry{Body: bytes.Repeat([]byte("Photo Planted"), 50_000)}
	m, err := s.Media(photo.ID())
	must(t, err)
	b, err := io.ReadAll(m)
	must(t, err)
	aside, err := s.Aside()
	must(t, err)
	name, err := s.Setting("name")
	must(t, err)
	forms, err := s.Forms()
	must(t, err)
	cursors, err := s.Cursors()
	must(t, err)
	fmt.Fprintln(&out, record.Entry{Body: b}.ID(), aside, string(name), forms, cursors)
	return out.String()
}

func TestThePINFromBeginningToEnd(t *testing.T) {
	path := plant(t)
	if found := shows(t, path); len(found) != len(planted) {
		t.Fatalf("without a PIN the file shows only %q", found)
	}
	s, err := Open(path)
	must(t, err)
	before := content(t, s)
	last := 0.0
	must(t, s.Protect(testPIN, testMeans, func(part float64) { last = max(last, part) }))
	if last <= 0 || last > 1 || !s.Protected() || s.Locked() || content(t, s) != before {
		t.Fatalf("protected %v, locked %v, progress %v", s.Protected(), s.Locked(), last)
	}
	if err := s.Protect(testPIN, testMeans, nil); !errors.Is(err, ErrProtected) {
		t.Fatal(err)
	}
	if found := shows(t, path); found != nil {
		t.Fatalf("the file shows %q", found)
	}
	must(t, s.Close())

	s = open1(t, path)
	checkLocked(t, s)
	if err := s.Unlock("000000", testMeans); !isWrong(err) {
		t.Fatal(err)
	}
	must(t, s.Unlock(testPIN, testMeans))
	if content(t, s) != before {
		t.Fatal("the content is another")
	}
	s.Lock()
	checkLocked(t, s)
	if err := s.Unprotect("000000", testMeans, nil); !isWrong(err) {
		t.Fatal(err)
	}
	must(t, s.Unprotect(testPIN, testMeans, nil))
	if s.Protected() || s.Locked() || content(t, s) != before {
		t.Fatal("the PIN is still there")
	}
	must(t, s.Close())
	s = open1(t, path)
	if s.Protected() || content(t, s) != before {
		t.Fatal("the PIN came back")
	}
	if err := s.Unlock(testPIN, testMeans); !errors.Is(err, ErrOpen) {
		t.Fatal(err)
	}
	var found []byte
	must(t, s.read(func(tx *transaction) (err error) { found, err = get(tx.Bucket(bucketMeta), keyFormat); return err }))
	if string(found) != format {
		t.Fatalf("the file has format %s", found)
	}
}

// open1 is Open alone.
func open1(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func isWrong(err error) bool {
	var e *PINError
	return errors.As(err, &e) && e.Wrong
}

// checkLocked: nothing is read or written, but what the page that asks for the PIN needs.
func checkLocked(t *testing.T, s *Store) {
	t.Helper()
	if !s.Protected() || !s.Locked() {
		t.Fatal("not locked")
	}
	id := interviewID(1)
	for what, err := range map[string]error{
		"Interviews": second(s.Interviews()), "Interview": second(s.Interview(id)), "History": second(s.History(id)), "Forms": second(s.Forms()), "Form": second(s.Form("f", "1")),
		"Pending": second(s.Pending("", 1, 1)), "Waiting": second(s.Waiting("")), "Aside": second(s.Aside()), "Cursors": second(s.Cursors()), "Revoked": second(s.Revoked()),
		"Setting": second(s.Setting("name")), "SetSetting": s.SetSetting("name", nil), "Begin": s.Begin(Interview{ID: interviewID(999)}), "Keep": s.Keep(id, Changes{}),
		"Note": s.Note(Interview{ID: id}), "Discard": s.Discard(id), "Reopen": s.Reopen(id, noon), "Requeue": s.Requeue(id), "Accept": s.Accept(nil, "C", 9), "PutForm": s.PutForm(record.FormVersion{}),
		"PutMedia": second(s.PutMedia("", bytes.NewReader([]byte("x")))), "Media": second(s.Media(record.ID{})), "MediaInfo": second(s.MediaInfo(record.ID{})), "Finalize": s.Finalize(record.Revision{}),
		"SetRecovery": s.SetRecovery("code", "", nil, testMeans),
	} {
		if !errors.Is(err, ErrSealed) {
			t.Errorf("%s of a locked store: %v", what, err)
		}
	}
	if v, err := s.Setting("language"); err != nil || string(v) != "qu" {
		t.Errorf("language: %q, %v", v, err)
	}
	must(t, s.SetSetting("language", []byte("qu")))
}

func second[T any](_ T, err error) error { return err }

// sealedValues returns all values as they lie in the file, by bucket and key.
func sealedValues(t testing.TB, s *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, s.read(func(tx *transaction) error {
		for _, name := range buckets {
			if string(name) == "meta" {
				continue
			}
			must(t, tx.Bucket(name).ForEach(func(k, v []byte) error { all[string(name)+"/"+string(k)] = string(v); return nil }))
		}
		return nil
	}))
	return all
}

func TestAnotherPINWritesNoInterviewAgain(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	must(t, s.Protect(testPIN, testMeans, nil))
	before, text, old := sealedValues(t, s), content(t, s), lockOf(t, s)
	if err := s.ChangePIN("000000", "1234", testMeans); !isWrong(err) {
		t.Fatal(err)
	}
	if err := s.ChangePIN(testPIN, "12a4", testMeans); !errors.Is(err, seal.ErrDigits) {
		t.Fatal(err)
	}
	must(t, s.ChangePIN(testPIN, "1234", testMeans))
	if !maps.Equal(before, sealedValues(t, s)) || content(t, s) != text {
		t.Fatal("values were written again")
	}
	must(t, s.Close())
	file, err := os.ReadFile(path)
	must(t, err)
	if bytes.Contains(file, []byte(base64.StdEncoding.EncodeToString(old.PIN.Key))) {
		t.Fatal("the key under the old PIN can still be read in the file")
	}
	s = open1(t, path)
	if err := s.Unlock(testPIN, testMeans); !isWrong(err) {
		t.Fatal(err)
	}
	must(t, s.Unlock("1234", testMeans))
	if content(t, s) != text {
		t.Fatal("the content is another")
	}
}

func lockOf(t testing.TB, s *Store) (l seal.Lock) {
	t.Helper()
	must(t, s.read(func(tx *transaction) (err error) { l, err = getLock(tx); return err }))
	return l
}

// A PIN is tried before another one is chosen: that changes nothing but how many wrong ones there were.
func TestAPINIsCheckedBeforeItIsChanged(t *testing.T) {
	s := open1(t, plant(t))
	must(t, s.Protect(testPIN, testMeans, nil))
	before := content(t, s)
	if err := s.CheckPIN("000000", testMeans); !isWrong(err) || lockOf(t, s).Failed != 1 {
		t.Fatalf("%v, %d wrong ones", err, lockOf(t, s).Failed)
	}
	must(t, s.CheckPIN(testPIN, testMeans))
	if lockOf(t, s).Failed != 0 || content(t, s) != before {
		t.Fatal("a right PIN left something behind")
	}
	s.Lock()
	if must(t, s.CheckPIN(testPIN, testMeans)); !s.Locked() {
		t.Fatal("checking the PIN opened the store")
	}
}

// Wrong PINs cost more and more time, which neither starting the program again nor setting the clock makes shorter.
func TestWrongPINsAreSlowed(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	now := noon
	means := testMeans
	means.Now = func() time.Time { return now }
	must(t, s.Protect(testPIN, means, nil))
	s.Lock()
	for try := 1; try <= 12; try++ {
		var e *PINError
		if err := s.Unlock("0000", means); !errors.As(err, &e) || !e.Wrong || e.Wait != seal.Wait(try) {
			t.Fatalf("try %d: %v", try, err)
		}
		if e.Wait == 0 {
			continue
		}
		now = now.Add(e.Wait - time.Second)
		if err := s.Unlock(testPIN, means); !errors.As(err, &e) || e.Wrong || e.Wait != time.Second {
			t.Fatalf("the right PIN was tried too early: %v", err)
		}
		if try%3 == 0 { // the tablet is started again, with the clock set anywhere
			must(t, s.Close())
			s = open1(t, path)
			now = now.Add([]time.Duration{100 * time.Hour, -100 * time.Hour}[try/3%2])
			if wait, err := s.Wait(now); err != nil || wait != seal.Wait(try) {
				t.Fatalf("after a start one waits %v: %v", wait, err)
			}
			now = now.Add(-time.Hour) // and back, while one waits
			if wait, _ := s.Wait(now); wait != seal.Wait(try) {
				t.Fatalf("with the clock set back one waits %v", wait)
			}
			now = now.Add(time.Hour)
		}
		now = now.Add(seal.Wait(try))
	}
	if seal.Wait(12) != 15*time.Minute {
		t.Fatal(seal.Wait(12))
	}
	must(t, s.Unlock(testPIN, means))
	if wait, err := s.Wait(now); err != nil || wait != 0 || lockOf(t, s).Failed != 0 {
		t.Fatalf("%v %v", wait, err)
	}
}

func TestRecovery(t *testing.T) {
	const code, again = "K7M4-P2QX K7M4-P2QX K7M4-P2QX", "0000-0000 0000-0000 0000-0000"
	path := plant(t)
	s := open1(t, path)
	if err := s.SetRecovery(code, "age1", []byte("request"), testMeans); !errors.Is(err, ErrOpen) {
		t.Fatal(err)
	}
	must(t, s.Protect(testPIN, testMeans, nil))
	text := content(t, s)
	if _, _, err := s.Recovery(); !errors.Is(err, seal.ErrNoCode) {
		t.Fatal(err)
	}
	if err := s.Recover(code, "9999", testMeans); !errors.Is(err, seal.ErrNoCode) {
		t.Fatal(err)
	}
	must(t, s.SetRecovery(code, "age1", []byte("request"), testMeans))
	must(t, s.Close())

	s = open1(t, path)
	recipient, request, err := s.Recovery() // also while it is locked
	if err != nil || recipient != "age1" || string(request) != "request" {
		t.Fatal(recipient, request, err)
	}
	if err := s.Recover(again, "9999", testMeans); !isWrong(err) {
		t.Fatal(err)
	}
	must(t, s.Recover(code, "9999", testMeans))
	if s.Locked() || content(t, s) != text {
		t.Fatal("not recovered")
	}
	if _, _, err := s.Recovery(); !errors.Is(err, seal.ErrNoCode) {
		t.Fatalf("the code can be used again: %v", err)
	}
	must(t, s.SetRecovery(again, "age1", []byte("another"), testMeans))
	must(t, s.Close())
	s = open1(t, path)
	if err := s.Unlock(testPIN, testMeans); !isWrong(err) {
		t.Fatal(err)
	}
	must(t, s.Unlock("9999", testMeans))
}

// rewrite changes a value where it lies in the file.
func rewrite(t testing.TB, s *Store, bucket, key, framed []byte) {
	t.Helper()
	must(t, s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucket).Put(key, framed) }))
}

func TestEveryFlippedBitOfASealedValueIsDamage(t *testing.T) {
	s := open1(t, plant(t))
	must(t, s.Protect(testPIN, testMeans, nil))
	s.db.NoSync = true
	isDamage := func(bucket, key []byte) bool {
		var damage *DamageError
		err := s.view(func(tx *transaction) error { return second(get(tx.Bucket(bucket), key)) })
		return errors.As(err, &damage)
	}
	for _, bucket := range buckets[1:] {
		var key, value []byte
		must(t, s.db.View(func(tx *bolt.Tx) error {
			k, v := tx.Bucket(bucket).Cursor().Last() // the last setting is no open one
			key, value = bytes.Clone(k), bytes.Clone(v)
			return nil
		}))
		if key == nil {
			continue
		}
		step := max(1, len(value)*8/300)
		for bit := 0; bit < len(value)*8; bit += step {
			broken := bytes.Clone(value)
			broken[bit/8] ^= 1 << (bit % 8)
			rewrite(t, s, bucket, key, broken)
			if !isDamage(bucket, key) {
				t.Fatalf("%s: bit %d", bucket, bit)
			}
			if bit < (len(value)-checksumSize)*8 { // somebody who mends the checksum
				rewrite(t, s, bucket, key, frame(key, broken[:len(broken)-checksumSize:len(broken)-checksumSize], sealedMark))
				if !isDamage(bucket, key) {
					t.Fatalf("%s: bit %d with a mended checksum", bucket, bit)
				}
			}
		}
		rewrite(t, s, bucket, key, frame(key, []byte("forged"), 0))
		if !isDamage(bucket, key) {
			t.Fatalf("%s: a value that is not sealed was believed", bucket)
		}
		rewrite(t, s, bucket, key, value)
		if isDamage(bucket, key) {
			t.Fatalf("%s is damaged", bucket)
		}
	}
}

func TestNoSealedValueCanBeMoved(t *testing.T) {
	s := open1(t, plant(t))
	must(t, s.Protect(testPIN, testMeans, nil))
	one, two := interviewID(1), interviewID(2)
	move := func(from, fromKey, to, toKey []byte) error {
		var framed, old []byte
		must(t, s.db.View(func(tx *bolt.Tx) error {
			framed, old = bytes.Clone(tx.Bucket(from).Get(fromKey)), bytes.Clone(tx.Bucket(to).Get(toKey))
			return nil
		}))
		value, _, err := parseFrame(fromKey, framed)
		must(t, err)
		rewrite(t, s, to, toKey, frame(toKey, bytes.Clone(value), sealedMark))
		defer rewrite(t, s, to, toKey, old)
		return s.view(func(tx *transaction) error { return second(get(tx.Bucket(to), toKey)) })
	}
	answer := func(id uuid.UUID, path string) []byte { return append(id[:], path...) }
	var damage *DamageError
	if err := move(bucketAnswers, answer(one, "name"), bucketAnswers, answer(two, "name")); !errors.As(err, &damage) {
		t.Errorf("to another interview: %v", err)
	}
	if err := move(bucketAnswers, answer(one, "name"), bucketAnswers, answer(one, "note")); !errors.As(err, &damage) {
		t.Errorf("to another question: %v", err)
	}
	if err := move(bucketAnswers, answer(one, "name"), bucketInterviews, one[:]); !errors.As(err, &damage) {
		t.Errorf("to another bucket: %v", err)
	}
	if err := move(bucketAnswers, answer(one, "name"), bucketAnswers, answer(one, "name")); err != nil {
		t.Errorf("to where it was: %v", err)
	}
}

// Who changes the lock itself gets no more than an error.
func TestALockThatWasChangedIsDamage(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	must(t, s.Protect(testPIN, testMeans, nil))
	s.Lock()
	whole := lockOf(t, s)
	var damage *DamageError
	for what, change := range map[string]func(*seal.Lock){
		"mode":           func(l *seal.Lock) { l.Mode = seal.TurningOff },
		"proof":          func(l *seal.Lock) { l.Proof = slices.Concat(l.Proof[:5], []byte{l.Proof[5] ^ 1}, l.Proof[6:]) },
		"memory":         func(l *seal.Lock) { l.PIN.Cost.Memory = 1 << 31 },
		"passes":         func(l *seal.Lock) { l.PIN.Cost.Passes = 0 },
		"salt":           func(l *seal.Lock) { l.PIN.Salt = nil },
		"unknown mode":   func(l *seal.Lock) { l.Mode = "half" },
		"short recovery": func(l *seal.Lock) { l.Recovery = &seal.Recovery{} },
	} {
		l := whole
		change(&l)
		must(t, s.write(func(tx *transaction) error { return putLock(tx, l) }))
		if err := s.Unlock(testPIN, testMeans); !errors.As(err, &damage) {
			t.Errorf("%s: %v", what, err)
		}
	}
	must(t, s.write(func(tx *transaction) error { return tx.Bucket(bucketMeta).Delete(keyLock) }))
	must(t, s.Close())
	if _, err := Open(path); !errors.As(err, &damage) {
		t.Errorf("without its lock: %v", err)
	}
}

// A value that was broken before stays what it is, and is not shown either.
func TestABrokenValueIsSealedAsItLies(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	one := interviewID(1)
	key := append(one[:], "name"...)
	broken := []byte("p\"Ana Planted, broken\"????")
	rewrite(t, s, bucketAnswers, key, broken)
	var damage *DamageError
	must(t, s.Protect(testPIN, testMeans, nil))
	if _, _, err := s.Answers(one); !errors.As(err, &damage) {
		t.Fatal(err)
	}
	if found := shows(t, path); found != nil {
		t.Fatalf("the file shows %q", found)
	}
	must(t, s.Unprotect(testPIN, testMeans, nil))
	if got := sealedValues(t, s)["answers/"+string(key)]; got != string(broken) {
		t.Fatalf("%q became %q", broken, got)
	}
}

// Between opening a file and locking it, another program may have put a fresh one in its place.
func TestAFileThatWasExchangedIsNotWrittenTo(t *testing.T) {
	path := plant(t)
	s := open1(t, path)
	b, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path+freshSuffix, b, 0o600))
	must(t, os.Rename(path+freshSuffix, path))
	if err := s.prepare(path); !errors.Is(err, ErrLocked) {
		t.Fatal(err)
	}
}
