package fault

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// prepared is a project that was just made, in a folder: the command, the collectors' data and the tablets' stores, enrolled. Each round
// copies them, since making them takes longer than a round.
type prepared struct {
	dir          string
	fingerprints map[string]string // of the collectors' TLS certificates
}

// Each hub has a second folder, of another device: that of the computer that takes its place when it is destroyed.
var (
	preparedHubs    = []string{"hub1", "hub2", "hub1-new", "hub2-new"}
	preparedTablets = []string{"tablet1", "tablet2", "tablet3"}
)

// householdForm is the form of form_test.go, as a workbook.
const householdForm = `| survey   |              |         |         |
|          | type         | name    | label   |
|          | text         | head    | Head    |
|          | integer      | members | Members |
|          | text         | note    | Note    |
|          | image        | photo   | Photo   |
|          | begin repeat | roster  | Roster  |
|          | text         | name    | Name    |
|          | file         | paper   | Paper   |
|          | end repeat   |         |         |
| settings |              |         |         |
|          | form_id      | version |         |
|          | household    | 1       |         |
`

var (
	prepareOnce sync.Once
	project     prepared
	prepareErr  error
)

// prepare makes the project, once.
func prepare() (prepared, error) {
	prepareOnce.Do(func() { prepareErr = project.make() })
	return project, prepareErr
}

func removePrepared() {
	if project.dir != "" {
		os.RemoveAll(project.dir)
	}
}

func (p *prepared) make() (err error) {
	if p.dir, err = os.MkdirTemp("", "vereda-fault-project-"); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", p.command(), "vereda/cmd/vereda")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	p.fingerprints = map[string]string{}
	centre := &server{command: p.command(), name: "centre", dir: p.data("centre")}
	if err := centre.start("--tls", "on"); err != nil {
		return err
	}
	defer centre.end(os.Interrupt)
	p.fingerprints["centre"] = fingerprintOf(centre.listens())
	if err := os.WriteFile(filepath.Join(p.dir, "household.md"), []byte(householdForm), 0o600); err != nil {
		return err
	}
	if _, err := p.run("form", "publish", filepath.Join(p.dir, "household.md"), "--data", centre.dir); err != nil {
		return err
	}
	for _, name := range preparedHubs {
		if err := p.makeHub(name, centre.dir); err != nil {
			return err
		}
	}
	for _, name := range preparedTablets {
		if err := p.makeTablet(name, centre.dir); err != nil {
			return err
		}
	}
	return nil
}

func (p *prepared) command() string         { return filepath.Join(p.dir, "vereda") }
func (p *prepared) data(name string) string { return filepath.Join(p.dir, name) }
func (p *prepared) tablets() string         { return filepath.Join(p.dir, "tablets") }
func (p *prepared) run(args ...string) (string, error) {
	return command(p.command(), args...)
}

// invite returns an invitation's link.
func (p *prepared) invite(role, data string) (string, error) {
	out, err := p.run("invite", "--role", role, "--data", data)
	link, _, _ := strings.Cut(out, "\n")
	return link, err
}

func (p *prepared) makeHub(name, centre string) error {
	link, err := p.invite("collector", centre)
	if err != nil {
		return err
	}
	hub := &server{command: p.command(), name: name, dir: p.data(name)}
	if err := hub.start("--tls", "on", "--join", link, "--name", name); err != nil {
		return err
	}
	p.fingerprints[name] = fingerprintOf(hub.listens())
	hub.end(os.Interrupt)
	return nil
}

// fingerprintOf returns that of the TLS certificate of who listens.
func fingerprintOf(address string) string {
	c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) // it is asked which it has
	if err != nil {
		return ""
	}
	defer c.Close()
	return transfer.Fingerprint(c.ConnectionState().PeerCertificates[0].Raw)
}

func (p *prepared) makeTablet(name, centre string) error {
	link, err := p.invite("enumerator", centre)
	if err != nil {
		return err
	}
	invitation, err := device.ParseLink(link)
	if err != nil {
		return err
	}
	var seed [32]byte
	copy(seed[:], name)
	key, err := device.NewKey(mathrand.NewChaCha8(seed))
	if err != nil {
		return err
	}
	m, err := transfer.Enrol(background, invitation, key, name)
	if err != nil {
		return err
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.tablets(), 0o700); err != nil {
		return err
	}
	s, err := store.Open(filepath.Join(p.tablets(), name))
	if err != nil {
		return err
	}
	return errors.Join(s.SetSetting(membershipSetting, b), s.Close())
}

