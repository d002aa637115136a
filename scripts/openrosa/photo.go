package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/transfer"
)

// photograph finishes one more interview on an enrolled tablet, of nothing but a photo of random bytes.
func photograph(path string, size int64) error {
	s, err := store.Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	author, err := authorOf(s)
	if err != nil {
		return err
	}
	return photographBy(s, author, size)
}

func photographBy(s *store.Store, author store.Author, size int64) error {
	m, err := s.PutMedia("image/jpeg", io.LimitReader(rand.Reader, size))
	if err != nil {
		return err
	}
	name, err := record.New(record.File, m.FileName())
	if err != nil {
		return err
	}
	f := questionnaire.Form()
	i := store.Interview{ID: uuid.Must(uuid.NewV7()), Form: f.ID, Version: f.Version, State: store.Draft, Created: author.At, Changed: author.At}
	if err := s.Begin(i); err != nil {
		return err
	}
	body, err := s.Compose(i.ID, author, record.Answers{"photo": name}, nil, true)
	if err != nil {
		return err
	}
	r, err := record.Seal(body)
	if err != nil {
		return err
	}
	return s.Finalize(r)
}

// authorOf is who writes on a tablet.
func authorOf(s *store.Store) (store.Author, error) {
	var m transfer.Membership
	b, err := s.Setting("membership")
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return store.Author{}, fmt.Errorf("the tablet is not enrolled: %w", err)
	}
	claims, err := m.Certificate.Unverified()
	return store.Author{Device: string(claims.ID()), By: claims.Name, At: time.Now()}, err
}
