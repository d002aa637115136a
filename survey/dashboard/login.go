package dashboard

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// loginBody is the log-in page.
type loginBody struct {
	Name, To string
	Wrong    bool
	Wait     time.Duration // until the next try
}

func (s *server) loginPage(w http.ResponseWriter, r *http.Request) {
	to := local(r.URL.Query().Get("to"))
	if _, err := s.user(r.Context()); err == nil {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	s.show(w, s.newVisit(r), http.StatusOK, "login", loginBody{To: to})
}

// maxForm bounds a posted form that holds no file.
const maxForm = 64 << 10

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := s.newVisit(r)
	body := loginBody{Name: r.PostFormValue("name"), To: local(r.PostFormValue("to"))}
	address := s.Address(r)
	if body.Wait = s.limits.take(body.Name, address); body.Wait > 0 {
		s.show(w, v, http.StatusTooManyRequests, "login", body)
		return
	}
	u, right, err := s.verify(r.Context(), body.Name, r.PostFormValue("password"))
	v.User.Name = body.Name
	switch {
	case err != nil:
		s.fail(w, v, err)
	case !right:
		s.audit(v, "login-failed", "")
		v.User, body.Wrong = User{}, true
		s.show(w, v, http.StatusUnauthorized, "login", body)
	default:
		s.limits.giveBack(body.Name, address)
		s.enter(w, v, u, body.To)
	}
}

func (s *server) enter(w http.ResponseWriter, v *visit, u User, to string) {
	if err := s.begin(v.Request.Context(), u); err != nil {
		s.fail(w, v, err)
		return
	}
	v.User = u
	s.audit(v, "login", "")
	http.Redirect(w, v.Request, to, http.StatusSeeOther)
}

// verify checks a password. For an unknown name it takes as long, and gives the same answer.
func (s *server) verify(ctx context.Context, name, password string) (User, bool, error) {
	u, err := s.Users.User(ctx, name)
	hash := u.Hash
	if errors.Is(err, ErrNoUser) {
		hash, err = s.dummy()
	}
	if err != nil {
		return User{}, false, err
	}
	s.slots <- struct{}{}
	right, err := CheckPassword(password, hash)
	<-s.slots
	return u, right && u.Hash != "", err
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) {
	v := s.newVisit(r)
	if u, err := s.user(r.Context()); err == nil {
		v.User = u
		s.audit(v, "logout", "")
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		s.fail(w, v, err)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
