package device_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"time"

	"vereda/sync/device"
)

// A project certifies a device; anybody who knows the project's public key can check it, and what the device signed.
func Example() {
	project, _ := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	tablet, _ := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{2}, 32)))
	from := time.Date(2026, 11, 23, 13, 30, 0, 0, time.UTC)
	certificate, _ := device.Issue(project, device.Claims{
		Project: "0193a5b2-7d1c-7000-8000-0000000000aa", Device: tablet.Public(), Name: "Inés Quispe",
		Role: device.Enumerator, From: from, Until: from.AddDate(2, 0, 0),
	})
	fmt.Println(string(certificate))

	claims, err := certificate.Open(project.Public())
	fmt.Println(claims.ID(), claims.Role, err)
	signature := tablet.Sign("batch", []byte("message"))
	fmt.Println(hex.EncodeToString(signature[:8]), device.Verify(claims.Device, "batch", []byte("message"), signature))
	// Output:
	// {"claims":{"v":1,"project":"0193a5b2-7d1c-7000-8000-0000000000aa","device":"gTl3Dqh9F19Wo1Rmw0x+zMuNipG07jeiXfYPW4/Js5Q=","name":"Inés Quispe","role":"enumerator","from":"2026-11-23T13:30:00Z","until":"2028-11-23T13:30:00Z"},"signature":"ALxXulGQp6o+VYyanWfuVV/6GGRRZqs54nylDIClORHy9T0XvTkAyJt38dTKf4uUxjvobKQIBPhlcm6Tb4RiCg=="}
	// D8W07-NFGB6-82M73-DNYNA enumerator <nil>
	// 7053d7d9b10a13c7 true
}

// The public key of the seed 02 02 … 02, and its ID; also as somebody reads it back over the telephone.
func ExampleParseID() {
	tablet, _ := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{2}, 32)))
	fmt.Println(hex.EncodeToString(tablet.Public()))
	fmt.Println(tablet.ID())
	_, err := device.ParseID(string(tablet.ID())[1:])
	fmt.Println(err)
	// Output:
	// 8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394
	// D8W07-NFGB6-82M73-DNYNA
	// device: not a valid device ID: it does not have the right number of characters
}

func ExampleInvitation_Link() {
	project, _ := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	code, _ := device.NewCode(bytes.NewReader([]byte{1, 2, 3, 4, 5, 6, 7}))
	fmt.Println(device.Invitation{V: 1, Address: "http://127.0.0.1:8080", Project: project.Public(), Code: code}.Link())
	// Output:
	// vereda://join?v=1&a=http%3A%2F%2F127.0.0.1%3A8080&p=HA4E7QBM17RSBZAJVCPKSEJXEB56E2DZ3PA146ZKEJ403D0FDXE0&c=1234-567Y&k=DVQPPN63
}
