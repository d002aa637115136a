//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
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

	"vereda/fyne-app/tree"
)

// patience is how long the test waits for something to appear; a slow machine needs a part of it, a broken program all.
const patience = 30 * time.Second

// command runs a program and fails the test with its output when it fails.
func command(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// collector is a running `vereda serve`.
type collector struct{ data, address, invitation, password string }

func startCollector(t *testing.T, program string) collector {
	t.Helper()
	c := collector{data: filepath.Join(t.TempDir(), "data")}
	cmd := exec.Command(program, "serve", "--data", c.data, "--listen", "127.0.0.1:0")
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, cmd)
	lines := bufio.NewScanner(talk)
	for c.address == "" && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "password":
			c.password = value
		case strings.HasPrefix(name, "invitation"):
			c.invitation = value
		case name == "dashboard":
			c.address = value
		}
	}
	if c.address == "" {
		t.Fatal("the collector ended before it was ready")
	}
	go io.Copy(io.Discard, talk)
	return c
}

// start starts a program that ends with the test.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s is needed for this test: %v", cmd.Path, err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// startDisplay starts a virtual display and returns its name.
func startDisplay(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "900x1400x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	start(t, cmd)
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}

// field is the field app in a window, driven from outside.
type field struct {
	t       *testing.T
	cmd     *exec.Cmd
	display string
	file    string
	seen    []tree.Widget
	talk    talk
}

// talk is what the app writes to its console.
type talk struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *talk) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

func startField(t *testing.T, program, data string, args ...string) *field {
	t.Helper()
	f := &field{t: t, display: startDisplay(t), file: filepath.Join(t.TempDir(), "tree.json")}
	f.cmd = exec.Command(program, append([]string{"-data", data, "-tree", f.file}, args...)...)
	f.cmd.Env = append(os.Environ(), "DISPLAY="+f.display, "LANG=C", "LC_ALL=", "WAYLAND_DISPLAY=", "FYNE_SCALE=1.4", "HOME="+t.TempDir(), "XDG_RUNTIME_DIR="+t.TempDir())
	f.cmd.Stdout, f.cmd.Stderr = &f.talk, &f.talk
	start(t, f.cmd)
	f.wait("the first page", func() bool { return len(f.seen) > 0 })
	return f
}

// wait looks at the window until a condition holds.
func (f *field) wait(what string, holds func() bool) {
	f.t.Helper()
	if !f.until(patience, holds) {
		f.picture()
		f.t.Fatalf("waited in vain for %s; the app said:\n%s\nthe window shows:\n%s", what, f.complaint(), f.describe())
	}
}

// until looks at the window until a condition holds, or the time is over.
func (f *field) until(limit time.Duration, holds func() bool) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(limit); time.Now().Before(end); <-tick.C {
		var now []tree.Widget
		if b, err := os.ReadFile(f.file); err != nil || json.Unmarshal(b, &now) != nil {
			continue
		}
		if f.seen = now; holds() {
			return true
		}
	}
	return false
}

func (f *field) describe() string {
	var b strings.Builder
	for _, w := range f.seen {
		fmt.Fprintf(&b, "%s %s %q %v\n", w.Kind, w.Tag, w.Text, w.Chosen)
	}
	return b.String()
}

// picture keeps a screenshot of a failure where somebody can look at it.
func (f *field) picture() {
	out, err := exec.Command("xwd", "-display", f.display, "-root", "-silent").Output()
	if err == nil && os.WriteFile("failed.xwd", out, 0o644) == nil {
		f.t.Log("the screen is in failed.xwd")
	}
}

// show keeps a picture of the window in the folder that PICTURES names.
func (f *field) show(name string) {
	f.t.Helper()
	if folder := os.Getenv("PICTURES"); folder != "" {
		f.steady()
		command(f.t, "import", "-display", f.display, "-window", "Vereda", "-resize", "50%", filepath.Join(folder, name+".png"))
	}
}

