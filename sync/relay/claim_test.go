package relay

import (
	"os"
	"path/filepath"
	"testing"
)

// Two programs of one collector never write into one file: who comes first goes on with what was begun, the other begins anew.
func TestWhatWasBegunIsClaimedOnce(t *testing.T) {
	begun := filepath.Join(t.TempDir(), "fetch-0f3a")
	if err := os.WriteFile(begun, []byte("a part"), 0o600); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, want := range []string{"a part", ""} {
		own, err := claim(begun)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(own)
		if err != nil || string(got) != want {
			t.Errorf("claimed %q, %v; want %q", got, err, want)
		}
		names[own] = true
	}
	if len(names) != 2 || names[begun] {
		t.Errorf("%v", names)
	}
}
