package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/device"
	"vereda/sync/stick"
	"vereda/sync/transfer"
)

// settingStick is the setting of the whole project with the public keys of the coordinators to which files on sticks are encrypted: a list of
// texts, "age1…"; none: they are not.
const settingStick = "stick"

// stick returns what takes and writes files for this collector; keys open what is encrypted.
func (c *collector) stick(w *world, keys []age.Identity) (*stick.Collector, error) {
	sealer, err := c.sealer()
	if err != nil {
		return nil, err
	}
	claims, err := c.keys().Certificate.Unverified() // its own
	if err != nil {
		return nil, err
	}
	project, err := c.projectKey()
	if err != nil {
		return nil, err
	}
	to, err := c.stickRecipients(w)
	s := &stick.Collector{
		Archive: c.archive, Files: stickFiles{c.archive}, Name: claims.Name, Central: c.central(), Sealer: sealer, Opener: c.opener(),
		Keys: keys, Recipients: to, Now: w.now,
		Fresh: func(ctx context.Context, claims device.Claims) (device.Certificate, error) {
			return transfer.Fresh(ctx, project, c.archive.Certificate, claims)
		},
	}
	if !s.Central { // who changes the project's key learns of no change from others
		s.Renewed = func(statements [][]byte, fresh device.Certificate) error {
			if err := c.learn(w, statements, fresh); err != nil {
				return err
			}
			s.Sealer, err = c.sealer()
			return err
		}
	}
	return s, err
}

// stickRecipients returns to whom this project's files are encrypted.
func (c *collector) stickRecipients(ctx context.Context) ([]age.Recipient, error) {
	settings, err := c.archive.Settings(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range settings {
		if s.Name == settingStick {
			return parseStick(s.Value)
		}
	}
	return nil, nil
}

func parseStick(value []byte) ([]age.Recipient, error) {
	var keys []string
	if err := json.Unmarshal(value, &keys); err != nil {
		return nil, fmt.Errorf("the project's setting %q is no list of public keys; set it with `vereda batch key FILE`", settingStick)
	}
	return stick.ParseRecipients(keys)
}

// stickFiles are the photos of a collector.
type stickFiles struct{ archive *archive.Archive }

// Missing returns those that are not here.
func (s stickFiles) Missing(ctx context.Context, ids []record.ID) ([]record.ID, error) {
	here, err := s.archive.HereMedia(ctx, ids)
	return slices.DeleteFunc(ids, func(id record.ID) bool { return slices.Contains(here, id) }), err
}

// Take keeps one that came in a file.
func (s stickFiles) Take(ctx context.Context, id record.ID, from device.ID, content io.Reader) error {
	folder, err := s.archive.UploadFolder()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "stick-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone when it was taken
	_, err = io.Copy(f, io.LimitReader(content, record.MaxFile+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	err = s.archive.ReceiveMedia(ctx, id, f.Name(), from, "")
	if errors.Is(err, archive.ErrSpoilt) {
		return stick.ErrSpoilt
	}
	return err
}

// Cover makes the receipts for what came.
func (s stickFiles) Cover(ctx context.Context) error {
	_, err := s.archive.CoverMedia(ctx)
	return err
}

// After lists those that are here.
func (s stickFiles) After(ctx context.Context, place uint64, n int) ([]record.Media, uint64, error) {
	return s.archive.MediaAfter(ctx, "", place, n)
}

// Open opens one.
func (s stickFiles) Open(ctx context.Context, id record.ID) (io.ReadCloser, error) {
	return s.archive.OpenMedia(ctx, id)
}

// readKeys reads the private keys that open encrypted files.
func readKeys(names []string) (keys []age.Identity, err error) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		some, err := age.ParseIdentities(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s holds no private key (%w)", name, err)
		}
		keys = append(keys, some...)
	}
	return keys, nil
}

// folderOf returns the folder that a command names: that in which the folder "vereda" lies, also when that itself, or a folder in it, is named.
func folderOf(name string) (stick.Disk, error) {
	i, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	whole, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if !i.IsDir() {
		return "", &fs.PathError{Op: "list", Path: name, Err: errors.New("it is no folder")}
	}
	for up, levels := whole, 0; levels < 2; up, levels = filepath.Dir(up), levels+1 {
		if filepath.Base(up) == "vereda" {
			return stick.Disk(filepath.Dir(up)), nil
		}
	}
	return stick.Disk(whole), nil
}

// stickSentence says an error about a folder or a file in it to a person; "" of other errors.
func stickSentence(err error) string {
	var folder *stick.FolderError
	if errors.As(err, &folder) {
		switch folder.Reason {
		case stick.Full:
			return "the stick is full; what it holds is whole. Make room on it, or take another one, and do this again"
		case stick.ReadOnly:
			return "nothing may be written to this folder; take another stick, or move its switch to unlocked"
		}
		return fmt.Sprintf("the stick was pulled, or cannot be read (%v); nothing is lost. Put it in again and repeat: what is done already does no harm", folder.Err)
	}
	if errors.Is(err, stick.ErrSpoilt) {
		return "it is damaged; write the stick again where it comes from"
	}
	var locked *stick.LockedError
	if errors.As(err, &locked) {
		if locked.NoKey {
			return "it is encrypted to the coordinators; name the file with their private key with --identity"
		}
		return "it is encrypted to other keys than that of --identity"
	}
	var m *stick.ManifestError
	if errors.As(err, &m) {
		if m.Newer {
			return "it was written by a newer version of Vereda; update this one and do this again"
		}
		return "the list of what lies beside it is not believed (" + m.Err.Error() + "); its files were looked at one by one"
	}
	var missing *stick.MissingError
	if errors.As(err, &missing) {
		return "it is listed, and not there; write the stick again where it comes from"
	}
	return ""
}

// tabletStick returns what writes and reads files for a tablet's store.
func tabletStick(w *world, s *store.Store) (stick.Tablet, error) {
	m, err := membershipOf(s)
	if err != nil {
		return stick.Tablet{}, err
	}
	t, err := stick.NewTablet(m, s, store.ErrNotFound, w.now)
	t.Renewed = renewing(s, m)
	return t, err
}