// steady waits until the window has not changed for half a second.
func (f *field) steady() {
	f.t.Helper()
	was, since := "", time.Now()
	f.wait("the window to be still", func() bool {
		if now := f.describe(); now != was {
			was, since = now, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	})
}

// find returns a widget of the last look by what it must satisfy.
func (f *field) find(fits func(tree.Widget) bool) (tree.Widget, bool) {
	for _, w := range f.seen {
		if fits(w) && !w.Disabled {
			return w, true
		}
	}
	return tree.Widget{}, false
}

// tap taps the widget with a tag.
func (f *field) tap(tag string) {
	f.t.Helper()
	f.tapOn("the widget "+tag, func(w tree.Widget) bool { return w.Tag == tag })
}

// tapPrefix taps the first widget whose tag begins so.
func (f *field) tapPrefix(prefix string) {
	f.t.Helper()
	f.tapOn("a widget "+prefix+"…", func(w tree.Widget) bool { return strings.HasPrefix(w.Tag, prefix) })
}

// tapOn taps a widget, again where the window did not hear it: a tap that changes nothing on the screen was none.
func (f *field) tapOn(what string, fits func(tree.Widget) bool) {
	f.t.Helper()
	for range 3 {
		var found tree.Widget
		f.wait(what, func() bool {
			w, ok := f.find(fits)
			if ok && !w.Visible {
				f.xdotool("mousemove", "400", "800", "click", "5") // the wheel, one notch down
			}
			steady := ok && w == found // where it was at the last look: the page has stopped moving
			found = w
			return steady && w.Visible
		})
		before := f.describe()
		// By a place beside it, since a pointer that is there already makes no movement that the app could hear.
		f.xdotool("mousemove", strconv.Itoa(found.X+5), strconv.Itoa(found.Y+5), "sleep", "0.1",
			"mousemove", strconv.Itoa(found.X), strconv.Itoa(found.Y), "sleep", "0.15", "mousedown", "1", "sleep", "0.08", "mouseup", "1")
		if f.until(2*time.Second, func() bool { return f.describe() != before }) {
			return
		}
	}
}

func (f *field) xdotool(args ...string) {
	f.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+f.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// next goes to the next page.
func (f *field) next() {
	f.t.Helper()
	was := f.question()
	f.tap("next")
	f.wait("the page after "+was, func() bool { return f.question() != was })
}

// question is the tag of the first widget that belongs to a question, or the finalize button's.
func (f *field) question() string {
	for _, w := range f.seen {
		if strings.Contains(w.Tag, ":grp_") || w.Tag == "finalize" {
			if strings.HasPrefix(w.Tag, "choice:") {
				return w.Tag[:strings.LastIndex(w.Tag, ":")]
			}
			return w.Tag
		}
	}
	return ""
}

// choose taps a choice of a select one by its name, and waits until it is chosen and kept.
func (f *field) choose(name string) {
	f.t.Helper()
	fits := func(w tree.Widget) bool {
		return strings.HasPrefix(w.Tag, "choice:") && strings.HasSuffix(w.Tag, ":"+name)
	}
	f.tapOn("the choice "+name, fits)
	f.wait("the choice "+name+" to be chosen", func() bool {
		w, ok := f.find(fits)
		return ok && w.Chosen
	})
	f.expectKept()
}

// pick opens a long list, and takes a choice from it by its name.
func (f *field) pick(name string) {
	f.t.Helper()
	f.tapPrefix("open:")
	f.tapOn("the choice "+name, func(w tree.Widget) bool {
		return strings.HasPrefix(w.Tag, "choice:") && strings.HasSuffix(w.Tag, ":"+name)
	})
	f.expectKept()
}

// write taps the first box and types; again where the virtual keyboard lost a letter that its layout does not have.
func (f *field) write(s string) {
	f.t.Helper()
	for range 3 {
		f.tapPrefix("box:")
		f.xdotool("sleep", "0.2", "key", "ctrl+a", "sleep", "0.1", "type", "--delay", "100", s)
		if f.until(3*time.Second, func() bool { return f.written(s) }) {
			break
		}
	}
	f.expectWritten(s)
	f.expectKept()
}

// written reports whether a box says s.
func (f *field) written(s string) bool {
	_, ok := f.find(func(w tree.Widget) bool { return w.Kind == "type" && w.Text == s })
	return ok
}

func (f *field) expectWritten(s string) {
	f.t.Helper()
	f.wait("a box that says "+s, func() bool { return f.written(s) })
}

// expectKept waits until the screen says that the answer is kept.
func (f *field) expectKept() {
	f.t.Helper()
	f.wait("the answer to be kept", func() bool {
		_, ok := f.find(func(w tree.Widget) bool { return strings.Contains(w.Text, "Guardado") })
		return ok
	})
}

// expectText waits for a text on the screen.
func (f *field) expectText(s string) {
	f.t.Helper()
	f.wait("the text "+s, func() bool {
		_, ok := f.find(func(w tree.Widget) bool { return strings.Contains(w.Text, s) })
		return ok
	})
}

// kill ends the app as a dead battery does.
func (f *field) kill() {
	f.cmd.Process.Kill()
	f.cmd.Wait()
}

// quit asks the app to end.
func (f *field) quit() {
	f.cmd.Process.Signal(syscall.SIGTERM)
	f.cmd.Wait()
}

// harmless is what the graphics libraries say about the machine, not about the app.
var harmless = []string{"XDG_RUNTIME_DIR", "dbus", "libEGL", "MESA", "libGL", "glx"}

// complaint returns what the app wrote to its console.
func (f *field) complaint() string {
	f.talk.mu.Lock()
	defer f.talk.mu.Unlock()
	var bad []string
	for _, line := range strings.Split(strings.TrimSpace(f.talk.b.String()), "\n") {
		known := line == ""
		for _, h := range harmless {
			known = known || strings.Contains(line, h)
		}
		if !known {
			bad = append(bad, line)
		}
	}
	return strings.Join(bad, "\n")
}
