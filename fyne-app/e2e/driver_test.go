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

// patience is how long the test waits for something to appear: a slow machine needs a part of it, a broken program all.
// answer is how long a press may take to show before it is taken as not heard.
const (
	patience = time.Minute
	answer   = 5 * time.Second
)

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
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "900x1400x24", "-nolisten", "tcp", "-noreset") // else it forgets the layout
	cmd.ExtraFiles = []*os.File{w}
	start(t, cmd)
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	display := ":" + strings.TrimSpace(line)
	// A layout with every letter that the tests type: xdotool changes the layout for one that is missing, and a busy app sees that too late.
	command(t, "setxkbmap", "-display", display, "us", "altgr-intl")
	return display
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

// tags tells the widget with a tag, tagsPrefix one whose tag begins so.
func tags(tag string) func(tree.Widget) bool {
	return func(w tree.Widget) bool { return w.Tag == tag }
}

func tagsPrefix(prefix string) func(tree.Widget) bool {
	return func(w tree.Widget) bool { return strings.HasPrefix(w.Tag, prefix) }
}

// choice tells a choice by its name.
func choice(name string) func(tree.Widget) bool {
	return func(w tree.Widget) bool {
		return strings.HasPrefix(w.Tag, "choice:") && strings.HasSuffix(w.Tag, ":"+name)
	}
}

// has reports whether the last look saw a widget that can be tapped.
func (f *field) has(fits func(tree.Widget) bool) bool {
	_, ok := f.find(fits)
	return ok
}

// tap taps a widget until what must come of it has come: a press that is heard while the page is drawn anew goes to nobody.
func (f *field) tap(what string, fits func(tree.Widget) bool, done func() bool) {
	f.t.Helper()
	for range 5 {
		f.point(what, fits, done)
		if done() || f.until(answer, done) {
			return
		}
		f.t.Log("nothing came of a tap on", what)
	}
	f.wait("something to come of a tap on "+what, done)
}

// point presses where a widget is, once it stands still; not any more when done.
func (f *field) point(what string, fits func(tree.Widget) bool, done func() bool) {
	f.t.Helper()
	var found tree.Widget
	f.wait(what, func() bool {
		if done() {
			return true
		}
		w, ok := f.find(fits)
		if ok && !w.Visible {
			f.xdotool("mousemove", "400", "800", "click", "5") // the wheel, one notch down
		}
		steady := ok && w == found // where it was at the last look: the page has stopped moving
		found = w
		return steady && w.Visible
	})
	if done() {
		return
	}
	// By a place beside it, since a pointer that is there already makes no movement that the app could hear.
	f.xdotool("mousemove", strconv.Itoa(found.X+5), strconv.Itoa(found.Y+5), "sleep", "0.1",
		"mousemove", strconv.Itoa(found.X), strconv.Itoa(found.Y), "sleep", "0.15", "mousedown", "1", "sleep", "0.08", "mouseup", "1")
}

func (f *field) xdotool(args ...string) {
	f.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+f.display, "LC_ALL=C.UTF-8") // else it reads no letter beyond ASCII
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// begin starts an interview, resume opens the first of the list.
func (f *field) begin() {
	f.t.Helper()
	f.tap("the button of a new interview", tags("new"), f.asks)
}

func (f *field) resume() {
	f.t.Helper()
	f.tap("an interview of the list", tagsPrefix("interview:"), f.asks)
}

// next and previous turn the page.
func (f *field) next() {
	f.t.Helper()
	f.turn("next")
}

func (f *field) previous() {
	f.t.Helper()
	f.turn("previous")
}

func (f *field) turn(tag string) {
	f.t.Helper()
	was := f.question()
	f.tap("the button "+tag+" of "+was, tags(tag), func() bool { return f.asks() && f.question() != was })
}

// finalize finishes the interview, which leads to the list.
func (f *field) finalize() {
	f.t.Helper()
	f.tap("the button that finalizes", tags("finalize"), func() bool { return f.has(tags("new")) })
}

// asks reports whether a page of an interview is shown.
func (f *field) asks() bool { return f.question() != "" }

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

// choose taps a choice of a select one by its name, until it is chosen and kept.
func (f *field) choose(name string) {
	f.t.Helper()
	f.tap("the choice "+name, choice(name), func() bool {
		w, ok := f.find(choice(name))
		return ok && w.Chosen
	})
	f.expectKept()
}

// pick opens a long list, and takes a choice from it by its name.
func (f *field) pick(name string) {
	f.t.Helper()
	opener := tagsPrefix("open:")
	f.tap("the button of a long list", opener, func() bool { return f.has(choice(name)) })
	f.tap("the choice "+name, choice(name), func() bool { return f.has(opener) })
	f.expectKept()
}

// write taps the first box and types, until the box says so and the answer is kept.
func (f *field) write(s string) {
	f.t.Helper()
	done := func() bool { return f.written(s) && f.kept() }
	for range 5 {
		f.point("a box", tagsPrefix("box:"), func() bool { return false })
		f.xdotool("sleep", "0.2", "key", "ctrl+a", "sleep", "0.1", "type", "--delay", "50", s)
		if f.until(answer, done) {
			return
		}
		f.t.Log("the box does not say", s)
	}
	f.wait("a box that says "+s+", kept", done)
}

// written reports whether a box says s.
func (f *field) written(s string) bool {
	return f.has(func(w tree.Widget) bool { return w.Kind == "type" && w.Text == s })
}

func (f *field) expectWritten(s string) {
	f.t.Helper()
	f.wait("a box that says "+s, func() bool { return f.written(s) })
}

// expectKept waits until the screen says that the answer is kept.
func (f *field) expectKept() {
	f.t.Helper()
	f.wait("the answer to be kept", f.kept)
}

func (f *field) kept() bool { return f.says("Guardado") }

// expectText waits for a text on the screen.
func (f *field) expectText(s string) {
	f.t.Helper()
	f.wait("the text "+s, func() bool { return f.says(s) })
}

func (f *field) says(s string) bool {
	return f.has(func(w tree.Widget) bool { return strings.Contains(w.Text, s) })
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
