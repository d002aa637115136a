package store

import (
	"crypto/rand"
	"os"
	"os/exec"
	"testing"
	"time"

	"vereda/survey/store/seal"
)

// suiteVariable makes the whole suite run on stores with a PIN.
const suiteVariable = "VEREDA_STORE_SUITE_PIN"

var withPIN = os.Getenv(suiteVariable) != ""

const testPIN = "271828"

var testMeans = Means{Now: time.Now, Random: rand.Reader, Cost: seal.Least}

// opened is Open as most tests use it: it gives the PIN where there is one, and in the suite with a PIN makes one.
func opened(path string) (*Store, error) {
	s, err := Open(path)
	if err != nil {
		return nil, err
	}
	if s.Locked() {
		err = s.Unlock(testPIN, testMeans)
	} else if withPIN {
		err = s.Protect(testPIN, testMeans, nil)
	}
	if err == nil && withPIN {
		err = s.Resume(nil)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Everything works the same with a PIN: the suite runs again.
func TestTheWholeSuiteWithAPIN(t *testing.T) {
	if withPIN {
		t.Skip("this is the suite with a PIN")
	}
	args := []string{"-test.short"}
	if testing.Verbose() {
		args = append(args, "-test.v")
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), suiteVariable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
