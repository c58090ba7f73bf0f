package grade

import "golang.org/x/sys/unix"

const thisProcessor = unix.AUDIT_ARCH_AARCH64

// forkCalls make processes; here clone alone does.
var forkCalls []int
