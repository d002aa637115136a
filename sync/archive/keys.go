package archive

import (
	"context"

	"vereda/survey/record"
	"vereda/sync/device"
)

// What tells of a project's new key is filed as what coordinators say is: a change of the key under the new one's ID, a certificate under
// its device's.

// readKeys opens a change of the project's key, or a certificate. One that is not known to be the project's is kept, and counts for nothing: this
// collector may not have heard of the key yet.
func (r *reading) readKeys(trust *device.Trust) {
	known := false
	switch {
	case trust == nil:
	case r.entry.Kind == record.KindRotation:
		rotation, err := device.OpenRotation(r.entry.Body)
		known = err == nil && trust.Knows(r.entry.Body)
		r.subject = []byte(device.IDOf(rotation.To))
	default:
		claims, _, err := trust.Open(device.Certificate(r.entry.Body))
		known = err == nil
		r.subject = []byte(claims.ID())
	}
	if !known {
		r.reason = ReasonUnreadable
	}
}

// Certificate returns the certificate that the project's key as it is now signed for a device and that came as an entry, the one that
// lasts longest; none when none came.
func (a *Archive) Certificate(ctx context.Context, id device.ID) (best device.Certificate, err error) {
	if a.options.Trust == nil {
		return nil, nil
	}
	var until int64
	err = a.read(ctx, "certificate", func(t *tx) error {
		return t.said(record.KindCertificate, []byte(id), func(h heard) error {
			claims, current, err := a.options.Trust.Open(device.Certificate(h.body))
			if err == nil && current && claims.Until.Unix() > until {
				best, until = device.Certificate(h.body), claims.Until.Unix()
			}
			return nil
		})
	})
	return best, err
}
