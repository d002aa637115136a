package replay

import "testing"

// A new interview knows the answers of the one before it.
func TestANewInstanceKnowsTheOneBefore(t *testing.T) {
	got := play(t, `<instance><data><town/></data></instance><instance id="__last-saved" src="jr://instance/last-saved"/>
		<bind nodeset="/data/town" type="string"/>
		<setvalue ref="/data/town" event="odk-instance-first-load" value="instance('__last-saved')/data/town"/>`,
		`<input ref="/data/town"/>`, nil,
		`{"op": "answer", "ref": "/data/town", "value": "Tunja"}`,
		`{"op": "newInstance"}`)
	expect(t, got, "load town=", "answer town=Tunja", "newInstance")
	again := play(t, `<instance><data><town/><before/></data></instance><instance id="__last-saved" src="jr://instance/last-saved"/>
		<bind nodeset="/data/before" type="string" calculate="instance('__last-saved')/data/town"/>`,
		`<input ref="/data/town"/>`, nil,
		`{"op": "answer", "ref": "/data/town", "value": "Tunja"}`,
		`{"op": "newInstance"}`)
	expect(t, again, "load before= town=", "answer town=Tunja", "newInstance before=Tunja town=")
}
