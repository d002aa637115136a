package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
)

// manyInterviews makes a file with drafts of about 5 kB each.
func manyInterviews(b *testing.B, count int) string {
	path := filepath.Join(b.TempDir(), "store.db")
	s := open(b, path)
	for from := 0; from < count; from += 1000 {
		must(b, s.update(func(tx *transaction) error {
			for n := from; n < min(from+1000, count); n++ {
				h := header{Interview: Interview{ID: interviewID(n), Form: "f", Version: "1", Name: "Ana Pérez", State: Draft, Created: noon, Changed: noon.Add(time.Duration(n) * time.Second)}}
				d := draft{answers: tx.Bucket(bucketAnswers), interview: h.ID}
				for q := range 50 {
					if err := d.set(record.Path(fmt.Sprintf("grp/question_%d", q)), record.NewText(strings.Repeat("word ", 12)), false); err != nil {
						return err
					}
				}
				if err := putHeader(tx, h); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	must(b, s.Close())
	return path
}

// BenchmarkOpen opens a file of 10,000 interviews, and lists them.
func BenchmarkOpen(b *testing.B) {
	path := manyInterviews(b, 10_000)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := opened(path)
			must(b, err)
			must(b, s.Close())
		}
	})
	b.Run("open and list", func(b *testing.B) {
		for b.Loop() {
			s, err := opened(path)
			must(b, err)
			list, err := s.Interviews()
			must(b, err)
			if len(list) != 10_000 {
				b.Fatal(len(list))
			}
			must(b, s.Close())
		}
	})
}

// BenchmarkKeep keeps one answer with two that follow from it, in a file of 1,000 interviews.
func BenchmarkKeep(b *testing.B) {
	s := open(b, manyInterviews(b, 1000))
	n := int64(0)
	for b.Loop() {
		n++
		must(b, s.Keep(interviewID(500), Changes{Set: record.Answers{"age": record.NewInteger(n), "total": record.NewInteger(n), "adult": record.NewInteger(1)},
			Derived: map[record.Path]bool{"total": true, "adult": true}, At: noon}))
	}
}
