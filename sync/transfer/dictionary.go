package transfer

import (
	"vereda/survey/record"
	"vereda/sync/batch"
)

// ByForm returns what ClientOptions.Dictionary asks for: the dictionary of the form of the first revision among the entries. raw returns the
// bytes that a form version's dictionary is made of (form.Form.Dictionary), nil where it is not known here: then the batch goes without.
func ByForm(raw func(form, version string) []byte) func([]record.Entry) *batch.Dictionary {
	return func(entries []record.Entry) *batch.Dictionary {
		for _, e := range entries {
			if e.Kind != record.KindRevision {
				continue
			}
			r, err := record.ParseRevision(e.Body)
			if err != nil {
				return nil
			}
			if b := raw(r.Form, r.Version); b != nil {
				return batch.NewDictionary(b)
			}
			return nil
		}
		return nil
	}
}
