package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const conformance = "../../../shared/data/conformance/"

// caseRow is an expression of another engine's tests and its value there.
type caseRow struct {
	ID, Expression, Type, As, TZ, Now, Test string
	Expected                                any
	Volatile                                bool
	Context                                 *struct {
		XML  string `json:"xml_id"`
		Node string
	}
}

var named = regexp.MustCompile(`in language '(\w+)'`)

// TestEvalAgreesWithOtherEngines runs `form eval` on the expressions of other engines' tests, with their documents, places and clocks. What package xpath says of a row
// (docs/xpath.md lists those that differ), the command says too.
func TestEvalAgreesWithOtherEngines(t *testing.T) {
	file, err := os.Open(conformance + "xpath_cases.jsonl")
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	contexts := map[string]string{}
	b, err := os.ReadFile(conformance + "xpath_contexts.json")
	if err != nil || json.Unmarshal(b, &contexts) != nil {
		t.Fatal("the contexts cannot be read", err)
	}
	listed, err := os.ReadFile("../../docs/xpath.md")
	if err != nil {
		t.Fatal(err)
	}
	agree := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var r caseRow
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(listed, []byte(r.ID)) || r.Volatile {
			continue
		}
		got, failed := r.eval(t, contexts)
		if failed == nil && got.Type != r.As && (r.As == "number" || r.As == "string" || r.As == "boolean") {
			r.Expression = r.As + "(" + r.Expression + ")" // asked for as that
			got, failed = r.eval(t, contexts)
		}
		if !r.agrees(got, failed) {
			t.Errorf("%s: form eval %q gives %v %v %v, not %v", r.ID, r.Expression, got.Value, got.Type, failed, r.Expected)
		}
		agree++
	}
	t.Logf("%d rows agree", agree)
}

// eval runs the command as the shell would.
func (r *caseRow) eval(t *testing.T, contexts map[string]string) (got evaluation, failed error) {
	t.Helper()
	zone, err := time.LoadLocation(r.TZ)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 4, 16, 0, time.UTC)
	if r.Now != "" {
		if now, err = time.Parse(time.RFC3339, r.Now); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"form", "eval", r.Expression, "--now", now.In(zone).Format(time.RFC3339)}
	var in, out, talk bytes.Buffer
	if r.Context != nil {
		args = append(args, "--instance", "-", "--at", r.Context.Node)
		in.WriteString(contexts[r.Context.XML])
	}
	if m := named.FindStringSubmatch(r.Test); m != nil {
		args = append(args, "--lang", m[1])
	}
	if code := run(&world{in: &in, out: &out, err: &talk}, args); code != exitDone {
		return got, fmt.Errorf("exit code %d: %s", code, talk.String())
	}
	return got, json.Unmarshal(out.Bytes(), &got)
}

// agrees compares what was printed with what the row expects, converted as XPath converts.
func (r *caseRow) agrees(got evaluation, failed error) bool {
	if r.Type == "error" || failed != nil {
		return (r.Type == "error") == (failed != nil)
	}
	texts, _ := got.Value.([]any)
	switch want := r.Expected.(type) {
	case []any:
		return got.Type == "nodeset" && len(texts) == len(want)
	case bool:
		return got.Value == want
	case float64:
		n := number(got.Value)
		return math.Abs(n-want) <= 1e-9*math.Max(1, math.Abs(want)) || math.Round(n*100)/100 == want
	case string:
		if r.Type == "node" {
			return got.Type == "nodeset" && len(texts) > 0
		}
		if r.Type == "number" {
			n := number(want)
			return n == number(got.Value) || n != n && number(got.Value) != number(got.Value)
		}
		return text(got.Value) == want
	}
	return false
}

func text(v any) string {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return ""
		}
		return text(v[0])
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return v
	}
	return ""
}

func number(v any) float64 {
	if v == true {
		return 1
	}
	if v == false {
		return 0
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(text(v)), 64); err == nil {
		return n
	}
	return math.NaN()
}
