package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"
)

// A branch page whose pointer is broken may lead back to itself, and bbolt would follow it until the stack is full,
// which no recover survives. So the branch pages are walked when the file is opened: they are few (one in hundreds), and
// leaves are not read. Layout of pages: go.etcd.io/bbolt/internal/common/page.go.
const (
	pageHeader    = 16 // id 8, flags 2, count 2, overflow 4
	branchElement = 16 // pos 4, key size 4, page 8
	branchFlag    = 0x01
	maxTreeDepth  = 16 // a tree of so many levels has more pages than a disk
)

// checkTrees returns a *DamageError when the branch pages of a file are no trees.
func checkTrees(file io.ReaderAt, tx *bolt.Tx) error {
	w := treeWalk{file: file, pageSize: int64(tx.DB().Info().PageSize), end: uint64(tx.Size()) / uint64(tx.DB().Info().PageSize), seen: map[uint64]bool{}}
	if err := w.tree(uint64(tx.Cursor().Bucket().Root())); err != nil {
		return err
	}
	for _, name := range buckets {
		if b := tx.Bucket(name); b != nil && b.Root() != 0 { // 0: within its parent's page
			if err := w.tree(uint64(b.Root())); err != nil {
				return err
			}
		}
	}
	return nil
}

type treeWalk struct {
	file     io.ReaderAt
	pageSize int64
	end      uint64 // pages
	seen     map[uint64]bool
}

// tree walks one tree. All its leaves lie equally deep: the way down the left side tells how deep.
func (w *treeWalk) tree(root uint64) error {
	levels := 0
	for page := root; ; levels++ {
		children, err := w.children(page)
		if err != nil {
			return err
		}
		if len(children) == 0 {
			break
		}
		if page = children[0]; levels > maxTreeDepth {
			return &DamageError{"open", errors.New("a page leads back to itself")}
		}
	}
	return w.below(root, levels)
}

func (w *treeWalk) below(page uint64, levels int) error {
	if levels == 0 {
		return nil
	}
	if w.seen[page] {
		return &DamageError{"open", fmt.Errorf("two ways lead to page %d", page)}
	}
	w.seen[page] = true
	children, err := w.children(page)
	for _, child := range children {
		if err == nil {
			err = w.below(child, levels-1)
		}
	}
	return err
}

// children returns the pages that a branch page leads to; none for a leaf.
func (w *treeWalk) children(page uint64) ([]uint64, error) {
	header := make([]byte, pageHeader)
	if err := w.read(page, 0, header); err != nil {
		return nil, err
	}
	if binary.NativeEndian.Uint64(header) != page {
		return nil, &DamageError{"open", fmt.Errorf("page %d is another page", page)}
	}
	if binary.NativeEndian.Uint16(header[8:])&branchFlag == 0 {
		return nil, nil
	}
	elements := make([]byte, int(binary.NativeEndian.Uint16(header[10:]))*branchElement)
	if err := w.read(page, pageHeader, elements); err != nil {
		return nil, err
	}
	children := make([]uint64, 0, len(elements)/branchElement)
	for ; len(elements) > 0; elements = elements[branchElement:] {
		children = append(children, binary.NativeEndian.Uint64(elements[8:]))
	}
	return children, nil
}

func (w *treeWalk) read(page uint64, offset int64, b []byte) error {
	if page >= w.end {
		return &DamageError{"open", fmt.Errorf("page %d is not in the file", page)}
	}
	if _, err := w.file.ReadAt(b, int64(page)*w.pageSize+offset); err != nil {
		return &DamageError{"open", err}
	}
	return nil
}
