// Package dashboard is the coordinator's web pages: what came from which device, interviews and how they came to be, conflicts, downloads.
// Pages are rendered on the server in five languages and need no script. It knows no database: what it shows and does comes
// in through Options.
//
// Sessions are kept in memory: people log in again after the collector was restarted.
package dashboard

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// Data is what a collector knows, for people to read. Errors are shown as "cannot be read now" and logged.
type Data interface {
	Interviews(ctx context.Context, f fieldwork.Filter) ([]fieldwork.Interview, error) // received last: first
	Total(ctx context.Context, f fieldwork.Filter) (int, error)
	Story(ctx context.Context, interview uuid.UUID) (fieldwork.Story, error) // fs.ErrNotExist, or an error with the Code() "not-found", when there is none
	Devices(ctx context.Context) ([]fieldwork.Device, error)
	Conflicts(ctx context.Context, form string) ([]fieldwork.Conflict, error) // "": of all forms
	Quarantine(ctx context.Context) ([]fieldwork.Aside, error)
	Counts(ctx context.Context) ([]fieldwork.Count, error)
	Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error]
	Merged(ctx context.Context, interviews ...uuid.UUID) ([]record.Merged, error) // in the order asked for; those that are not there are left out
	Briefs(ctx context.Context, interviews ...uuid.UUID) (map[uuid.UUID]fieldwork.Brief, error)

	ConflictsAfter(ctx context.Context, form string, after uuid.UUID, n int) ([]fieldwork.Conflict, error) // of n interviews
	Work(ctx context.Context, f fieldwork.WorkFilter) ([]fieldwork.Assignment, int, error)
	Pairs(ctx context.Context, form string, f func(fieldwork.Alike) bool) error // the most likely first
	Pair(ctx context.Context, a, b uuid.UUID) (fieldwork.Alike, error)          // a < b; an error with the Code() "not-found" when they look different
	Decisions(ctx context.Context) ([]fieldwork.Decision, error)
	Settings(ctx context.Context) ([]fieldwork.Setting, error)
	Stuck(ctx context.Context) ([]fieldwork.Stuck, error)
	Awaited(ctx context.Context, interviews []uuid.UUID) (map[uuid.UUID]int, error) // how many files of each have not come
}

// Users are the people who may log in.
type Users interface {
	// User finds by name; ErrNoUser when nobody has it.
	User(ctx context.Context, name string) (User, error)
	SetHash(ctx context.Context, name, hash string) error
}

// User is a person who may log in.
type User struct {
	Name string
	Hash string // of HashPassword
	Role Role
}

// ErrNoUser is returned by Users for a name that nobody has.
var ErrNoUser = errors.New("dashboard: no such user")

// Role says what a user may do. Each may do what those before it may.
type Role string

// The roles.
const (
	Viewer        Role = "viewer"        // reads all pages
	Coordinator   Role = "coordinator"   // downloads interviews, imports batches, assigns, judges, resolves, decides
	Administrator Role = "administrator" // invites and revokes devices, changes the project's settings
)

// May reports whether the role includes another. An unknown role includes none.
func (r Role) May(other Role) bool {
	rank := map[Role]int{Viewer: 1, Coordinator: 2, Administrator: 3}
	return rank[r] > 0 && rank[other] > 0 && rank[r] >= rank[other]
}

// Upload is a file that somebody uploads.
type Upload struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Imported says what an import did with the entries of a batch file, or why it took none.
type Imported struct {
	File                          string
	Batch                         string // its ID
	Stored, Known, Aside, Refused int
	Device                        bool // a tablet sealed it: an answer is due to it
	Refusal                       *Refusal
}

// Refusal is an error that people can be told about. Of an import its Code is "not-a-batch", "damaged", "foreign", "newer", "encrypted", "revoked", "list" where
// the list of a stick is not believed, or "missing" where it names a file that is not there.
type Refusal struct {
	Code string
	Err  error
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Err.Error() }
func (r *Refusal) Unwrap() error { return r.Err }

