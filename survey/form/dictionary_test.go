package form_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"

	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
)

// The dictionary is what makes one interview small: what it saves is measured on made-up interviews of the built-in questionnaire.
func TestDictionaryShrinksInterviews(t *testing.T) {
	f := questionnaire.Form()
	dictionary := f.Dictionary()
	if len(dictionary) > 32<<10 {
		t.Errorf("the dictionary is of %d bytes", len(dictionary))
	}
	random := rand.New(rand.NewSource(7))
	var interviews [][]byte
	total := 0
	for n := range 50 {
		r, err := record.Seal(madeUp(f, random, n))
		if err != nil {
			t.Fatal(err)
		}
		interviews = append(interviews, r.Bytes())
		total += len(r.Bytes())
	}
	t.Logf("dictionary %d bytes, interviews of %d bytes", len(dictionary), total/len(interviews))
	for _, size := range []int{1, 10, 50} {
		plain, with := 0, 0
		bare, shared := encoder(t, nil), encoder(t, dictionary)
		for start := 0; start+size <= len(interviews); start += size {
			batch := bytes.Join(interviews[start:start+size], []byte("\n"))
			plain += len(bare.EncodeAll(batch, nil))
			with += len(shared.EncodeAll(batch, nil))
		}
		t.Logf("batches of %2d: %d bytes an interview, %d with the dictionary", size, plain/50, with/50)
		if size == 1 && with > plain*60/100 {
			t.Errorf("one interview takes %d bytes with the dictionary, %d without", with/50, plain/50)
		}
		if with > plain {
			t.Errorf("a batch of %d takes more with the dictionary", size)
		}
	}
}

func TestDictionaryDependsOnTheFormAlone(t *testing.T) {
	if a, b := read(t, family).Dictionary(), read(t, family).Dictionary(); !bytes.Equal(a, b) || len(a) == 0 {
		t.Error("two dictionaries of one form differ")
	}
}

// encoder compresses as batches are compressed.
func encoder(t *testing.T, dictionary []byte) *zstd.Encoder {
	t.Helper()
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1)}
	if dictionary != nil {
		options = append(options, zstd.WithEncoderDictRaw(40000, dictionary))
	}
	e, err := zstd.NewWriter(nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// madeUp returns an interview that answers each question at random, three of four times, with three members in the roster.
func madeUp(f *form.Form, random *rand.Rand, n int) record.Body {
	var id uuid.UUID
	random.Read(id[:])
	body := record.Body{V: 1, Interview: id, Form: f.ID, Version: f.Version, Device: "XK3M7-9QRTA-BCDFG-HJKMN", N: 1,
		At: time.Date(2026, 11, 1+n%28, 8+n%9, n%60, n, 0, time.FixedZone("", -5*3600)), By: "E042", Final: true,
		Set: record.Answers{}, Derived: record.Answers{}}
	var answer func(parent record.Path, items []*form.Item)
	answer = func(parent record.Path, items []*form.Item) {
		for _, i := range items {
			p := record.Path(i.Name)
			if parent != "" {
				p = parent + "/" + p
			}
			switch {
			case i.Kind == form.Group:
				answer(p, i.Children)
			case i.Kind == form.Repeat:
				for k := range 1 + random.Intn(5) {
					instance, err := record.NewInstanceID(k+1, random)
					if err != nil {
						panic(err)
					}
					body.Set[p.Join(instance)] = record.Exists()
					answer(p.Join(instance), i.Children)
				}
			case i.Calculation != nil || i.Type.Metadata():
				body.Derived[p] = madeUpValue(i, random)
			case i.KindOf() != 0 && random.Intn(4) > 0:
				body.Set[p] = madeUpValue(i, random)
			}
		}
	}
	answer("", f.Root.Children)
	return body
}

func madeUpValue(i *form.Item, random *rand.Rand) record.Value {
	text := fmt.Sprint(random.Intn(100))
	switch kind := i.KindOf(); {
	case kind == record.Choices:
		names := []string{i.List.Choices[random.Intn(len(i.List.Choices))].Name}
		if other := i.List.Choices[random.Intn(len(i.List.Choices))].Name; other != names[0] {
			names = append(names, other)
		}
		return record.NewChoices(names)
	case i.List != nil:
		return record.NewText(i.List.Choices[random.Intn(len(i.List.Choices))].Name)
	case kind == record.Text && !i.Type.Shown():
		return record.NewText(fmt.Sprint(random.Intn(3)))
	case kind == record.Date:
		text = "2026-11-23"
	case kind == record.DateTime:
		text = fmt.Sprintf("2026-11-%02dT%02d:%02d:%02d.%03d-05:00", 1+random.Intn(28), random.Intn(24), random.Intn(60), random.Intn(60), random.Intn(1000))
	case kind == record.Geopoint:
		text = fmt.Sprintf("%.7f %.7f %.1f %.1f", random.Float64()*12, -70-random.Float64()*8, random.Float64()*3000, random.Float64()*20)
	case kind == record.File:
		text = fmt.Sprintf("%d.jpg", 1760000000000+random.Int63n(1e10))
	}
	v, err := record.New(i.KindOf(), text)
	if err != nil {
		panic(err)
	}
	return v
}
