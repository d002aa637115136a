package main

import (
	"bytes"
	"context"
	crypto "crypto/rand"
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/interview"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/respondent"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// TestImportingManyFiles measures `vereda batch import` of a folder of batch files with 100 interviews of the built-in questionnaire each, and the
// export after it, which merges them and runs the form's rules: make bench-merge. Every run of the tests does it with 8 files.
func TestImportingManyFiles(t *testing.T) {
	sizes := []int{8}
	if os.Getenv("VEREDA_BENCH_MERGE") != "" {
		sizes = []int{100, 1000}
	}
	program, err := exec.LookPath("vereda")
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range sizes {
		dir := t.TempDir()
		data, stick := filepath.Join(dir, "data"), filepath.Join(dir, "stick")
		writeFieldwork(t, data, stick, files)
		run := func(args ...string) (said string, u used) {
			var out bytes.Buffer
			cmd := exec.Command(program, append(args, "--data", data)...)
			cmd.Stdout, cmd.Stderr = &out, &out
			start := time.Now()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for running := true; running; {
				select {
				case err := <-ended:
					if err != nil {
						t.Fatalf("%v: %v\n%s", args, err, &out)
					}
					running = false
				case <-time.After(20 * time.Millisecond):
					u.most = max(u.most, mostMemory(cmd.Process.Pid))
				}
			}
			u.passed, u.busy = time.Since(start).Seconds(), (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
			return out.String(), u
		}
		said, imported := run("batch", "import", "--no-answer", stick)
		if n := strings.Count(said, ": 100 stored, 0 known already, 0 set aside, 0 refused"); n != files {
			t.Fatalf("%d of %d files stored:\n%.2000s", n, files, said)
		}
		table := func() []byte {
			b, err := os.ReadFile(filepath.Join(dir, "out.csv"))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		_, exported := run("export", "--format", "csv", "--out", filepath.Join(dir, "out.csv"))
		first := table()
		if lines := bytes.Count(first, []byte("\n")); lines < 100*files+1 {
			t.Errorf("%d lines of %d interviews", lines, 100*files)
		}
		said, _ = run("batch", "import", "--no-answer", stick)
		if n := strings.Count(said, ": 0 stored, 100 known already, 0 set aside, 0 refused"); n != files {
			t.Errorf("again, %d of %d files known", n, files)
		}
		run("export", "--format", "csv", "--out", filepath.Join(dir, "out.csv"))
		if !bytes.Equal(table(), first) {
			t.Error("importing again changed the export")
		}
		n := float64(100 * files)
		t.Logf("%d files: imported in %.1f s (%.0f/s, processor time %.1f s, at most %d MB), merged and exported in %.1f s more (processor time %.1f s, at most %d MB); together %.0f/s",
			files, imported.passed, n/imported.passed, imported.busy, imported.most, exported.passed, exported.busy, exported.most, n/(imported.passed+exported.passed))
		os.RemoveAll(dir)
	}
}

// used is what a program took: seconds, of the clock and of the processors, and MB of memory at most.
type used struct {
	passed, busy float64
	most         int
}

// mostMemory is how much memory a program has held at most, in MB; 0 where the system does not say.
func mostMemory(pid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	kB := 0
	_, _ = fmt.Sscan(rest, &kB)
	return kB >> 10
}

// writeFieldwork founds a collector in data and writes what twenty of its tablets captured into files of 100 interviews: simulated households,
// each many times under other IDs.
func writeFieldwork(t *testing.T, data, stick string, files int) {
	var talk bytes.Buffer
	w := &world{Context: context.Background(), err: &talk, now: time.Now, random: crypto.Reader}
	c, err := startCollector(w, data, func(c *collector) error { return c.found(w, "Many files", "") })
	if err != nil {
		t.Fatal(err)
	}
	defer c.archive.Close()
	if err := c.publish(w, questionnaire.Form(), questionnaire.Name, questionnaire.Workbook()); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	households := simulatedHouseholds(t, 100)
	sealers := make([]batch.Sealer, 20)
	for i := range sealers {
		sealers[i] = tabletOf(t, c, fmt.Sprintf("enum%02d", i))
	}
	dictionary := batch.NewDictionary(questionnaire.Form().Dictionary())
	for n := range files {
		s := sealers[n%len(sealers)]
		entries := make([]record.Entry, 100)
		for i := range entries {
			b := households[i]
			binary.BigEndian.PutUint64(b.Interview[:], 0x0198_0000_0000_7000)
			binary.BigEndian.PutUint64(b.Interview[8:], uint64(100*n+i)|1<<63)
			b.Device, b.By = string(s.Key.ID()), "enum"
			b.Set["grp_z/z_comment"] = record.NewText(fmt.Sprintf("Household %d", 100*n+i))
			r, err := record.Seal(b)
			if err != nil {
				t.Fatal(err)
			}
			entries[i] = r.Entry()
		}
		f, err := os.Create(filepath.Join(stick, fmt.Sprintf("%05d.batch", n)))
		if err == nil {
			_, err = s.Seal(f, entries, dictionary)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// simulatedHouseholds are finished interviews of the built-in questionnaire without ID and device.
func simulatedHouseholds(t testing.TB, n int) []record.Body {
	f, random := questionnaire.Form(), rand.New(rand.NewSource(7))
	v := newVillage(random, "enum")
	bodies := make([]record.Body, n)
	for i := range bodies {
		session, err := interview.Start(f, interview.Env{Now: time.Now, Random: random, Device: "tablet", Enumerator: "enum"})
		if err != nil {
			t.Fatal(err)
		}
		someone := respondent.Respondent{Random: random, Likely: v.next(), Skip: 0.2, Keep: func(interview.Change) error { return nil }}
		if err := someone.Interview(session); err != nil {
			t.Fatal(err)
		}
		answers, calculated := session.Answers(true)
		set, derived := record.Answers{}, record.Answers{}
		for p, v := range answers {
			if calculated[p] {
				derived[p] = v
			} else {
				set[p] = v
			}
		}
		bodies[i] = record.Body{Form: f.ID, Version: f.Version, N: 1, At: time.Now(), Final: true, Set: set, Derived: derived}
	}
	return bodies
}

// tabletOf makes a tablet of a collector's project.
func tabletOf(t *testing.T, c *collector, name string) batch.Sealer {
	project, err := c.projectKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := device.NewKey(crypto.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := device.Issue(project, device.Claims{V: 1, Project: c.Project.ID, Device: key.Public(), Name: name, Role: device.Enumerator,
		From: time.Now(), Until: time.Now().AddDate(1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return batch.Sealer{Project: c.Project.ID, Key: key, Certificate: certificate}
}
