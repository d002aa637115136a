package xls

import (
	"encoding/binary"
	"unicode/utf16"
)

// magic begins every compound file.
const magic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// Numbers of sectors with a meaning of their own begin here.
const lastSector = 0xFFFFFFFA

// container is a compound file (MS-CFB): a file system in a file.
type container struct {
	data       []byte
	sectorSize int
	fat        []uint32 // which sector comes after which
}

// stream returns the bytes of the first stream that has one of the names; nil when there is none.
func stream(data []byte, names ...string) ([]byte, error) {
	if len(data) < 512 || string(data[:8]) != magic {
		return nil, ErrDamaged
	}
	shift := binary.LittleEndian.Uint16(data[30:])
	if shift != 9 && shift != 12 {
		return nil, ErrDamaged
	}
	c := &container{data: data, sectorSize: 1 << shift}
	c.readFAT()
	directory := c.chain(c.fat, binary.LittleEndian.Uint32(data[48:]), c.sector)
	if len(directory) < 128 {
		return nil, ErrDamaged
	}
	for _, name := range names {
		for at := 0; at+128 <= len(directory); at += 128 {
			entry := directory[at : at+128]
			if entry[66] == 2 && entryName(entry) == name {
				return c.read(entry, directory[:128])
			}
		}
	}
	return nil, nil
}

func entryName(entry []byte) string {
	n := int(binary.LittleEndian.Uint16(entry[64:]))/2 - 1
	if n < 0 || n > 31 {
		return ""
	}
	return wide(entry[:2*n])
}

// wide reads UTF-16.
func wide(b []byte) string {
	units := make([]uint16, len(b)/2)
	for n := range units {
		units[n] = binary.LittleEndian.Uint16(b[2*n:])
	}
	return string(utf16.Decode(units))
}

// read returns the bytes of a directory entry; root is the entry whose stream holds those of small ones.
func (c *container) read(entry, root []byte) ([]byte, error) {
	start, size := binary.LittleEndian.Uint32(entry[116:]), int(binary.LittleEndian.Uint32(entry[120:]))
	var b []byte
	if cutoff := int(binary.LittleEndian.Uint32(c.data[56:])); size >= cutoff {
		b = c.chain(c.fat, start, c.sector)
	} else {
		table := numbers(c.chain(c.fat, binary.LittleEndian.Uint32(c.data[60:]), c.sector))
		small := c.chain(c.fat, binary.LittleEndian.Uint32(root[116:]), c.sector)
		b = c.chain(table, start, func(n uint32) []byte {
			if at := int(n) * 64; at < len(small) {
				return small[at:min(at+64, len(small))]
			}
			return nil
		})
	}
	if len(b) < size {
		return nil, ErrDamaged
	}
	return b[:size], nil
}

// sector returns the bytes of a sector; nil when the file ends before it.
func (c *container) sector(n uint32) []byte {
	at := (int(n) + 1) * c.sectorSize
	if n >= lastSector || at >= len(c.data) {
		return nil
	}
	return c.data[at:min(at+c.sectorSize, len(c.data))]
}

// chain joins the sectors of a chain. It is never longer than the table: a chain that bites its tail ends.
func (c *container) chain(table []uint32, start uint32, sector func(uint32) []byte) []byte {
	var b []byte
	for n, steps := start, 0; n < lastSector && int(n) < len(table) && steps < len(table); n, steps = table[n], steps+1 {
		part := sector(n)
		if part == nil {
			break
		}
		b = append(b, part...)
	}
	return b
}

// readFAT reads the table of sectors: the first 109 parts of it are listed in the header, the others in sectors of their own.
func (c *container) readFAT() {
	parts := numbers(c.data[76:512])
	next := binary.LittleEndian.Uint32(c.data[68:])
	for steps := 0; next < lastSector && steps < len(c.data)/c.sectorSize; steps++ {
		list := numbers(c.sector(next))
		if len(list) < 2 {
			break
		}
		parts, next = append(parts, list[:len(list)-1]...), list[len(list)-1]
	}
	most := len(c.data)/c.sectorSize + 1
	for _, n := range parts {
		if n < lastSector && len(c.fat) < most {
			c.fat = append(c.fat, numbers(c.sector(n))...)
		}
	}
}

func numbers(b []byte) []uint32 {
	list := make([]uint32, len(b)/4)
	for n := range list {
		list[n] = binary.LittleEndian.Uint32(b[4*n:])
	}
	return list
}
