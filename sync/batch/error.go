package batch

import (
	"fmt"
	"strings"
)

// Reason says what is wrong with a batch.
type Reason string

// The reasons.
const (
	NotABatch         Reason = "not-a-batch"        // some other file
	Truncated         Reason = "truncated"          // it ends too early: fetch or copy it again
	Corrupt           Reason = "corrupt"            // damaged, or bytes behind its end
	BadSignature      Reason = "bad-signature"      // whole, but not what the device signed
	BadCertificate    Reason = "bad-certificate"    // the project did not sign the certificate
	OtherProject      Reason = "other-project"      // of another survey
	NewerVersion      Reason = "newer-version"      // made by a newer version: update
	UnknownDictionary Reason = "unknown-dictionary" // compressed against a form version that this end does not have
	TooLarge          Reason = "too-large"          // over a limit
	ReadFailed        Reason = "read-failed"        // the file or the network gave an error
)

// Error says why a batch was refused, and where.
type Error struct {
	Reason     Reason
	Line       int    // of the decompressed text, from 1; 0 before the first
	Offset     int64  // in the compressed bytes read so far
	Dictionary uint32 // that is unknown
	Err        error  // may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "batch: %s", e.Reason)
	if e.Line > 0 {
		fmt.Fprintf(&b, " in line %d", e.Line)
	} else if e.Offset > 0 {
		fmt.Fprintf(&b, " at byte %d", e.Offset)
	}
	if e.Dictionary != 0 {
		fmt.Fprintf(&b, " %08x", e.Dictionary)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }
