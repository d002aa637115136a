package respondent_test

import (
	"math/rand"
	"testing"
	"time"

	"vereda/survey/interview"
	"vereda/survey/questionnaire"
	"vereda/survey/respondent"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("Bogotá", -5*3600))

func env(random *rand.Rand) interview.Env {
	return interview.Env{Now: func() time.Time { return noon }, Random: random, Device: "tablet", Enumerator: "ana"}
}

func start(t testing.TB, random *rand.Rand) *interview.Session {
	t.Helper()
	s, err := interview.Start(questionnaire.Form(), env(random))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNearlyAllInterviewsOfTheBuiltInQuestionnaireAreCompleted(t *testing.T) {
	const seed, n = 7, 300
	random := rand.New(rand.NewSource(seed))
	complete := 0
	for range n {
		s := start(t, random)
		if err := respondent.Respond(s, random, nil); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if problems := s.Problems("es"); len(problems) > 0 {
			t.Fatalf("seed %d: problems are left: %+v", seed, problems)
		}
		if s.Value("grp_z/z_result").String() == "complete" {
			complete++
		}
	}
	if complete < n*95/100 {
		t.Errorf("seed %d: %d of %d interviews were completed", seed, complete, n)
	}
}

// BenchmarkRespond answers one whole interview of the built-in questionnaire.
func BenchmarkRespond(b *testing.B) {
	random := rand.New(rand.NewSource(1))
	b.ReportAllocs()
	for range b.N {
		if err := respondent.Respond(start(b, random), random, nil); err != nil {
			b.Fatal(err)
		}
	}
}
