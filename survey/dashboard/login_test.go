package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoIsNotLoggedInIsAskedToAndGoesOn(t *testing.T) {
	b := visitor(t, options(someField(t)))
	text := b.sees("/interviews?conflicts=1", http.StatusOK, "Contraseña", `value="/interviews?conflicts=1"`)
	if strings.Contains(text, "CUB-") {
		t.Error("a visitor sees an interview's name")
	}
	status, text := b.post("/login", url.Values{"name": {"vera"}, "password": {password}, "to": {"/interviews?conflicts=1"}})
	if status != http.StatusOK || len(lacks(text, "<h1>Entrevistas</h1>", "vera", "consulta")) > 0 {
		t.Errorf("after logging in: %d %s", status, text)
	}
	b.post("/logout", nil)
	b.sees("/interviews", http.StatusOK, "Contraseña")
}

func TestWrongPasswordAndUnknownNameAreTheSame(t *testing.T) {
	b := visitor(t, options(&field{}))
	status1, wrong := b.login("vera", "not her password")
	status2, unknown := b.login("nora", "not her password")
	if status1 != http.StatusUnauthorized || status2 != status1 || strings.ReplaceAll(wrong, "vera", "nora") != unknown {
		t.Errorf("wrong: %d %s\nunknown: %d %s", status1, wrong, status2, unknown)
	}
	if len(lacks(wrong, "El nombre o la contraseña no son correctos.")) > 0 {
		t.Error("no sentence says what is wrong")
	}
	// The dummy hash is the same work: same parameters.
	s := must(newServer(options(&field{})))(t)
	if a, b := must(parseHash(must(s.dummy())(t)))(t), must(parseHash(hashed))(t); a.memory != b.memory || a.time != b.time || a.threads != b.threads {
		t.Error("an unknown name takes other work")
	}
}

func TestTriesAreLimited(t *testing.T) {
	now := today
	o := options(&field{})
	o.Now = func() time.Time { return now }
	b := visitor(t, o)
	for range 5 {
		b.login("vera", "wrong password")
	}
	status, text := b.login("vera", password)
	if status != http.StatusTooManyRequests || len(lacks(text, "Demasiados intentos. Inténtelo de nuevo en 60 segundos.")) > 0 {
		t.Errorf("the sixth try: %d %s", status, text)
	}
	if status, _ := b.login("cora", password); status != http.StatusOK {
		t.Errorf("another name is not locked: %d", status)
	}
	now = now.Add(time.Minute)
	if status, _ := b.login("vera", password); status != http.StatusOK {
		t.Errorf("after a minute: %d", status)
	}
}

func TestLimits(t *testing.T) {
	now := today
	l := newLimits(func() time.Time { return now })
	for range 20 {
		if l.take(now.String(), "10.0.0.1") != 0 {
			t.Fatal("refused too early")
		}
		now = now.Add(time.Millisecond)
	}
	if wait := l.take("new name", "10.0.0.1"); wait < 14*time.Second || wait > 15*time.Second {
		t.Errorf("an address that tried 20 names waits %v", wait)
	}
	if l.take("x", "2001:db8::1") != 0 || l.bucket("address "+network("2001:db8::ffff"), perAddress).left != 19 {
		t.Error("an IPv6 network counts as one")
	}
	if network("not an address") != "not an address" || network("::ffff:10.0.0.1") != "::ffff:10.0.0.1" {
		t.Error("network")
	}
	now = now.Add(-24 * time.Hour)
	if wait := l.take("new name", "10.0.0.1"); wait > 15*time.Second {
		t.Errorf("a clock that goes back makes people wait %v", wait)
	}
	for i := range maxLimited {
		l.take("name "+time.Duration(i).String(), time.Duration(i).String())
	}
	if len(l.of) > maxLimited+1 {
		t.Errorf("%d are remembered", len(l.of))
	}
}

func TestRightPasswordsDoNotCount(t *testing.T) {
	b := visitor(t, options(&field{}))
	for i := range 7 {
		if status, _ := b.login("vera", password); status != http.StatusOK {
			t.Fatalf("login %d: %d", i+1, status)
		}
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	o := options(&field{})
	revoked := false
	o.Revoke = func(context.Context, string) error { revoked = true; return nil }
	b := member(t, o, "ada")
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		r := must(http.NewRequest("POST", b.url+"/devices/revoke", strings.NewReader("device=tab-1")))(t)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, value)
		if status, text := b.do(r); status != http.StatusForbidden || revoked || len(lacks(text, "otro sitio")) > 0 {
			t.Errorf("%s: status %d, revoked %v", header, status, revoked)
		}
	}
}

