package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// guard is what every request passes: headers, no posts from other sites, session, language.
func (s *server) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.message(w, s.newVisit(r), http.StatusForbidden, "error.origin")
	}))
	h := s.sessions.LoadAndSave(s.chooseLanguage(next))
	return s.headers(origins.Handler(h))
}

// policy allows nothing but our own style sheet, images and forms: no script at all.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// What a session holds.
const (
	sessionUser  = "user"
	sessionStamp = "stamp" // of the password's hash at login: a new password ends all other sessions
)

func stamp(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:8])
}

// begin logs a user in, under a new session ID.
func (s *server) begin(ctx context.Context, u User) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionUser, u.Name)
	s.sessions.Put(ctx, sessionStamp, stamp(u.Hash))
	return nil
}

// user returns who is logged in; ErrNoUser for nobody. A user who was removed, or got another password, is nobody.
func (s *server) user(ctx context.Context) (User, error) {
	name := s.sessions.GetString(ctx, sessionUser)
	if name == "" {
		return User{}, ErrNoUser
	}
	u, err := s.Users.User(ctx, name)
	if err == nil && stamp(u.Hash) != s.sessions.GetString(ctx, sessionStamp) {
		return User{}, ErrNoUser
	}
	return u, err
}

// page shows something to a visitor who may see it.
type page func(w http.ResponseWriter, v *visit)

// as lets users of a role see a page, and asks all others to log in.
func (s *server) as(role Role, p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.newVisit(r)
		u, err := s.user(r.Context())
		switch {
		case errors.Is(err, ErrNoUser):
			s.askToLogIn(w, r)
		case err != nil:
			s.fail(w, v, err)
		case !u.Role.May(role):
			v.User = u
			s.message(w, v, http.StatusForbidden, "error.role")
		default:
			v.User = u
			p(w, v)
		}
	}
}

func (s *server) askToLogIn(w http.ResponseWriter, r *http.Request) {
	to := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?to=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// local returns an address of these pages to go on to; "/" for any other.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

func (s *server) audit(v *visit, what, about string) {
	if s.Audit != nil {
		s.Audit(v.Request.Context(), Act{At: s.Now(), By: v.User.Name, Address: s.Address(v.Request), What: what, About: about})
	}
}