// Invitation is what devices are invited for.
type Invitation struct {
	Role    string // "enumerator", "coordinator" or "collector"
	Devices int    // that may use it
	Days    int    // it is good for
	For     string // the ID of a device that the one invited replaces; ""
}

// Invited is an invitation as it is given away.
type Invited struct {
	Link, Code, Address string
	Check               string // letters that prove the collector to whom the code is read aloud; "" where an authority vouches for it
}

// Act is something a person did, or tried, for an audit log.
type Act struct {
	At      time.Time
	By      string // the user's name; at "login-failed" the name that was tried
	Address string
	What    string // "login", "login-failed", "logout", "password", "revoke", "import", "answers", "download", "invite", "assign", "hand-over", "schedule", "withdraw",
	// "approved", "returned", "resolve", "duplicate", "setting"
	About string // device, file, form, interview
}

// Options are what the pages need. Data, Users and Forms are needed.
type Options struct {
	Project string // its name, for the heading; "": Vereda
	Data    Data
	Users   Users

	// Forms returns all published versions, those of one form together and the newest first. It is called for nearly every page
	// and should answer from memory.
	Forms func(ctx context.Context) ([]*form.Form, error)

	// Revoke stops what a device sends next; nil: there is no button. fs.ErrNotExist for an unknown device.
	Revoke func(ctx context.Context, device string) error

	// Import takes files that lay on a stick, batches and the lists of them, and says what became of each batch and of what it refuses; nil: there is no page.
	Import    func(ctx context.Context, files []Upload) ([]Imported, error)
	MaxImport int64 // bytes; 0: 64 MiB

	// Answers writes a ZIP file with the answers to the devices that sealed some imported batches, or ask by the lists of a stick, as they lie on it; nil: there are none.
	Answers func(ctx context.Context, batches []string, lists [][]byte, out io.Writer) error

	// Desk is where coordinators say something; nil: nothing is said on these pages.
	Desk *desk.Desk

	// Compare looks for duplicates for a short time, and tells how many interviews are still to be compared; nil: nobody looks.
	Compare func(ctx context.Context) (left int, err error)

	// Invite makes an invitation; nil: there is no page. A *Refusal with the Code "hub" says that the central collector does.
	Invite func(ctx context.Context, i Invitation) (Invited, error)

	// Clock tells how far a device's clock was ahead at its exchanges, oldest first; nil: not known.
	Clock func(ctx context.Context, device string) ([]fieldwork.Reading, error)

	// Files are the photos and other attachments of interviews; nil: none are shown.
	Files Files

	// Relay tells how a hub stands with its upstream; nil: this collector is none.
	Relay func() fieldwork.Relay

	Audit   func(ctx context.Context, a Act) // nil: none
	Address func(r *http.Request) string     // where a request comes from; nil: the connection's other end
	Secure  bool                             // served by TLS: cookies say so
	Now     func() time.Time                 // nil: time.Now
	Zone    *time.Location                   // of times on pages; nil: time.Local
	Random  io.Reader                        // nil: crypto/rand
	Log     *slog.Logger                     // nil: none
}

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed texts/*.json
var textFiles embed.FS

//go:embed static/style.css
var style []byte

// server answers requests. It is read-only after New, but for sessions and limits, which lock themselves.
type server struct {
	Options
	words    *words.Catalogue
	pages    map[string]map[string]*template.Template // by language, by page
	sessions *scs.SessionManager
	limits   *limits
	dummy    func() (string, error) // a hash nobody has the password of, made when first wanted: it takes memory
	css      string                 // path of the style sheet, which changes with it
	slots    chan struct{}
}

// New returns the handler of all pages, from "/" on. It fails when an option is missing or a text or page is broken.
func New(o Options) (http.Handler, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	return s.handler(), nil
}

func newServer(o Options) (*server, error) {
	if o.Data == nil || o.Users == nil || o.Forms == nil {
		return nil, errors.New("dashboard: Data, Users and Forms are needed")
	}
	s := &server{Options: withDefaults(o)}
	texts, err := fs.Sub(textFiles, "texts")
	if err != nil {
		return nil, err
	}
	if s.words, err = words.Load(texts); err != nil {
		return nil, err
	}
	s.css = stylePath()
	if s.pages, err = s.parse(); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	s.dummy = sync.OnceValues(func() (string, error) { return HashPassword("nobody has this password", s.Random) })
	s.limits = newLimits(s.Now)
	s.sessions = newSessions(s.Secure)
	s.slots = make(chan struct{}, hashesAtOnce)
	return s, nil
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+s.css, serveStyle)
	mux.HandleFunc("GET /login", s.loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /{$}", s.as(Viewer, s.overview))
	mux.HandleFunc("GET /interviews", s.as(Viewer, s.interviews))
	mux.HandleFunc("GET /interviews/{id}", s.as(Viewer, s.interview))
	mux.HandleFunc("GET /interviews/{id}/files/{file}", s.as(Viewer, s.file))
	mux.HandleFunc("GET /conflicts", s.as(Viewer, s.conflicts))
	mux.HandleFunc("GET /devices", s.as(Viewer, s.devices))
	mux.HandleFunc("GET /aside", s.as(Viewer, s.aside))
	mux.HandleFunc("GET /account", s.as(Viewer, s.account))
	mux.HandleFunc("POST /account", s.as(Viewer, s.changePassword))
	mux.HandleFunc("GET /downloads", s.as(Coordinator, s.downloads))
	mux.HandleFunc("GET /downloads/file", s.as(Coordinator, s.download))
	if s.Import != nil {
		mux.HandleFunc("GET /import", s.as(Coordinator, s.importPage))
		mux.HandleFunc("POST /import", s.as(Coordinator, s.importFile))
		if s.Answers != nil {
			mux.HandleFunc("POST /import/answers", s.as(Coordinator, s.importAnswers))
		}
	}
	s.coordination(mux)
	if s.Revoke != nil {
		mux.HandleFunc("POST /devices/revoke", s.as(Administrator, s.revoke))
	}
	mux.HandleFunc("/", s.as(Viewer, s.nowhere))
	return s.guard(mux)
}

// coordination adds the pages on which coordinators say something.
func (s *server) coordination(mux *http.ServeMux) {
	mux.HandleFunc("GET /assignments", s.as(Viewer, s.assignments))
	mux.HandleFunc("GET /duplicates", s.as(Viewer, s.duplicates))
	mux.HandleFunc("GET /duplicates/pair", s.as(Viewer, s.pair))
	mux.HandleFunc("GET /devices/{id}", s.as(Viewer, s.device))
	mux.HandleFunc("GET /settings", s.as(Viewer, s.settings))
	if s.Desk != nil {
		mux.HandleFunc("POST /assignments", s.as(Coordinator, s.assign))
		mux.HandleFunc("POST /assignments/change", s.as(Coordinator, s.changeAssignments))
		mux.HandleFunc("POST /interviews/{id}/verdict", s.as(Coordinator, s.judge))
		mux.HandleFunc("POST /conflicts/resolve", s.as(Coordinator, s.resolve))
		mux.HandleFunc("POST /duplicates/decide", s.as(Coordinator, s.decide))
		mux.HandleFunc("POST /settings", s.as(Administrator, s.changeSettings))
	}
	if s.Invite != nil {
		mux.HandleFunc("GET /invite", s.as(Administrator, s.invitePage))
		mux.HandleFunc("POST /invite", s.as(Administrator, s.invite))
		mux.HandleFunc("POST /invite/file", s.as(Administrator, s.inviteFile))
	}
}
