package dashboard

import "net/http"

// accountBody is the page on which a user changes the password.
type accountBody struct {
	Fault string // key of what is wrong; "" for nothing
	Least int    // characters a password has
}

func (s *server) account(w http.ResponseWriter, v *visit) {
	if v.Request.URL.Query().Get("done") == "password" {
		v.Notice = v.Words.Say("account.done")
	}
	s.show(w, v, http.StatusOK, "account", accountBody{Least: MinPassword})
}

func (s *server) changePassword(w http.ResponseWriter, v *visit) {
	v.Request.Body = http.MaxBytesReader(w, v.Request.Body, maxForm)
	fault, err := s.setPassword(v)
	switch {
	case err != nil:
		s.fail(w, v, err)
	case fault != "":
		s.show(w, v, http.StatusUnprocessableEntity, "account", accountBody{fault, MinPassword})
	default:
		s.audit(v, "password", "")
		http.Redirect(w, v.Request, "/account?done=password", http.StatusSeeOther)
	}
}

// setPassword returns what is wrong with the form, if anything. This session goes on; all others of the user end.
func (s *server) setPassword(v *visit) (fault string, err error) {
	r, ctx := v.Request, v.Request.Context()
	if s.limits.take(v.User.Name, s.Address(r)) > 0 {
		return "account.wait", nil
	}
	_, right, err := s.verify(ctx, v.User.Name, r.PostFormValue("current"))
	if err != nil {
		return "", err
	}
	if !right {
		return "account.wrong", nil
	}
	s.limits.giveBack(v.User.Name, s.Address(r))
	if r.PostFormValue("new") != r.PostFormValue("again") {
		return "account.different", nil
	}
	hash, err := HashPassword(r.PostFormValue("new"), s.Random)
	if err == ErrPasswordLength {
		return "account.length", nil
	}
	if err == nil {
		err = s.Users.SetHash(ctx, v.User.Name, hash)
	}
	if err == nil {
		err = s.begin(ctx, User{Name: v.User.Name, Hash: hash})
	}
	return "", err
}
