package transfer

import (
	"strings"
	"testing"

	"vereda/survey/record"
)

// Upload-Metadata names one file, by a whole hash: without one there is nothing to send.
func TestUploadMetadataNamesItsFile(t *testing.T) {
	right := uploadMetadata(record.ID{1, 2, 3}, "")
	for header, taken := range map[string]bool{
		right: true, right + ",filename d29ybGQ=": true, "from QQ==," + right: true,
		"": false, "from QQ==": false, "sha256": false, "sha256 AAAA": false, "sha256 !": false, right + "," + right: false, "from " + strings.Repeat("A", 100) + "," + right: false,
	} {
		if file, _, err := parseUploadMetadata(header); (err == nil) != taken || taken && file != (record.ID{1, 2, 3}) {
			t.Errorf("%q: %s, %v", header, file, err)
		}
	}
}

// What stands in Upload-Metadata is a hash or refused; what is read is written the same.
func FuzzUploadMetadata(f *testing.F) {
	f.Add(uploadMetadata(record.ID{1, 2, 3}, ""))
	f.Add(uploadMetadata(record.ID{0xff}, "0193a5b2-7d1c-7000-8000-0000000000aa"))
	for _, s := range []string{"", "sha256", "sha256 ", "sha256 AAAA", "filename d29ybGQ=,sha256 AAAA", "sha256 !", ",,,", "from AAAA", "sha256 " + strings.Repeat("A", 43) + "=,sha256 " + strings.Repeat("A", 43) + "="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		file, from, err := parseUploadMetadata(header)
		if err != nil {
			return
		}
		again, from2, err := parseUploadMetadata(uploadMetadata(file, from))
		if err != nil || again != file || from2 != from {
			t.Fatalf("%q: %v %q, %v %q, %v", header, file, from, again, from2, err)
		}
	})
}

// The name of an upload is one hash and one device, in one way of writing.
func FuzzUploadName(f *testing.F) {
	f.Add(uploadName(record.ID{7}, "D8W07-NFGB6-82M73-DNYNA"))
	for _, s := range []string{"", ".", "state", strings.Repeat("0", 64), strings.Repeat("0", 64) + ".", strings.Repeat("0", 64) + ".d8w07-nfgb6-82m73-dnyna", "../" + strings.Repeat("0", 64)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		file, who, err := parseUploadName(name)
		if err == nil && uploadName(file, who) != name {
			t.Fatalf("%q is also %q", name, uploadName(file, who))
		}
		if err == nil && strings.ContainsAny(name, `/\`) {
			t.Fatalf("%q leads out of the folder", name)
		}
	})
}
