package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/transfer"
)

// sentence says an error to a person: what is wrong, and what to do next where there is something to do.
func sentence(err error) string {
	var refused *batch.Error
	if errors.As(err, &refused) {
		return refusal(refused)
	}
	if backup := (*backupError)(nil); errors.As(err, &backup) {
		return backupSentence(backup)
	}
	if text := pinSentence(err); text != "" {
		return text
	}
	if text := stickSentence(err); text != "" {
		return text
	}
	for _, known := range []struct {
		is   error
		text string
	}{
		{store.ErrLocked, "another program has this store open; close the field app and try again"},
		{store.ErrFull, "the disk is full; nothing was lost. Make room and try again"},
		{archive.ErrFull, "the disk is full; nothing was lost. Make room and try again"},
		{archive.ErrVersionExists, "this version of the form is published with other content; give the workbook a new version on its sheet settings"},
		{archive.ErrNotFound, "this collector has nothing with this ID; compare it with the one that was shown, and look whether --data names the right folder"},
		{context.Canceled, "stopped before it was done; what was done stays"},
		{archive.ErrBusy, "the archive is busy; try again in a moment"},
	} {
		if errors.Is(err, known.is) {
			return known.text
		}
	}
	var problem *transfer.Problem
	if errors.As(err, &problem) {
		if text, ok := problems[problem.Code]; ok {
			return text
		}
		return problem.Message
	}
	var damage *store.DamageError
	if errors.As(err, &damage) {
		return fmt.Sprintf("this is no tablet's store, or a damaged one (%v)", damage.Cause)
	}
	var file *fs.PathError
	if errors.As(err, &file) {
		return fileSentence(file)
	}
	var link *net.OpError
	var address *url.Error
	if errors.As(err, &link) && link.Op == "dial" && errors.As(err, &address) {
		return fmt.Sprintf("no collector answers at %s; is it running, and is there a link?", host(address.URL))
	}
	return err.Error()
}

func fileSentence(e *fs.PathError) string {
	switch {
	case errors.Is(e, fs.ErrNotExist):
		if folder := filepath.Dir(e.Path); !there(folder) {
			return "there is no folder " + folder
		}
		return fmt.Sprintf("there is no file %s", e.Path)
	case errors.Is(e, fs.ErrPermission):
		return fmt.Sprintf("no permission for %s", e.Path)
	}
	return e.Error()
}

// there reports whether there is a file or folder.
func there(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func host(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host
	}
	return address
}

// problems are what a collector may say to a tablet, in words.
var problems = map[string]string{
	transfer.CodeRevoked:           "the project has revoked this device; the coordinators can tell why. What it holds stays on it",
	transfer.CodeExpired:           "the device's certificate has expired; enrol it again with a new invitation",
	transfer.CodeOtherProject:      "the collector belongs to another project; name the right one with --server",
	transfer.CodeUnknownInvitation: "the collector does not know this invitation; check it letter by letter, or ask for a new one",
	transfer.CodeInvitationExpired: "the invitation has expired; ask for a new one",
	transfer.CodeInvitationUsed:    "the invitation is used up; ask for a new one",
	transfer.CodeFull:              "the collector's disk is full; nothing was lost. Make room there and try again",
	transfer.CodeNewerVersion:      "the collector is older than this program; update it",
}

// refusals are the reasons why a batch is not taken, in words.
var refusals = map[batch.Reason]string{
	batch.NotABatch:         "this is no batch file; choose a file that the field app or `vereda` wrote",
	batch.Truncated:         "the batch is cut short; copy the file again from where it was written",
	batch.Corrupt:           "the batch is damaged; copy the file again from where it was written",
	batch.BadSignature:      "the batch was changed after its device sealed it; it was not taken",
	batch.BadCertificate:    "the device that sealed the batch is not certified by this project",
	batch.OtherProject:      "the batch belongs to another project; import it at that project's collector",
	batch.NewerVersion:      "the batch was written by a newer version of Vereda; update this one and import it again",
	batch.UnknownDictionary: "the batch needs a form version that this collector does not have; publish the form and import it again",
	batch.TooLarge:          "the batch is larger than a batch may be; it was not read further",
}

func refusal(e *batch.Error) string {
	text, ok := refusals[e.Reason]
	if !ok {
		return e.Error()
	}
	var where []string
	if e.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", e.Line))
	}
	if e.Offset > 0 {
		where = append(where, fmt.Sprintf("byte %d", e.Offset))
	}
	if len(where) == 0 {
		return text
	}
	return text + " (" + strings.Join(where, ", ") + ")"
}
