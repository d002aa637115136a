package dashboard

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

const defaultMaxImport = 64 << 20

func withDefaults(o Options) Options {
	if o.Project == "" {
		o.Project = "Vereda"
	}
	if o.MaxImport == 0 {
		o.MaxImport = defaultMaxImport
	}
	if o.Address == nil {
		o.Address = remoteHost
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// A session ends after half a day, and two hours after the last page.
func newSessions(secure bool) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = 12 * time.Hour
	m.IdleTimeout = 2 * time.Hour
	m.HashTokenInStore = true
	m.Cookie.Name = "vereda_session"
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	return m
}

// stylePath holds a hash of the style sheet, so that browsers may keep it for ever.
func stylePath() string {
	sum := sha256.Sum256(style)
	return "/static/style." + hex.EncodeToString(sum[:6]) + ".css"
}

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(style)
}
