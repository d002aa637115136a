package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vereda/survey/questionnaire"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vereda": main})
}

// TestScripts runs the stories of testdata/script. Beside testscript's own commands they have
//
//	collector start DIR [FLAG...]   starts `vereda serve` on a free port; sets ADDRESS, INVITATION, PASSWORD
//	collector kill | stop           ends it by SIGKILL or SIGTERM
//	collector hub DIR OF            starts a hub of the collector in a folder; sets HUB
//	collector part                  ends the hub
//	collector batter DIR N          kills it N times, each time while it writes, and starts it again
//	upload DIR FILE...              imports files on the dashboard, and unpacks the answers into a folder
//	interview DIR FORM VERSION PATH=FILE...  brings one interview with attachments to a collector
//	flip FILE                       changes one bit in the middle of a file
//	cut FILE                        cuts the last third off a file
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("VEREDA_DATA", filepath.Join(e.WorkDir, "data"))
			examples, err := filepath.Abs("../../examples")
			if err != nil {
				return err
			}
			e.Setenv("EXAMPLES", examples)
			return os.WriteFile(filepath.Join(e.WorkDir, "survey.xlsx"), questionnaire.Workbook(), 0o644)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"collector": runCollector,
			"flip":      flip,
			"cut":       cut,
			"upload":    uploadTo,
			"interview": bringInterview,
		},
	})
}

// running and hubs are the collector and the hub of each script, *exec.Cmd by *testscript.TestScript: scripts run side by side.
var running, hubs sync.Map

func runCollector(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: collector start DIR [FLAG...] | kill | stop | hub DIR OF | part | batter DIR N")
	}
	switch args[0] {
	case "start":
		startCollectorOf(ts, args[1:])
	case "kill":
		end(ts, &running, syscall.SIGKILL)
	case "stop":
		end(ts, &running, syscall.SIGTERM)
	case "part":
		end(ts, &hubs, syscall.SIGTERM)
	case "hub":
		startHubOf(ts, args[1:])
	case "batter":
		batter(ts, args[1:])
	default:
		ts.Fatalf("collector: no such act %s", args[0])
	}
}

func startCollectorOf(ts *testscript.TestScript, args []string) {
	program, err := exec.LookPath("vereda")
	ts.Check(err)
	listen := "127.0.0.1:0"
	if old := ts.Getenv("ADDRESS"); old != "" { // started again: where the tablets know it
		_, listen, _ = strings.Cut(old, "://")
	}
	cmd := exec.Command(program, append([]string{"serve", "--listen", listen, "--data", args[0]}, args[1:]...)...)
	cmd.Dir = ts.Getenv("WORK")
	talk, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	running.Store(ts, cmd)
	ts.Defer(func() { end(ts, &running, syscall.SIGKILL) })
	lines := bufio.NewScanner(talk)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "password":
			ts.Setenv("PASSWORD", value)
		case strings.HasPrefix(name, "invitation"):
			ts.Setenv("INVITATION", value)
		case name == "dashboard":
			ts.Setenv("ADDRESS", value)
			go io.Copy(io.Discard, talk)
			return
		default:
			fmt.Fprintln(ts.Stdout(), lines.Text())
		}
	}
	ts.Fatalf("the collector ended before it was ready")
}

// startHubOf starts a hub of the script's collector, until the script ends: hub DIR CENTRAL-DIR. Its address is $HUB.
func startHubOf(ts *testscript.TestScript, args []string) {
	program, err := exec.LookPath("vereda")
	ts.Check(err)
	invite := exec.Command(program, "invite", "--role", "collector", "--data", args[1])
	invite.Dir = ts.Getenv("WORK")
	link, err := invite.Output()
	ts.Check(err)
	join, _, _ := strings.Cut(string(link), "\n")
	cmd := exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--data", args[0], "--upstream", join, "--name", args[0])
	cmd.Dir = ts.Getenv("WORK")
	talk, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	hubs.Store(ts, cmd)
	ts.Defer(func() { end(ts, &hubs, syscall.SIGKILL) })
	for lines := bufio.NewScanner(talk); lines.Scan(); {
		if address, found := strings.CutPrefix(lines.Text(), "dashboard: "); found {
			ts.Setenv("HUB", address)
			go io.Copy(io.Discard, talk)
			return
		}
	}
	ts.Fatalf("the hub ended before it was ready")
}

// batter kills the collector while it writes, and starts it again.
func batter(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: collector batter DIR N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	log := filepath.Join(ts.MkAbs(args[0]), "archive.db-wal")
	for range n {
		written(ts, log)
		end(ts, &running, syscall.SIGKILL)
		startCollectorOf(ts, args[:1])
	}
}

// written waits until a file has been written to.
func written(ts *testscript.TestScript, name string) {
	var before time.Time
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); <-tick.C {
		i, err := os.Stat(name)
		switch {
		case err != nil:
		case before.IsZero():
			before = i.ModTime()
		case i.ModTime().After(before):
			return
		}
	}
	ts.Fatalf("nothing was written to %s", name)
}

func end(ts *testscript.TestScript, of *sync.Map, s syscall.Signal) {
	if cmd, there := of.LoadAndDelete(ts); there {
		cmd.(*exec.Cmd).Process.Signal(s)
		cmd.(*exec.Cmd).Wait()
	}
}

func flip(ts *testscript.TestScript, neg bool, args []string) {
	alter(ts, args, func(b []byte) []byte {
		b[len(b)/2] ^= 4
		return b
	})
}

func cut(ts *testscript.TestScript, neg bool, args []string) {
	alter(ts, args, func(b []byte) []byte { return b[:len(b)*2/3] })
}

func alter(ts *testscript.TestScript, args []string, do func([]byte) []byte) {
	if len(args) != 1 {
		ts.Fatalf("name one file")
	}
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	ts.Check(os.WriteFile(name, do(b), 0o644))
}
