package stick

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// manifest says what lies beside it, who wrote it, and how far the writer has read others. It is written when all that it lists is there, but for the
// media, which follow: two lines, JSON and the writer's signature of it.
type manifest struct {
	Vereda      string          `json:"vereda"` // "stick"
	V           int             `json:"v"`
	Project     string          `json:"project"`
	Device      device.ID       `json:"device"` // who wrote it
	Certificate json.RawMessage `json:"certificate"`
	At          time.Time       `json:"at"` // by the writer's clock: shown, never trusted

	Recipient string            `json:"recipient,omitempty"` // age public key to which answers are encrypted
	Cursors   map[string]uint64 `json:"cursors,omitempty"`   // how far the writer has read, by archive

	// Of a collector.
	Archive  string         `json:"archive,omitempty"`
	Name     string         `json:"name,omitempty"`
	For      device.ID      `json:"for,omitempty"`      // whom it answers
	After    uint64         `json:"after,omitempty"`    // the batches are what came in the archive after this place
	Cursor   uint64         `json:"cursor,omitempty"`   // and up to this one
	Receipts []acknowledged `json:"receipts,omitempty"` // of a hub, for batches of the one it answers

	Rotations []json.RawMessage `json:"rotations,omitempty"` // all changes of the project's key that the writer knows, from the first
	Fresh     json.RawMessage   `json:"fresh,omitempty"`     // new certificate of the device that is answered, where its own is by a former key

	Batches []listedBatch  `json:"batches,omitempty"` // in the order in which they are to be read
	Media   []record.Media `json:"media,omitempty"`
}

// acknowledged is what a hub answered to a batch.
type acknowledged struct {
	Batch record.ID    `json:"batch"`
	Runs  []device.Run `json:"runs"`
}

// listedBatch is a batch file.
type listedBatch struct {
	File    string    `json:"file"`
	Batch   record.ID `json:"batch"`
	Entries int       `json:"entries"`
	SHA256  record.ID `json:"sha256"` // of the file as it lies there
}

const (
	manifestKind    = "stick"
	manifestVersion = 1
	purposeStick    = "stick"
)

// ManifestError says why a manifest was not believed.
type ManifestError struct {
	Newer bool // it was written by a newer version
	Err   error
}

func (e *ManifestError) Error() string {
	return "stick: " + ManifestName + " refused: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ManifestError) Unwrap() error { return e.Err }

// write signs a manifest and writes it into a folder.
func (m manifest) write(f Folder, folder string, s batch.Sealer, rotations [][]byte) error {
	m.Vereda, m.V, m.Project, m.Device, m.Certificate = manifestKind, manifestVersion, s.Project, s.Key.ID(), json.RawMessage(s.Certificate)
	m.At = m.At.UTC().Truncate(time.Second)
	m.Rotations = nil
	for _, statement := range rotations {
		m.Rotations = append(m.Rotations, statement)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	signature := base64.StdEncoding.EncodeToString(s.Key.Sign(purposeStick, text))
	return folderFailed(f.Write(folder+"/"+ManifestName, func(w io.Writer) error {
		_, err := w.Write(append(append(append(text, '\n'), signature...), '\n'))
		return err
	}))
}

// learner keeps what a manifest tells of the project's key, durably, and makes it count; nil: nothing is learnt.
type learner func(statements [][]byte, fresh device.Certificate) error

// readManifest reads the manifest in a folder; fs.ErrNotExist where there is none. It also returns who wrote it. What a manifest by a newer key of the project
// tells of that key is learnt when all else of it is right.
func readManifest(f Folder, folder string, o batch.Opener, learn learner) (m manifest, writer device.Claims, err error) {
	file, err := f.Open(folder + "/" + ManifestName)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			err = folderFailed(err)
		}
		return m, writer, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return m, writer, folderFailed(err)
	}
	known := o
	if learn != nil && o.Trust != nil {
		if known.Trust, err = ahead(o, text); err != nil {
			return m, writer, err
		}
	}
	m, writer, err = openManifest(text, known)
	if err != nil || known.Trust == o.Trust && len(m.Fresh) == 0 || learn == nil {
		return m, writer, err
	}
	return m, writer, learn(m.statements(), device.Certificate(m.Fresh))
}