// patience is how long a program may take that nothing goes wrong with.
const patience = time.Minute

// command runs a program to its end and returns what it printed.
func command(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(background, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, talk.String())
	}
	return out.String(), err
}

// server is a collector's program: `vereda serve`.
type server struct {
	command, name, dir string
	made               string   // which of the prepared collectors it is
	flags              []string // of each start

	mu      sync.Mutex
	program *exec.Cmd
	ended   chan struct{} // closed when the program has ended
	address string        // where it listens; "" when it does not
	talk    bytes.Buffer  // what it said on standard error, since it was first started
}

// launch starts the program and does not wait for it to listen.
func (s *server) launch(more ...string) (ready <-chan struct{}, err error) {
	args := append([]string{"serve", "--data", s.dir, "--listen", "127.0.0.1:0", "--no-announce"}, s.flags...)
	cmd := exec.Command(s.command, append(args, more...)...)
	talk, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	listens, ended := make(chan struct{}), make(chan struct{})
	s.mu.Lock()
	s.program, s.ended = cmd, ended
	s.mu.Unlock()
	go func() {
		said := false
		for lines := bufio.NewScanner(talk); lines.Scan(); {
			address, found := strings.CutPrefix(lines.Text(), "dashboard: ")
			s.mu.Lock()
			s.talk.WriteString(lines.Text() + "\n")
			if found && !said {
				_, s.address, _ = strings.Cut(address, "://")
				said = true
				close(listens)
			}
			s.mu.Unlock()
		}
		_ = cmd.Wait()
		s.mu.Lock()
		s.address, s.program = "", nil
		if !said {
			close(listens)
		}
		s.mu.Unlock()
		close(ended)
	}()
	return listens, nil
}

// start starts the program and waits until it listens.
func (s *server) start(more ...string) error {
	ready, err := s.launch(more...)
	if err != nil {
		return err
	}
	select {
	case <-ready:
	case <-time.After(patience):
		s.end(os.Kill)
	}
	if s.listens() == "" {
		return fmt.Errorf("%s did not start:\n%s", s.name, s.said())
	}
	return nil
}

func (s *server) listens() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address
}

func (s *server) runs() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.program != nil
}

func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.talk.String()
}

// end ends the program: os.Kill as SIGKILL does, os.Interrupt as its people do. It waits for that.
func (s *server) end(how os.Signal) {
	s.mu.Lock()
	program, ended := s.program, s.ended
	if program != nil {
		_ = program.Process.Signal(how)
	}
	s.mu.Unlock()
	if program == nil {
		return
	}
	select {
	case <-ended:
	case <-time.After(patience):
		_ = program.Process.Kill()
		<-ended
	}
}

// handheld is a tablet, whose programs are short: each does what an order says, and ends.
type handheld struct {
	name  string
	store string
	ahead time.Duration
}

// obey lets a tablet do what an order says, unless it is killed before. It returns what the tablet said to have kept.
func (h *handheld) obey(ctx context.Context, o order) (said []kept, err error) {
	o.Store, o.Name, o.Ahead = h.store, h.name, h.ahead
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), tabletVariable+"="+string(text))
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("%w: %s", cmp.Or(ctx.Err(), err), strings.TrimSpace(talk.String()))
	}
	for lines := json.NewDecoder(&out); ; {
		var k kept
		if e := lines.Decode(&k); e != nil { // the last line may be cut: of that nothing was said
			if !errors.Is(e, io.EOF) && !errors.Is(e, io.ErrUnexpectedEOF) {
				return said, e
			}
			return said, err
		}
		said = append(said, k)
	}
}

// opened opens a tablet's store that no program has open.
func (h *handheld) opened(do func(*store.Store) error) error {
	s, err := store.Open(h.store)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// waits returns what of a tablet the centre has not covered: entries and files.
func (h *handheld) waits() (entries, files int, err error) {
	err = h.opened(func(s *store.Store) (err error) {
		if entries, err = s.Left(); err == nil {
			files, _, err = s.PhotosLeft()
		}
		return err
	})
	return entries, files, err
}
