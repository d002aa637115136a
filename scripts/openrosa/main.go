// Openrosa sends a tablet's finished interviews the way of OpenRosa's form submission: a HEAD, then for each interview a POST of
// multipart/form-data with its XForm instance and its files. What was interrupted is sent again from its beginning, as the protocol has no other way and
// ODK Collect does. It is what scripts/bench-link.sh holds Vereda's wire against, and no part of it.
//
//	openrosa receive ADDR DIR [tls]    answers, and keeps nothing; what has come of a request stands in DIR until its end
//	openrosa send URL STORE [once]     asks by HEAD before each interview; "once": before the first only
//	openrosa photo STORE BYTES         finishes one more interview in the store, with a photo of so many bytes
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openrosa:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 2 && args[0] == "receive":
		return receive(args[1], args[2], len(args) > 3)
	case len(args) > 2 && args[0] == "send":
		return sendAll(args[1], args[2], len(args) > 3)
	case len(args) == 3 && args[0] == "photo":
		size, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return photograph(args[1], size)
	}
	return errors.New("receive ADDR DIR [tls], send URL STORE [once], or photo STORE BYTES")
}

// sendAll submits one interview after the other over one connection.
func sendAll(url, path string, once bool) error {
	s, err := store.Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.Interviews()
	if err != nil {
		return err
	}
	to, start := newSender(url, once), time.Now()
	for _, i := range list {
		if i.State == store.Draft {
			continue
		}
		body, kind, err := submission(s, i)
		if err != nil {
			return err
		}
		if err := to.submit(body, kind); err != nil {
			return err
		}
	}
	fmt.Printf("sent %d interviews, %d bytes of bodies in %.1f s; begun anew %d times\n", to.sent, to.size, time.Since(start).Seconds(), to.again)
	return nil
}

// submission is an interview with its files as one body.
func submission(s *store.Store, i store.Interview) (body []byte, kind string, err error) {
	h, err := s.History(i.ID)
	if err != nil {
		return nil, "", err
	}
	m := h.Merge()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	instance := bytes.NewReader(document(questionnaire.Form(), i, m.Answers))
	if err := addPart(w, "xml_submission_file", i.ID.String()+".xml", "text/xml; charset=utf-8", instance); err != nil {
		return nil, "", err
	}
	for _, name := range slices.Sorted(maps.Keys(m.Media)) {
		file, err := s.Media(m.Media[name].SHA256)
		if err != nil {
			return nil, "", err
		}
		err = errors.Join(addPart(w, name, name, m.Media[name].Type, file), file.Close())
		if err != nil {
			return nil, "", err
		}
	}
	err = w.Close() // it writes the end
	return b.Bytes(), w.FormDataContentType(), err
}

func addPart(w *multipart.Writer, field, name, kind string, content io.Reader) error {
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + field + `"; filename="` + name + `"`},
		"Content-Type":        {kind},
	})
	if err == nil {
		_, err = io.Copy(part, content)
	}
	return err
}

// document is an interview as an instance of an XForm.
func document(f *form.Form, i store.Interview, answers record.Answers) []byte {
	text := string(f.Saved(answers))
	root, rest, _ := strings.Cut(text, ">")
	return []byte(fmt.Sprintf(`<?xml version='1.0' ?>%s xmlns:orx="http://openrosa.org/xforms" id="%s" version="%s"><orx:meta><orx:instanceID>uuid:%s</orx:instanceID></orx:meta>%s`,
		root, f.ID, f.Version, i.ID, rest))
}
