package store

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
)

var seedFlag = flag.Int64("store.seed", 0, "seed of the tests that break files and kill tablets; 0: the time")

// newRandom returns chance, and prints the seed with which it can be repeated.
func newRandom(t *testing.T) *rand.Rand {
	seed := *seedFlag
	if seed == 0 {
		seed = time.Now().UnixNano()
	}
	t.Logf("-store.seed=%d", seed)
	return rand.New(rand.NewSource(seed))
}

// The test binary is its own tablet: started with childVariable it runs one of the children and ends.
var children = map[string]func(path string) error{"fieldwork": fieldwork}

const childVariable = "VEREDA_STORE_CHILD"

func TestMain(m *testing.M) {
	if child, path, ok := strings.Cut(os.Getenv(childVariable), ":"); ok {
		err := children[child](path)
		if err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(name, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+name+":"+path)
	cmd.Stderr = os.Stderr
	return cmd
}

// fieldwork answers interview after interview, ten answers each, finalizes them, and says on standard output what is
// durable: "answer 17", "revision <ID>". It goes on where the file says that it was, until it is killed.
func fieldwork(path string) error {
	s, err := opened(path)
	if err != nil {
		return err
	}
	list, err := s.Interviews()
	if err != nil {
		return err
	}
	for n := max(1, len(list)); ; n++ {
		id := interviewID(n)
		if err := s.Begin(Interview{ID: id, Form: "f", Version: "1", Created: noon}); err != nil && !errors.Is(err, ErrExists) {
			return err
		}
		i, err := s.Interview(id)
		if err != nil {
			return err
		}
		if i.State != Draft {
			continue
		}
		if err := oneInterview(s, i); err != nil {
			return err
		}
	}
}

func oneInterview(s *Store, i Interview) error {
	for k := i.Answered; k < 10; k++ {
		c := Changes{Set: record.Answers{record.Path(fmt.Sprintf("q%d", k)): record.NewInteger(int64(k))}, At: noon}
		if err := s.Keep(i.ID, c); err != nil {
			return err
		}
		fmt.Printf("answer %v %d\n", i.ID, k)
	}
	answers, derived, err := s.Answers(i.ID)
	if err != nil {
		return err
	}
	body, err := s.Compose(i.ID, Author{"A", "", noon}, answers, derived, true)
	if err != nil {
		return err
	}
	r, err := record.Seal(body)
	if err != nil {
		return err
	}
	if err := s.Finalize(r); err != nil {
		return err
	}
	fmt.Printf("revision %v %v\n", i.ID, r.ID)
	return exchange(s, r)
}

// exchange lets a hub answer, then sometimes the centre, and makes backups: none of it may cost an answer or a revision.
func exchange(s *Store, r record.Revision) error {
	hub := central(r, record.Stored, "")
	hub.Archive, hub.Central = "H", false
	if err := s.Settle(hub); err != nil {
		return err
	}
	fmt.Printf("relayed %v %v\n", r.Interview, r.ID)
	if r.ID[0]%2 == 0 {
		err := s.Covered(record.Coverage{Archive: "C", Device: r.Device, Batch: hub.Batch, Receipts: []record.Receipt{{Status: record.Stored}}, At: noon})
		if err == nil {
			fmt.Printf("covered %v %v\n", r.Interview, r.ID)
		}
		return err
	}
	_, err := s.Back(Author{"A", "", noon}, false)
	return err
}

// A tablet is killed at random moments, again and again. What it said was durable is there.
func TestKilledAtAnyMomentNothingAcknowledgedIsLost(t *testing.T) {
	random := newRandom(t)
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	path := filepath.Join(t.TempDir(), "store.db")
	acknowledged := map[string]bool{}
	for range rounds {
		cmd := child("fieldwork", path)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for left := random.Intn(40); lines.Scan(); left-- {
			if strings.HasPrefix(lines.Text(), "failed") {
				t.Error(lines.Text())
			}
			acknowledged[lines.Text()] = true
			if left == 0 {
				must(t, cmd.Process.Kill()) // it is writing the next one; what it still says is read
			}
		}
		_ = cmd.Wait()
		checkAcknowledged(t, path, acknowledged)
	}
	t.Logf("%d acknowledgements", len(acknowledged))
}

func checkAcknowledged(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	s, err := opened(path)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	there := map[string]bool{}
	list, err := s.Interviews()
	must(t, err)
	waiting := map[record.ID]bool{}
	pending, err := s.Uncovered(1<<20, 1<<30)
	must(t, err)
	for _, e := range pending {
		waiting[e.ID()] = true
	}
	for _, i := range list {
		h, err := s.History(i.ID)
		must(t, err)
		answers := h.Merge().Answers
		if i.State == Draft {
			answers, _, err = s.Answers(i.ID)
			must(t, err)
		}
		for p, v := range answers {
			if string(p) == "q"+v.String() {
				there[fmt.Sprintf("answer %v %v", i.ID, v)] = true
			}
		}
		for _, r := range h.Revisions() {
			there[fmt.Sprintf("revision %v %v", i.ID, r.ID)] = waiting[r.ID] != (i.State == Sent)
			there[fmt.Sprintf("relayed %v %v", i.ID, r.ID)] = i.State == Relayed || i.State == Sent
			there[fmt.Sprintf("covered %v %v", i.ID, r.ID)] = i.State == Sent
		}
	}
	for line := range acknowledged {
		if !there[line] {
			t.Fatalf("lost: %s", line)
		}
	}
}
