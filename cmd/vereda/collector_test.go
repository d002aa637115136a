package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"vereda/survey/questionnaire"
)

// A collector that was killed while it began for the first time begins again, and tells the administrator's password then.
func TestAnInterruptedFirstStartIsMadeGood(t *testing.T) {
	var talk bytes.Buffer
	w := &world{Context: context.Background(), err: &talk, now: time.Now, random: rand.Reader}
	dir := t.TempDir()
	for _, reached := range []func(*collector) error{
		func(*collector) error { return nil },
		func(c *collector) error {
			return c.publish(w, questionnaire.Form(), questionnaire.Name, questionnaire.Workbook())
		},
		func(c *collector) error { return c.welcome(w) },
		func(c *collector) error { return c.welcome(w) },
	} {
		c, err := startCollector(w, dir, func(c *collector) error { return c.found(w, "Interrupted", "") })
		if err != nil {
			t.Fatal(err)
		}
		if err := reached(c); err != nil {
			t.Fatal(err)
		}
		c.archive.Close()
	}
	c, err := openCollector(w, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer c.archive.Close()
	users, err := c.archive.Users(w)
	if err != nil || len(users) != 1 || users[0].Name != "admin" {
		t.Errorf("users %v, %v", users, err)
	}
	versions, err := c.archive.FormVersions(w)
	if err != nil || len(versions) != 1 {
		t.Errorf("%d form versions, %v", len(versions), err)
	}
	if n := strings.Count(talk.String(), "password: "); n != 1 {
		t.Errorf("the password was told %d times:\n%s", n, &talk)
	}
}
