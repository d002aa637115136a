package dashboard

import (
	"bytes"
	"context"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"vereda/survey/words"
)

// visit is one request: who asks, in which language.
type visit struct {
	Request *http.Request
	Words   words.Words
	User    User
	Project string
	CSS     string
	Import  bool // there is a page for it
	Invite  bool // there is a page for it
	Desk    bool // coordinators can say something
	Notice  string
	Page    string // file name of the page, without its end
	Body    any
}

type languageKey struct{}

const languageCookie = "vereda_language"

// chooseLanguage keeps a choice made with ?lang=, and goes on to the same page without it.
func (s *server) chooseLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if code := q.Get("lang"); code != "" && r.Method == http.MethodGet {
			q.Del("lang")
			http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: words.Match(code), Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
			to := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: q.Encode()}
			http.Redirect(w, r, to.String(), http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), languageKey{}, language(r))))
	})
}

// language is the visitor's: chosen before, or as the browser asks (its order, not its weights, which hardly any browser sets
// otherwise), or Spanish.
func language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil {
		return words.Match(c.Value)
	}
	var asked []string
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		asked = append(asked, tag)
	}
	return words.Match(strings.Join(asked, ":"))
}

func (s *server) newVisit(r *http.Request) *visit {
	code, ok := r.Context().Value(languageKey{}).(string)
	if !ok {
		code = language(r)
	}
	return &visit{Request: r, Words: s.words.In(code), Project: s.Project, CSS: s.css, Import: s.Import != nil, Invite: s.Invite != nil, Desk: s.Desk != nil}
}

// Languages are offered on every page.
func (v *visit) Languages() []string { return words.Languages }

// In returns the address of this page in another language.
func (v *visit) In(language string) string {
	q := v.Request.URL.Query()
	q.Set("lang", language)
	p := v.Request.URL.Path
	if v.Request.Method != http.MethodGet {
		p = "/" + strings.SplitN(p, "/", 3)[1] // the page that the form was on
	}
	return (&url.URL{Path: p, RawQuery: q.Encode()}).String()
}

// Downloads reports whether the visitor may take interviews away; Administers, whether he may revoke; Says, whether he may say what coordinators say.
func (v *visit) Downloads() bool   { return v.User.Role.May(Coordinator) }
func (v *visit) Administers() bool { return v.User.Role.May(Administrator) }
func (v *visit) Says() bool        { return v.Desk && v.Downloads() }

// parse reads the pages, once for each language: texts and times are bound to it.
func (s *server) parse() (map[string]map[string]*template.Template, error) {
	all := make(map[string]map[string]*template.Template)
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	for _, code := range words.Languages {
		layout, err := template.New("layout.html").Funcs(s.functions(s.words.In(code))).ParseFS(pageFiles, "pages/layout.html", "pages/parts.html")
		if err != nil {
			return nil, err
		}
		all[code] = make(map[string]*template.Template)
		for _, name := range names {
			own, err := layout.Clone()
			if err == nil {
				own, err = own.ParseFS(pageFiles, name)
			}
			if err != nil {
				return nil, err
			}
			all[code][strings.TrimSuffix(path.Base(name), ".html")] = own
		}
	}
	return all, nil
}

// functions are what pages may call.
func (s *server) functions(w words.Words) template.FuncMap {
	t := times{w, s.Zone, s.Now}
	return template.FuncMap{
		"say":       w.Say,
		"named":     func(prefix, code string) string { return named(w, prefix, code) },
		"number":    func(n int) string { return w.Number(int64(n)) },
		"when":      t.when,
		"day":       t.day,
		"due":       t.due,
		"clock":     t.clock,
		"wrong":     isWrong,
		"fromWrong": func() string { return t.duration(wrongClock) },
		"duration":  t.duration,
		"stamp":     func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"language":  words.Name,
		"short":     short,
		"percent":   func(p float64) string { return w.Number(int64(math.Round(100*p))) + "\u00a0%" },
		"ahead":     t.clock,
		"input":     func(at time.Time) string { return inputTime(at, s.Zone) },
		"tab":       func(v *visit, page, to string) tab { return tab{page, to, v.Page == page || v.Page+"s" == page} },
	}
}

// tab leads to a page; Here is the page it leads to.
type tab struct {
	Page, To string
	Here     bool
}

// named says what a code of another part of the program means; the code itself where no text is known.
func named(w words.Words, prefix, code string) string {
	if w.Has(prefix + code) {
		return w.Say(prefix + code)
	}
	return code
}

// short is the beginning of a long ID, enough to tell a few apart.
func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

// show renders a page whole before it sends the first byte.
func (s *server) show(w http.ResponseWriter, v *visit, status int, page string, body any) {
	v.Page, v.Body = page, body
	var b bytes.Buffer
	if err := s.pages[v.Words.Language()][page].Execute(&b, v); err != nil {
		s.Log.Error("page cannot be rendered", "page", page, "error", err)
		http.Error(w, v.Words.Say("error.internal"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", v.Words.Language())
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// message is a sentence where a page was asked for.
type message struct {
	Text  string
	Again string // the page that is to be looked at again; "" for none
}

func (s *server) message(w http.ResponseWriter, v *visit, status int, key string) {
	s.show(w, v, status, "message", message{Text: v.Words.Say(key)})
}

// changed says that what a page showed is not so any more, with the way back to that page.
func (s *server) changed(w http.ResponseWriter, v *visit, page string) {
	s.show(w, v, http.StatusConflict, "message", message{v.Words.Say("error.changed"), page})
}

// fail logs an error and tells the visitor that there is one.
func (s *server) fail(w http.ResponseWriter, v *visit, err error) {
	s.Log.Error("request failed", "path", v.Request.URL.Path, "error", err)
	s.message(w, v, http.StatusInternalServerError, "error.internal")
}

func (s *server) nowhere(w http.ResponseWriter, v *visit) {
	s.message(w, v, http.StatusNotFound, "error.nowhere")
}
