// Openrosa sends a tablet's finished interviews the way of OpenRosa's form submission: a HEAD, then for each interview a POST of
// multipart/form-data with its XForm instance. It is what scripts/bench-link.sh holds Vereda's wire against, and no part of it.
//
//	openrosa receive ADDR [tls]                 answers, and keeps nothing
//	openrosa send URL STORE [once]     asks by HEAD before each interview; "once": before the first only
//	openrosa photo STORE BYTES         finishes one more interview in the store, with a photo of so many bytes
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/transfer"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openrosa:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 1 && args[0] == "receive":
		return receive(args[1], len(args) > 2)
	case len(args) > 2 && args[0] == "send":
		return send(args[1], args[2], len(args) > 3)
	case len(args) == 3 && args[0] == "photo":
		size, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return photograph(args[1], size)
	}
	return errors.New("receive ADDR [tls], send URL STORE [once], or photo STORE BYTES")
}

const created = `<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="submit_success">Form Received</message></OpenRosaResponse>`

// receive answers as OpenRosa servers do.
func receive(address string, secure bool) error {
	server := &http.Server{Addr: address, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-OpenRosa-Version", "1.0")
		w.Header().Set("X-OpenRosa-Accept-Content-Length", "104857600")
		if r.Method == http.MethodHead {
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if _, _, err := r.FormFile("xml_submission_file"); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, created)
	})}
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

// send submits one interview after the other over one connection.
func send(url, path string, once bool) error {
	s, err := store.Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.Interviews()
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}, DisableCompression: true}}
	start, sent, size := time.Now(), 0, 0
	for _, i := range list {
		if i.State == store.Draft {
			continue
		}
		h, err := s.History(i.ID)
		if err != nil {
			return err
		}
		instance := document(questionnaire.Form(), i, h.Merge().Answers)
		if !once || sent == 0 {
			if err := exchange(client, http.MethodHead, url, "", nil, http.StatusNoContent); err != nil {
				return err
			}
		}
		body, kind, err := multipartOf(i.ID.String(), instance)
		if err != nil {
			return err
		}
		if err := exchange(client, http.MethodPost, url, kind, body, http.StatusCreated); err != nil {
			return err
		}
		sent, size = sent+1, size+len(body)
	}
	fmt.Printf("sent %d interviews, %d bytes of bodies in %.1f s\n", sent, size, time.Since(start).Seconds())
	return nil
}

// document is an interview as an instance of an XForm.
func document(f *form.Form, i store.Interview, answers record.Answers) []byte {
	text := string(f.Saved(answers))
	root, rest, _ := strings.Cut(text, ">")
	return []byte(fmt.Sprintf(`<?xml version='1.0' ?>%s xmlns:orx="http://openrosa.org/xforms" id="%s" version="%s"><orx:meta><orx:instanceID>uuid:%s</orx:instanceID></orx:meta>%s`,
		root, f.ID, f.Version, i.ID, rest))
}

func multipartOf(name string, instance []byte) (body []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="xml_submission_file"; filename="` + name + `.xml"`},
		"Content-Type":        {"text/xml; charset=utf-8"},
	})
	if err == nil {
		_, err = part.Write(instance)
	}
	err = errors.Join(err, w.Close())
	return b.Bytes(), w.FormDataContentType(), err
}

// exchange does one request with the headers of the protocol.
func exchange(client *http.Client, method, url, kind string, body []byte, want int) error {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-OpenRosa-Version", "1.0")
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != want {
		return fmt.Errorf("%s %s: status %d", method, url, response.StatusCode)
	}
	return nil
}
