package main

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"vereda/sync/transfer"
)

const created = `<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="submit_success">Form Received</message></OpenRosaResponse>`

// receive answers as OpenRosa servers do.
func receive(address, dir string, secure bool) error {
	server := &http.Server{Addr: address, ReadHeaderTimeout: time.Minute, Handler: receiver(dir)}
	if !secure {
		return server.ListenAndServe()
	}
	certificate, key, err := transfer.SelfSigned(rand.Reader, time.Now(), []string{"10.231.0.1"})
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}}
	return server.ListenAndServeTLS("", "")
}

// receiver takes submissions. Each stands in a file of its own in dir as far as it has come, under a name behind those before it, and is forgotten at its
// end, for better or worse.
func receiver(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-OpenRosa-Version", "1.0")
		w.Header().Set("X-OpenRosa-Accept-Content-Length", "104857600")
		if r.Method == http.MethodHead {
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(http.StatusNoContent)
			return
		}
		coming, err := os.OpenFile(filepath.Join(dir, fmt.Sprint(time.Now().UnixNano())), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer os.Remove(coming.Name())
		defer coming.Close()
		r.Body = io.NopCloser(io.TeeReader(r.Body, coming))
		if _, _, err := r.FormFile("xml_submission_file"); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, created)
	})
}