func TestCookiesAndHeaders(t *testing.T) {
	o := options(&field{})
	o.Secure = true
	b := visitor(t, o)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response := must(b.client.PostForm(b.url+"/login", url.Values{"name": {"vera"}, "password": {password}}))(t)
	response.Body.Close()
	i := slices.IndexFunc(response.Cookies(), func(c *http.Cookie) bool { return c.Name == "vereda_session" })
	if i < 0 {
		t.Fatal("no session cookie")
	}
	if c := response.Cookies()[i]; !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %v", c)
	}
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store", "Strict-Transport-Security": "max-age="} {
		if got := response.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOnlyLocalAddressesAreGoneOnTo(t *testing.T) {
	for to, want := range map[string]string{"/devices": "/devices", "/interviews?form=a&x=%2F": "/interviews?form=a&x=%2F",
		"": "/", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "javascript:alert(1)": "/", "/a\r\nb": "/", "devices": "/"} {
		if got := local(to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	o := options(someField(t))
	o.Revoke = func(context.Context, string) error { return nil }
	for _, c := range []struct {
		name, path string
		status     int
	}{
		{"vera", "/", 200}, {"vera", "/devices", 200}, {"vera", "/downloads", 403}, {"vera", "/downloads/file?form=lac_hh_connect&format=csv", 403},
		{"cora", "/downloads", 200}, {"ada", "/downloads", 200},
	} {
		if status, _ := member(t, o, c.name).get(c.path); status != c.status {
			t.Errorf("%s at %s: %d, want %d", c.name, c.path, status, c.status)
		}
	}
	if status, text := member(t, o, "cora").post("/devices/revoke", url.Values{"device": {"tab-1"}}); status != 403 || len(lacks(text, "Su cuenta no permite")) > 0 {
		t.Errorf("a coordinator revokes: %d", status)
	}
	if _, text := member(t, o, "cora").get("/devices"); strings.Contains(text, "/devices/revoke") {
		t.Error("a coordinator is offered to revoke")
	}
	if Role("root").May(Viewer) || Administrator.May("root") || Viewer.May(Coordinator) || !Administrator.May(Viewer) {
		t.Error("May is wrong")
	}
}

func TestRemovedUsersAreOutAtOnce(t *testing.T) {
	o := options(&field{})
	b := member(t, o, "vera")
	b.sees("/", http.StatusOK, "<h1>Resumen</h1>")
	delete(o.Users.(people), "vera")
	b.sees("/", http.StatusOK, "Contraseña")
}

func TestChangePassword(t *testing.T) {
	o := options(&field{})
	here := member(t, o, "vera")
	there := another(t, here.url)
	there.login("vera", password)
	for _, c := range []struct{ current, new, again, want string }{
		{"wrong", "otra vereda", "otra vereda", "La contraseña actual no es correcta."},
		{password, "otra vereda", "otra verdad", "Las dos contraseñas nuevas no son iguales."},
		{password, "corta", "corta", "al menos 8 caracteres"},
	} {
		status, text := here.post("/account", url.Values{"current": {c.current}, "new": {c.new}, "again": {c.again}})
		if status != http.StatusUnprocessableEntity || len(lacks(text, c.want)) > 0 {
			t.Errorf("%v: %d %s", c, status, text)
		}
	}
	status, text := here.post("/account", url.Values{"current": {password}, "new": {"otra vereda"}, "again": {"otra vereda"}})
	if status != http.StatusOK || len(lacks(text, "La contraseña se cambió.")) > 0 {
		t.Errorf("%d %s", status, text)
	}
	here.sees("/account", http.StatusOK, "Cambiar la contraseña")
	there.sees("/account", http.StatusOK, "Nombre de usuario") // the other session has ended
	if status, _ := there.login("vera", "otra vereda"); status != http.StatusOK {
		t.Errorf("the new password: %d", status)
	}
}

func TestActsAreAudited(t *testing.T) {
	o := options(someField(t))
	var acts []string
	o.Audit = func(_ context.Context, a Act) { acts = append(acts, strings.TrimSpace(a.By+" "+a.What+" "+a.About)) }
	o.Revoke = func(context.Context, string) error { return nil }
	b := visitor(t, o)
	b.login("nobody", "nothing at all")
	b.login("ada", password)
	b.post("/devices/revoke", url.Values{"device": {"tab-2"}})
	b.get("/downloads/file?form=lac_hh_connect&format=csv")
	b.post("/logout", nil)
	want := []string{"nobody login-failed", "ada login", "ada revoke tab-2", "ada download lac_hh_connect.zip", "ada logout"}
	if !slices.Equal(acts, want) {
		t.Errorf("%q, want %q", acts, want)
	}
}

func TestPasswordHashes(t *testing.T) {
	for _, c := range []struct {
		password string
		want     bool
	}{{password, true}, {password + " ", false}, {"", false}, {strings.Repeat("x", maxPassword+1), false}} {
		if got := must(CheckPassword(c.password, hashed))(t); got != c.want {
			t.Errorf("%q: %v", c.password, got)
		}
	}
	// ñ as one character and as n with a tilde.
	if spelt := must(HashPassword("ma\u00f1ana temprano", seeded(3)))(t); !must(CheckPassword("man\u0303ana temprano", spelt))(t) {
		t.Error("the same word in another spelling")
	}
	for _, short := range []string{"", "1234567", strings.Repeat("x", maxPassword+1)} {
		if _, err := HashPassword(short, seeded(4)); err != ErrPasswordLength {
			t.Errorf("%q: %v", short, err)
		}
	}
	for _, bad := range []string{"", "x", strings.Replace(hashed, "argon2id", "argon2i", 1), strings.Replace(hashed, "m=19456", "m=99999999", 1),
		strings.Replace(hashed, "v=19", "v=18", 1), hashed + "$", strings.Replace(hashed, "t=2", "t=0", 1),
		strings.Replace(hashed, "p=1", "p=1x", 1), hashed[:len(hashed)-40]} {
		if _, err := CheckPassword(password, bad); err != ErrHash {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzHash(f *testing.F) {
	for _, seed := range []string{hashed, "", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$$$$$", "$argon2id$v=19$m=-1,t=99999999999,p=256$$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		if p, err := parseHash(hash); err == nil && !p.sane() {
			t.Errorf("%q would cost %+v", hash, p)
		}
	})
}
