package transfer

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/tus/tusd/v2/pkg/filestore"
	tusd "github.com/tus/tusd/v2/pkg/handler"
)

// mend makes what lies of an upload fit to go on with, or removes it, so that it is begun anew. tusd writes down where the folder was when the
// upload began, and the folder may have moved since; and where a program ends while an upload begins or is taken in, a half of the two
// files is left.
func (s *tusStore) mend(id string) error {
	info, data := filepath.Join(s.Path, id+".info"), filepath.Join(s.Path, id)
	text, err := os.ReadFile(info)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var begun tusd.FileInfo
	_, gone := os.Stat(data)
	if json.Unmarshal(text, &begun) != nil || begun.ID != id || errors.Is(gone, os.ErrNotExist) {
		_ = os.Remove(data) // mostly not there
		return os.Remove(info)
	}
	if begun.Storage[filestore.StorageKeyPath] == data {
		return nil
	}
	begun.Storage = map[string]string{"Type": "filestore", filestore.StorageKeyPath: data, filestore.StorageKeyInfoPath: info}
	if text, err = json.Marshal(begun); err != nil {
		return err
	}
	return os.WriteFile(info, text, 0o600)
}