// ahead returns whom to trust after what a manifest says of the project's key: its changes prove themselves. It is the opener's own trust where there is nothing new.
func ahead(o batch.Opener, text []byte) (*device.Trust, error) {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	var m manifest
	if json.Unmarshal(first, &m) != nil || len(m.Rotations) <= len(o.Trust.Statements()) {
		return o.Trust, nil
	}
	trust, err := device.NewTrust(device.Project{ID: o.Project, Key: o.Trust.Key()}, o.Trust.Statements()...)
	if err != nil {
		return nil, err
	}
	if _, err := trust.Learn(m.statements()); err != nil {
		return nil, &ManifestError{Err: err}
	}
	return trust, nil
}

// statements are the changes of the project's key.
func (m manifest) statements() [][]byte {
	all := make([][]byte, len(m.Rotations))
	for i, statement := range m.Rotations {
		all[i] = statement
	}
	return all
}

// rotations are the changes of the project's key that an opener knows.
func rotations(o batch.Opener) [][]byte {
	if o.Trust == nil {
		return nil
	}
	return o.Trust.Statements()
}

// openManifest checks a manifest. Errors are *ManifestError.
func openManifest(b []byte, o batch.Opener) (m manifest, writer device.Claims, err error) {
	bad := func(err error) (manifest, device.Claims, error) {
		return manifest{}, device.Claims{}, &ManifestError{Err: err}
	}
	text, rest, _ := bytes.Cut(b, []byte("\n"))
	encoded, after, ended := strings.Cut(string(rest), "\n")
	if len(b) > maxManifest || !ended || after != "" {
		return bad(errors.New("it is not two lines"))
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return bad(err)
	}
	if m.Vereda != manifestKind {
		return bad(fmt.Errorf("it says %q", m.Vereda))
	}
	if m.V > manifestVersion {
		return manifest{}, writer, &ManifestError{Newer: true, Err: fmt.Errorf("version %d", m.V)}
	}
	writer, err = certified(o, device.Certificate(m.Certificate))
	if err != nil {
		return bad(err)
	}
	if m.Project != o.Project || writer.Project != o.Project || writer.ID() != m.Device {
		return bad(errors.New("it is of another project or device"))
	}
	signature, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || base64.StdEncoding.EncodeToString(signature) != encoded || !device.Verify(writer.Device, purposeStick, text, signature) {
		return bad(errors.New("the signature is wrong"))
	}
	if len(m.Archive) > maxArchive {
		return bad(errors.New("the archive is none"))
	}
	if _, err := m.recipients(); err != nil {
		return bad(err)
	}
	for _, one := range m.Batches {
		if !isBatchFile(one.File) || strings.ContainsAny(one.File, `/\`) {
			return bad(fmt.Errorf("it lists %q", one.File))
		}
	}
	return m, writer, nil
}

// recipients is to whom answers are encrypted.
func (m manifest) recipients() ([]age.Recipient, error) {
	if m.Recipient == "" {
		return nil, nil
	}
	return ParseRecipients([]string{m.Recipient})
}

// maxArchive bounds an archive's ID, which is a UUID, in bytes.
const maxArchive = 64

// certified opens a certificate of the project.
func certified(o batch.Opener, c device.Certificate) (device.Claims, error) {
	if o.Trust == nil {
		return c.Open(o.ProjectKey)
	}
	claims, _, err := o.Trust.Open(c)
	return claims, err
}

// projectKey is the project's key that counts now.
func projectKey(o batch.Opener) ed25519.PublicKey {
	if o.Trust == nil {
		return o.ProjectKey
	}
	return o.Trust.Key()
}

func isBatchFile(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, encryptedEnding), batchEnding) && !strings.HasPrefix(name, ".")
}

// listed finds a batch file in a manifest.
func (m manifest) listed(file string) (listedBatch, bool) {
	for _, one := range m.Batches {
		if one.File == file {
			return one, true
		}
	}
	return listedBatch{}, false
}
