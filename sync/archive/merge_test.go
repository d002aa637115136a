package archive

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// What TestMergingManyFiles tells the program that imports.
const (
	mergeVariable = "VEREDA_BENCH_MERGE"     // not empty: measure; by itself it takes too long for every run of the tests
	mergeFolder   = "VEREDA_BENCH_MERGE_DIR" // set for the program that imports: the files, and where the archive goes
)

// mergeProject is who seals the files.
type mergeProject struct {
	id      string
	key     device.Key
	sealers []batch.Sealer
	claims  []device.Claims
}

func newMergeProject(t testing.TB) *mergeProject {
	random := rand.NewChaCha8([32]byte{7})
	p := &mergeProject{id: "0193a5b2-7d1c-7000-8000-0000000000aa"}
	var err error
	if p.key, err = device.NewKey(random); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		key, err := device.NewKey(random)
		if err != nil {
			t.Fatal(err)
		}
		claims := device.Claims{V: 1, Project: p.id, Device: key.Public(), Name: fmt.Sprintf("enum%02d", n), Role: device.Enumerator, From: clock(), Until: clock().AddDate(9, 0, 0)}
		cert, err := device.Issue(p.key, claims)
		if err != nil {
			t.Fatal(err)
		}
		p.sealers, p.claims = append(p.sealers, batch.Sealer{Project: p.id, Key: key, Certificate: cert}), append(p.claims, claims)
	}
	return p
}

// write makes so many files of 100 revisions: the tablets' interviews, each whole, and after it so many corrections, which lie in later files.
func (p *mergeProject) write(t testing.TB, dir string, files, corrections int) {
	dictionary := batch.NewDictionary([]byte(benchForm()))
	for n := range files {
		// Tablet d writes its own files: the whole interviews of one, then their corrections, file by file.
		d, turn := n%len(p.sealers), n/len(p.sealers)
		group, change := turn/(corrections+1), turn%(corrections+1)
		entries := make([]record.Entry, 100)
		for i := range entries {
			entries[i] = p.revision(t, d, (group*len(p.sealers)+d)*100+i, change)
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%05d.batch", n)))
		if err == nil {
			_, err = p.sealers[d].Seal(f, entries, dictionary)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (p *mergeProject) revision(t testing.TB, d, interview, change int) record.Entry {
	if change > 0 {
		return revise(t, p.claims[d], interview, uint64(change+1), nil, fmt.Sprintf("group_0/question_%d=corrected %d", change, change), fmt.Sprintf("age=%d", 20+change)).Entry()
	}
	return benchRevision(t, p.claims[d], interview).Entry()
}

// TestImportFiles is the program that TestMergingManyFiles measures: what `vereda batch import` does, then all merging.
func TestImportFiles(t *testing.T) {
	dir := os.Getenv(mergeFolder)
	if dir == "" {
		t.Skip("run by TestMergingManyFiles")
	}
	defer runtime.KeepAlive(make([]byte, 32<<20)) // heapFloor of cmd/vereda
	p := newMergeProject(t)
	a := openSQLite(t, filepath.Join(dir, "archive"), testOptions())
	publish(t, a, "1", benchForm())
	names, err := filepath.Glob(filepath.Join(dir, "*.batch"))
	if err != nil {
		t.Fatal(err)
	}
	start, idle := time.Now(), processorTime(t)
	n := p.importFiles(t, a, names)
	imported := time.Since(start)
	if err := a.Settle(background); err != nil {
		t.Fatal(err)
	}
	settled, worked := time.Since(start), processorTime(t)-idle
	before := fingerprint(t, a)
	again := p.importFiles(t, a, names)
	if err := a.Settle(background); err != nil {
		t.Fatal(err)
	}
	if n[record.Stored] != 100*len(names) || again[record.Known] != 100*len(names) || fingerprint(t, a) != before {
		t.Errorf("imported %v, again %v, exports equal: %t", n, again, fingerprint(t, a) == before)
	}
	fmt.Printf("figures %d %.3f %.3f %.3f %d\n", n[record.Stored], imported.Seconds(), settled.Seconds(), worked.Seconds(), peak(t))
}

// importFiles receives files.
func (p *mergeProject) importFiles(t testing.TB, a *Archive, names []string) map[record.Status]int {
	n := map[record.Status]int{}
	opener := batch.Opener{Project: p.id, ProjectKey: p.key.Public(), Dictionaries: a.Dictionary}
	open := func(i int) (*batch.Batch, error) {
		f, err := os.Open(names[i])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return opener.Open(f)
	}
	err := a.ReceiveAll(background, "file", len(names), open, func(i int, _ *batch.Batch, receipts []record.Receipt, err error) error {
		for _, r := range receipts {
			n[r.Status]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fingerprint is the hash of all rows of all tables.
func fingerprint(t testing.TB, a *Archive) (sum [32]byte) {
	hash := sha256.New()
	for _, repeat := range []record.Path{"", "roster"} {
		for row, err := range a.Rows(background, "household", repeat) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(hash, row) // maps are printed in the order of their keys
		}
	}
	hash.Sum(sum[:0])
	return sum
}

// processorTime is how long this program has kept the cores busy; 0 where the system does not say.
func processorTime(t testing.TB) time.Duration {
	if _, err := os.Stat("/proc/self/schedstat"); err != nil {
		return 0
	}
	all := time.Duration(0)
	tasks, err := filepath.Glob("/proc/self/task/*/schedstat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tasks {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		var ns int64
		if _, err := fmt.Sscan(string(b), &ns); err != nil {
			t.Fatal(err)
		}
		all += time.Duration(ns)
	}
	return all
}

// peak is how much memory this program held at most, in kB; 0 where the system does not say.
func peak(t testing.TB) int {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kB, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(rest, "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return kB
		}
	}
	return 0
}

// TestMergingManyFiles measures how fast revisions from many batch files are received and merged, and that memory does not depend on how many
// files there are: make bench-merge. Every run of the tests does it with 40 files.
func TestMergingManyFiles(t *testing.T) {
	sizes, changes := []int{40}, []int{1}
	if os.Getenv(mergeVariable) != "" {
		sizes, changes = []int{100, 1000}, []int{0, 1, 4}
	}
	for _, corrections := range changes {
		for _, files := range sizes {
			dir := t.TempDir()
			newMergeProject(t).write(t, dir, files, corrections)
			child := exec.Command(os.Args[0], "-test.run=^TestImportFiles$", "-test.timeout=20m")
			child.Env = append(os.Environ(), mergeFolder+"="+dir)
			out, err := child.CombinedOutput()
			_, figures, found := strings.Cut(string(out), "figures ")
			var n, kB int
			var imported, settled, worked float64
			if _, scanErr := fmt.Sscan(figures, &n, &imported, &settled, &worked, &kB); err != nil || !found || scanErr != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%d files, %d revisions of %d interviews: received in %.1f s (%.0f/s), merged in %.1f s more; together %.0f revisions/s; at most %d MB; processor time %.1f s",
				files, n, n/(corrections+1), imported, float64(n)/imported, settled-imported, float64(n)/settled, kB>>10, worked)
			os.RemoveAll(dir)
		}
	}
}
