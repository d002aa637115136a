package main

import (
	"bufio"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"vereda/survey/dashboard"
	"vereda/sync/archive"
)

// userCommands are the commands about the dashboard's users.
type userCommands struct {
	Add    userAdd    `cmd:"" help:"Add a user; prints the password."`
	List   userList   `cmd:"" help:"List the users."`
	Passwd userPasswd `cmd:"" help:"Give a user a new password; prints it."`
}

// userAdd is `vereda user add`.
type userAdd struct {
	Name  string `arg:"" help:"The name to log in with."`
	Role  string `default:"coordinator" enum:"viewer,coordinator,administrator" help:"viewer, coordinator or administrator."`
	Stdin bool   `help:"Read the password from standard input instead of making one."`
	Data  string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *userAdd) Run(w *world) error {
	return withPassword(w, c.Data, c.Stdin, func(col *collector, password string) error {
		made, err := col.addUser(w, c.Name, dashboard.Role(c.Role), password)
		if err != nil || c.Stdin {
			return err
		}
		_, err = fmt.Fprintf(w.out, "user: %s\npassword: %s\n", c.Name, made)
		return err
	})
}

// userPasswd is `vereda user passwd`.
type userPasswd struct {
	Name  string `arg:"" help:"The user's name."`
	Stdin bool   `help:"Read the password from standard input instead of making one."`
	Data  string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *userPasswd) Run(w *world) error {
	return withPassword(w, c.Data, c.Stdin, func(col *collector, password string) error {
		u, err := col.archive.User(w, c.Name)
		if errors.Is(err, archive.ErrNotFound) {
			return fmt.Errorf("there is no user %q; `vereda user list` names them", c.Name)
		}
		if err != nil {
			return err
		}
		if password == "" {
			if password, err = newPassword(w.random); err != nil {
				return err
			}
		}
		if u.Hash, err = dashboard.HashPassword(password, w.random); err != nil {
			return err
		}
		if err := col.archive.PutUser(w, u); err != nil || c.Stdin {
			return err
		}
		_, err = fmt.Fprintf(w.out, "user: %s\npassword: %s\n", c.Name, password)
		return err
	})
}

// withPassword opens the collector and reads a password when asked to; "" means: make one.
func withPassword(w *world, dir string, stdin bool, do func(*collector, string) error) error {
	password := ""
	if stdin {
		line, err := bufio.NewReader(w.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if password = strings.TrimRight(line, "\r\n"); len(password) < 8 {
			return errors.New("a password needs 8 characters or more")
		}
	}
	col, err := openCollector(w, dir)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	return do(col, password)
}

// addUser adds a user and returns the password: the given one, or a new one for "".
func (c *collector) addUser(w *world, name string, role dashboard.Role, password string) (string, error) {
	var err error
	if password == "" {
		if password, err = newPassword(w.random); err != nil {
			return "", err
		}
	}
	hash, err := dashboard.HashPassword(password, w.random)
	if err != nil {
		return "", err
	}
	_, err = c.archive.User(w, name)
	if err == nil {
		return "", fmt.Errorf("there is a user %q already; `vereda user passwd` gives a new password", name)
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return "", err
	}
	return password, c.archive.PutUser(w, archive.User{Name: name, Role: string(role), Hash: hash})
}

// newPassword makes a password of 80 bits that can be typed from a note.
func newPassword(random io.Reader) (string, error) {
	var b [10]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	s := strings.ToLower(base32.NewEncoding("ABCDEFGHJKMNPQRSTVWXYZ0123456789").EncodeToString(b[:]))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:], nil
}

// userList is `vereda user list`.
type userList struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *userList) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	users, err := col.archive.Users(w)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "USER\tROLE")
	for _, u := range users {
		fmt.Fprintf(t, "%s\t%s\n", u.Name, u.Role)
	}
	return t.Flush()
}
