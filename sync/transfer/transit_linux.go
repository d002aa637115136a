package transfer

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// readTransit asks the kernel how a connection stands, but for what was written. It reports false when the connection is over, and on kernels
// before 4.6, which do not say.
func readTransit(c syscall.RawConn) (t transit, ok bool) {
	var info *unix.TCPInfo
	var err error
	failed := c.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) })
	const established = 1
	if failed != nil || err != nil || info.State != established || info.Bytes_acked == 0 || info.Min_rtt == 0 {
		return t, false
	}
	return transit{
		acked:    int64(info.Bytes_acked) - 1, // the first is that of the handshake
		shortest: time.Duration(info.Min_rtt) * time.Microsecond,
		segment:  int(info.Snd_mss),
	}, true
}
