package xpath

import (
	"math/rand"
	"strings"
	"testing"
	"time"
)

// household is an instance with a roster of three members, the second a child.
const household = `<data id="household" version="1"><cfg_min_age>15</cfg_min_age>
<grp_c><roster><m_name>Ana</m_name><m_age>34</m_age><m_elig>1</m_elig><m_epos>1</m_epos></roster>
<roster><m_name>Beto</m_name><m_age>9</m_age><m_elig>0</m_elig><m_epos/></roster>
<roster><m_name>Caro</m_name><m_age>71</m_age><m_elig>1</m_elig><m_epos>3</m_epos></roster></grp_c>
<f_type>fibre mobile</f_type><f_net>1</f_net><a_ea>EA-07</a_ea><j_k>2</j_k></data>`

func mustDocument(t testing.TB, xml string) *Document {
	t.Helper()
	d, err := ParseXML(strings.NewReader(xml))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustFind(t testing.TB, d *Document, path string) *Node {
	t.Helper()
	n, err := Find(d.Root, path)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func testEnv(d *Document) *Env {
	return &Env{
		Root: d.Root, Instances: d.Instances, Random: rand.New(rand.NewSource(1)),
		Now: func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.FixedZone("", -5*3600)) },
	}
}

func TestQuestionnaireExpressions(t *testing.T) {
	d := mustDocument(t, household)
	for _, c := range []struct{ at, src, want string }{
		{"/data/a_ea", "regex(., '^[A-Za-z0-9_-]{1,20}$')", "true"},
		{"/data/a_ea", "concat('CO', '-', /data/a_ea, '-', 12)", "CO-EA-07-12"},
		{"/data/grp_c/roster[3]/m_age", ". >= 0 and . <= 120", "true"},
		{"/data/grp_c/roster[2]/m_elig", "if( ../m_age  >=  /data/cfg_min_age , 1, 0)", "0"},
		{"/data/grp_c/roster[3]/m_epos", "if( ../m_age  >=  /data/cfg_min_age , position(..), '')", "3"},
		{"/data/j_k", "sum(/data/grp_c/roster/m_elig)", "2"},
		{"/data/j_k", "count(/data/grp_c/roster)", "3"},
		{"/data/j_k", "normalize-space(join(' ', /data/grp_c/roster/m_epos))", "1 3"},
		{"/data/j_k", "number(selected-at('1 3', /data/j_k - 1))", "3"},
		{"/data/j_k", "int(0.7 * 2) + 1", "2"},
		{"/data/j_k", "indexed-repeat(/data/grp_c/roster/m_name, /data/grp_c/roster, 3)", "Caro"},
		{"/data/j_k", "once(random())", "2"},
		{"/data/f_type", "not(selected(., '98') and count-selected(.) > 1)", "true"},
		{"/data/f_type", "count-selected(.) > 1 and /data/f_net = '1'", "true"},
		{"/data/grp_c/roster[2]/m_age", "/data/grp_c/roster/m_name", "Beto"},
		{"/data/grp_c/roster[2]/m_age", "sum(../../roster/m_age)", "114"},
		{"/data/grp_c/roster[2]/m_age", "../../roster[position() = position(current()/..) + 1]/m_name", "Caro"},
		{"/data/grp_c/roster[2]/m_age", "string-length(.) = 1 and not(false()) and today() = '2026-11-23'", "true"},
		{"/data/grp_c/roster[2]/m_age", "/data/absent = '' and /data/absent != 'x'", "true"},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		v, err := e.Eval(&Context{Node: mustFind(t, d, c.at), Env: testEnv(d)})
		if err != nil || v.String() != c.want {
			t.Errorf("%s at %s is %q (%v), want %q", c.src, c.at, v.String(), err, c.want)
		}
	}
}
