package stick

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// media takes the files that a manifest lists, and returns how many of them are not there.
func (t *taking) media(ctx context.Context, dir string, m manifest) (missing int, err error) {
	if t.Files == nil || len(m.Media) == 0 {
		return 0, nil
	}
	ids := make([]record.ID, len(m.Media))
	for i, one := range m.Media {
		ids[i] = one.SHA256
	}
	if ids, err = t.Files.Missing(ctx, ids); err != nil {
		return 0, err
	}
	for i, id := range ids {
		t.tell(Step{File: id.String(), Done: i, Total: len(ids)})
		err := t.takeMedia(ctx, path.Join(dir, mediaFolder, id.String()), id, m.Device)
		switch {
		case err == nil:
			t.Media++
		case errors.Is(err, fs.ErrNotExist):
			missing++
		case !isOfFile(err):
			return missing, err
		default:
			if err := t.pass(path.Join(dir, mediaFolder, id.String()), err); err != nil {
				return missing, err
			}
		}
	}
	return missing, nil
}

// isOfFile reports whether an error concerns one file alone.
func isOfFile(err error) bool {
	var locked *LockedError
	var damaged *batch.Error
	return errors.Is(err, ErrSpoilt) || errors.As(err, &locked) || errors.As(err, &damaged)
}

// takeMedia takes one file, plain or encrypted; fs.ErrNotExist where it is not there.
func (t *taking) takeMedia(ctx context.Context, name string, id record.ID, from device.ID) error {
	file, err := t.folder.Open(name)
	encrypted := errors.Is(err, fs.ErrNotExist)
	if encrypted {
		file, err = t.folder.Open(name + encryptedEnding)
	}
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			err = folderFailed(err)
		}
		return err
	}
	defer file.Close()
	var failed, spoilt error
	content := io.Reader(remembering{file, &failed})
	if encrypted {
		if content, err = unlock(content, t.Keys); err != nil {
			return err
		}
		content = remembering{content, &spoilt}
	}
	err = t.Files.Take(ctx, id, from, content)
	switch {
	case failed != nil:
		return folderFailed(failed)
	case spoilt != nil:
		return ErrSpoilt
	}
	return err
}
