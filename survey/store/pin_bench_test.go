package store

import (
	"os"
	"testing"
)

// BenchmarkPIN makes a PIN over 10,000 interviews, unlocks them, and takes it away.
func BenchmarkPIN(b *testing.B) {
	path := manyInterviews(b, 10_000)
	s, err := Open(path)
	must(b, err)
	defer func() { must(b, s.Close()) }()
	if s.Protected() {
		b.Skip("the file has a PIN already")
	}
	for b.Loop() {
		must(b, s.Protect(testPIN, testMeans, nil))
		b.StopTimer()
		must(b, s.Unprotect(testPIN, testMeans, nil))
		b.StartTimer()
	}
	info, err := os.Stat(path)
	must(b, err)
	b.ReportMetric(float64(info.Size())/(1<<20), "MB")
}

// BenchmarkUnlock unlocks 10,000 interviews with a PIN of the least cost, and lists them.
func BenchmarkUnlock(b *testing.B) {
	s, err := Open(manyInterviews(b, 10_000))
	must(b, err)
	defer func() { must(b, s.Close()) }()
	if !s.Protected() {
		must(b, s.Protect(testPIN, testMeans, nil))
	}
	for b.Loop() {
		s.Lock()
		must(b, s.Unlock(testPIN, testMeans))
		list, err := s.Interviews()
		must(b, err)
		if len(list) != 10_000 {
			b.Fatal(len(list))
		}
	}
}
