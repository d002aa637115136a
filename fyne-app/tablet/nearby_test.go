package tablet

import (
	"context"
	"errors"
	"testing"

	"vereda/sync/device"
	"vereda/sync/discover"
	"vereda/sync/transfer"
)

// What says of itself that it is of another project is asked nothing; what does not answer is not sent to.
func TestStrangersNearbyAreNotSentTo(t *testing.T) {
	key, err := device.NewKey(zeros{})
	if err != nil {
		t.Fatal(err)
	}
	m := transfer.Membership{V: 1, Project: device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Key: key.Public()}, Address: "https://127.0.0.1:1"}
	n := &neighbours{browse: func(context.Context) ([]discover.Found, error) {
		return []discover.Found{
			{Name: "Otro", Project: discover.Short("another"), Address: "https://127.0.0.1:1"},
			{Name: "Mudo", Project: discover.Short(m.Project.ID), Address: "https://127.0.0.1:1"},
		}, nil
	}}
	all, err := n.find(context.Background(), m)
	if err != nil || len(all) != 2 || all[0].Name != "Mudo" {
		t.Fatalf("%+v %v", all, err)
	}
	var foreign *transfer.ForeignError
	if rank(all[0].err) != 2 || !errors.As(all[1].err, &foreign) || foreign.Project != "Otro" {
		t.Errorf("%v, %v", all[0].err, all[1].err)
	}
	if got, ok := n.nearest(context.Background(), m); ok || got.Address != m.Address {
		t.Errorf("it would go to %s", got.Address)
	}
}

// zeros is a source of anything but chance.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
