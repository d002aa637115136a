package main

import (
	"errors"
	"fmt"
	"io"
)

// The exit codes that scripts may rely on.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitFindings = 3 // done, and what was looked at has problems
	exitPartly   = 4 // partly sent, the rest is still queued
)

// usage is an error of the command line itself.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

// outcome ends a command that did its work and has something to say with its exit code.
type outcome struct {
	code    int
	message string // "" when all is said already
}

func (o outcome) Error() string { return o.message }

// findings ends a command whose product, already printed, names problems.
func findings(format string, args ...any) error {
	return outcome{exitFindings, fmt.Sprintf(format, args...)}
}

// report says what went wrong, in one sentence, and returns the exit code.
func report(talk io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitFailed
	var o outcome
	switch {
	case errors.As(err, &o):
		code = o.code
	case errors.As(err, new(usage)):
		code = exitUsage
	}
	if text := sentence(err); text != "" {
		fmt.Fprintln(talk, "vereda: "+text)
	}
	return code
}
