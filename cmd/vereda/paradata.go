package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/paradata"
	"vereda/sync/archive"
)

// logs are the logs that came with the interviews of a collector: the files of theirs that are one.
type logs struct {
	archive *archive.Archive
	missing int // CSV files that are still on the way
	broken  int // logs that could be read in part only
}

// Events joins the logs of an interview: that of a correction repeats what was recorded before on the same tablet.
func (l *logs) Events(ctx context.Context, interview uuid.UUID) (events []paradata.Event, err error) {
	files, err := l.archive.MediaOf(ctx, interview)
	if err != nil {
		return nil, err
	}
	known := map[paradata.Event]bool{}
	for _, f := range files {
		switch {
		case !strings.HasPrefix(f.Type, "text/csv") || f.Size > paradata.MaxFile:
			continue
		case !f.Here:
			l.missing++
			continue
		}
		in, err := l.archive.OpenMedia(ctx, f.SHA256)
		if err != nil {
			return nil, err
		}
		read, err := paradata.ReadFile(in)
		in.Close()
		var bad *paradata.Error
		switch {
		case errors.As(err, &bad) && len(read) == 0:
			continue // another table
		case errors.As(err, &bad):
			l.broken++
		case err != nil:
			return nil, err
		}
		for _, e := range read {
			if !known[e] {
				known[e], events = true, append(events, e)
			}
		}
	}
	paradata.Sort(events)
	return events, nil
}

// findings says what the tables lack; "" for nothing.
func (l *logs) findings() string {
	var parts []string
	if l.missing > 0 {
		parts = append(parts, fmt.Sprintf("%d files are still on the way to this collector: export again when they are here", l.missing))
	}
	if l.broken > 0 {
		parts = append(parts, fmt.Sprintf("%d logs are broken: what stands before the damage was taken", l.broken))
	}
	return strings.Join(parts, "; ")
}
