package device

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// receiptVersion is the version of receipts that this package writes and reads.
const receiptVersion = 1

// MaxReceipt bounds what OpenReceipt looks at, in bytes: a receipt for a batch of 20,000 entries each answered differently is shorter.
const MaxReceipt = 1 << 20

// Run is what so many entries in a row were answered with. As JSON: ["stored",50] or ["refused",1,"too-large"].
type Run struct {
	Status string
	Count  int
	Reason string // may be empty
}

// MarshalJSON writes a run as an array, without an empty reason.
func (r Run) MarshalJSON() ([]byte, error) {
	if r.Reason == "" {
		return json.Marshal([]any{r.Status, r.Count})
	}
	return json.Marshal([]any{r.Status, r.Count, r.Reason})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Run) UnmarshalJSON(b []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	if len(parts) < 2 || len(parts) > 3 {
		return fmt.Errorf("a run of %d parts", len(parts))
	}
	*r = Run{}
	err := errors.Join(json.Unmarshal(parts[0], &r.Status), json.Unmarshal(parts[1], &r.Count))
	if len(parts) == 3 {
		err = errors.Join(err, json.Unmarshal(parts[2], &r.Reason))
	}
	return err
}

// Receipt is what the central collector of a project says about what a device sent: it has it for good. Whoever knows the project's
// public key can check it, by whatever route it came; a hub cannot make one.
type Receipt struct {
	V       int      `json:"v"`
	Archive string   `json:"archive"`         // ID of the archive that has it
	Device  ID       `json:"device"`          // who sealed the batch, or has the files
	Batch   string   `json:"batch,omitempty"` // ID of the batch, hexadecimal; "" when it is about files alone
	Runs    []Run    `json:"runs,omitempty"`  // the answers to the batch's entries, in their order
	Media   []string `json:"media,omitempty"` // SHA-256 of files that are whole in the archive, hexadecimal
	Nonce   string   `json:"nonce,omitempty"` // of a request that brought nothing: that this is the centre is all it says
}

// ReceiptError says why a receipt was refused.
type ReceiptError struct {
	Reason CertificateReason
	Err    error // may be nil
}

func (e *ReceiptError) Error() string {
	if e.Err == nil {
		return "device: receipt refused: " + string(e.Reason)
	}
	return fmt.Sprintf("device: receipt refused: %s: %v", e.Reason, e.Err)
}

func (e *ReceiptError) Unwrap() error { return e.Err }

// receiptPurpose is what receipts are signed for.
const receiptPurpose = "receipt"

// SignReceipt makes a statement of a receipt, signed with the project's key: one line of JSON without blanks,
// {"receipt":{...},"signature":"..."}, where the signature covers the bytes of the receipt as they stand there. V is filled in.
func SignReceipt(project Key, r Receipt) (statement []byte, err error) {
	text, err := r.text()
	if err != nil {
		return nil, err
	}
	return signedReceipt.seal(text, project.Sign(receiptPurpose, text)), nil
}

// Signature returns the signature that SignReceipt puts in the statement; together with what it is about, Statement makes the
// statement of it again. So a receipt for what both ends know travels in 88 characters.
func (r Receipt) Signature(project Key) ([]byte, error) {
	text, err := r.text()
	if err != nil {
		return nil, err
	}
	return project.Sign(receiptPurpose, text), nil
}

// Statement puts a receipt and its signature together, unchecked: OpenReceipt checks it.
func (r Receipt) Statement(signature []byte) ([]byte, error) {
	text, err := r.text()
	return signedReceipt.seal(text, signature), err
}

func (r Receipt) text() ([]byte, error) {
	r.V = receiptVersion
	text, err := json.Marshal(r)
	if err == nil && len(text)+len(signedReceipt)+base64.StdEncoding.EncodedLen(ed25519.SignatureSize)+32 > MaxReceipt {
		err = fmt.Errorf("%d bytes, more than %d", len(text), MaxReceipt)
	}
	if err != nil {
		return nil, &ReceiptError{Reason: Malformed, Err: err}
	}
	return text, nil
}

// OpenReceipt checks a statement against the project's key and returns what it says. Errors are *ReceiptError.
func OpenReceipt(statement []byte, project ed25519.PublicKey) (Receipt, error) {
	if len(statement) > MaxReceipt {
		return Receipt{}, &ReceiptError{Reason: Malformed, Err: fmt.Errorf("%d bytes, more than %d", len(statement), MaxReceipt)}
	}
	text, reason, err := signedReceipt.open(statement, receiptVersion, project, receiptPurpose)
	if reason != "" {
		return Receipt{}, &ReceiptError{Reason: reason, Err: err}
	}
	var r Receipt
	if err := json.Unmarshal(text, &r); err != nil {
		return Receipt{}, &ReceiptError{Reason: Malformed, Err: err}
	}
	if r.V != receiptVersion {
		return Receipt{}, &ReceiptError{Reason: Malformed}
	}
	return r, nil
}

// envelope is the form of something signed: one line of JSON without blanks, {"NAME":{...},"signature":"..."}, where the signature covers
// the bytes of the first member as they stand. The envelope's value is that member's name.
type envelope string

const (
	signedClaims  envelope = "claims"
	signedReceipt envelope = "receipt"
)

// seal writes the one form that this text and this signature have.
func (e envelope) seal(text, signature []byte) []byte {
	b := make([]byte, 0, len(text)+len(signature)*4/3+len(e)+32)
	b = append(b, `{"`+string(e)+`":`...)
	b = append(b, text...)
	b = append(b, `,"signature":"`...)
	b = base64.StdEncoding.AppendEncode(b, signature)
	return append(b, `"}`...)
}

// open returns the text of an envelope that the project signed; else the reason why it is none, and perhaps more about it. version
// is the newest that is known.
func (e envelope) open(b []byte, version int, project ed25519.PublicKey, purpose string) (text []byte, reason CertificateReason, err error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(b, &parts); err != nil {
		return nil, Malformed, err
	}
	text = parts[string(e)]
	var signature []byte
	if err := json.Unmarshal(parts["signature"], &signature); text == nil || err != nil {
		return nil, Malformed, err
	}
	var of struct {
		V int `json:"v"`
	}
	if json.Unmarshal(text, &of) == nil && of.V > version {
		return nil, NewerVersion, fmt.Errorf("version %d", of.V)
	}
	if !bytes.Equal(e.seal(text, signature), b) {
		return nil, Malformed, nil
	}
	if !Verify(project, purpose, text, signature) {
		return nil, WrongSignature, nil
	}
	return text, "", nil
}
