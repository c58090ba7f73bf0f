// Command convkernel starts the Jupyter kernel of the course so that nothing
// of it outlives it; the kernel spec that set-up writes names it:
//
//	convkernel gonb --kernel connection.json
package main

import (
	"fmt"
	"os"

	"convlab/internal/guard"
)

func main() {
	code, err := guard.Run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "convkernel:", err)
		code = 1
	}
	os.Exit(code)
}
