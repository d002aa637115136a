package batch_test

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"vereda/survey/goldentest"
	"vereda/sync/batch"
)

// wide wraps a text in a frame that asks a reader to hold 2 MiB.
func wide(t testing.TB, text string) []byte {
	t.Helper()
	var frame bytes.Buffer
	w, err := zstd.NewWriter(&frame, zstd.WithWindowSize(2<<20))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, text[:100])
	if err == nil {
		err = w.Flush() // else so short a text goes into a frame without a window
	}
	if err == nil {
		_, err = io.WriteString(w, text[100:])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(batch.Preamble(frame.Bytes()), frame.Bytes()...)
}

// refusedBatches are batches that a reader must not take, by the reason and what is wrong with them. Their preambles are right, where nothing else is said.
func refusedBatches(t testing.TB) map[string][]byte {
	good := sealed(t, sealer(t, 2), nil, small()...)
	text := textOf(t, good)
	lines := strings.SplitAfter(text, "\n")
	stranger, thief, foreign := sealer(t, 2), sealer(t, 2), sealer(t, 2)
	stranger.Certificate = bytes.Replace(stranger.Certificate, []byte("2028"), []byte("2038"), 1)
	thief.Key, foreign.Project = newKey(t, 3), "0193a5b2-7d1c-7000-8000-0000000000bb"
	newer, flipped := slices.Clone(good), slices.Clone(good)
	newer[8], flipped[len(flipped)-1] = 2, flipped[len(flipped)-1]^1
	lied := func(old, new string) []byte {
		changed := strings.Replace(text, old, new, 1)
		if changed == text {
			t.Fatalf("there is no %q", old)
		}
		return forged(t, strings.NewReader(changed))
	}
	return map[string][]byte{
		"not-a-batch.another-file":             []byte("%PDF-1.7 and so on, longer than a preamble"),
		"truncated.half":                       good[:len(good)/2],
		"corrupt.a-flipped-bit":                flipped,
		"corrupt.a-byte-behind":                append(slices.Clone(good), 0),
		"newer-version.in-the-preamble":        newer,
		"newer-version.in-the-first-line":      lied(`"v":1`, `"v":2`),
		"corrupt.a-blank-in-the-first-line":    lied(`"vereda":"batch",`, `"vereda":"batch", `),
		"corrupt.another-order":                lied(`{"vereda":"batch","v":1,`, `{"v":1,"vereda":"batch",`),
		"corrupt.more-entries-than-there-are":  lied(`"entries":2`, `"entries":3`),
		"corrupt.fewer-entries-than-there-are": lied(`"entries":2`, `"entries":1`),
		"too-large.endless-entries":            lied(`"entries":2`, `"entries":20001`),
		"corrupt.a-blank-in-an-entry":          lied(`{"kind":"revision"`, `{"kind": "revision"`),
		"corrupt.a-kind-in-capitals":           lied(`"of-2031"`, `"OF-2031"`),
		"corrupt.a-body-that-is-no-json":       lied(`"entry":[]}`, `"entry":[}`),
		"corrupt.no-last-line":                 forged(t, strings.NewReader(strings.Join(lines[:3], ""))),
		"corrupt.a-line-behind-the-last":       forged(t, strings.NewReader(text+"\n")),
		"corrupt.a-last-line-without-its-end":  forged(t, strings.NewReader(strings.TrimSuffix(text, "\n"))),
		"bad-signature.another-answer":         lied(`blank kept`, `blank lost`),
		"bad-certificate.a-longer-time":        sealed(t, stranger, nil, small()...),
		"bad-certificate.of-another-device":    sealed(t, thief, nil, small()...),
		"other-project.a-foreign-one":          sealed(t, foreign, nil, small()...),
		"too-large.a-window-of-2-MiB":          wide(t, text),
		"unknown-dictionary.of-another-form":   sealed(t, sealer(t, 2), batch.NewDictionary([]byte("another form")), small()...),
		"corrupt.columns-that-do-not-fit":      forged(t, strings.NewReader("columns 1\x00\x02{\x00\x00\"a\":\x00\x00")),
	}
}

// Each batch of testdata/v1/refused is refused for the reason by which its name begins: for other implementations, which must not take it either.
func TestRefusedBatches(t *testing.T) {
	const dir = "testdata/v1/refused"
	all := refusedBatches(t)
	if goldentest.Updating() {
		for name, b := range all {
			goldentest.Write(t, filepath.Join(dir, name+".batch"), b)
		}
	}
	files, err := filepath.Glob(dir + "/*.batch")
	if err != nil || len(files) != len(all) {
		t.Fatalf("%d files for %d batches, %v", len(files), len(all), err)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		kept, err := os.ReadFile(filepath.Join(dir, name+".batch"))
		if err != nil {
			t.Fatal(err)
		}
		reason, _, _ := strings.Cut(name, ".")
		for what, b := range map[string][]byte{"made today": all[name], "kept": kept} {
			if _, err := opener(t).Open(bytes.NewReader(b)); reasonOf(err) != batch.Reason(reason) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// The skeleton that stands behind every dictionary is that of the file, byte for byte.
func TestTheSkeletonStaysWhatItIs(t *testing.T) {
	kept, err := os.ReadFile("testdata/v1/skeleton.raw")
	if err != nil {
		t.Fatal(err)
	}
	if got := batch.NewDictionary(nil).Bytes; !bytes.Equal(got, kept) {
		t.Errorf("%q", got)
	}
}
