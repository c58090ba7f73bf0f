// Command convcache lends many users one build cache that none of them can
// write to. Go starts it where GOCACHEPROG names it:
//
//	GOCACHEPROG="convcache /opt/convlab/go/build"
//
// What the shared folder has is taken from there. What Go builds goes to the
// user's own cache folder (XDG_CACHE_HOME, else ~/.cache) and is removed after
// five days without use. With -fill it goes to the shared folder, which is how
// an administrator makes that.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	fill := flag.Bool("fill", false, "write to the shared folder, not to the user's own")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), `usage: GOCACHEPROG="convcache [-fill] SHARED" go build`)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*fill, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "convcache:", err)
		os.Exit(1)
	}
}

func run(fill bool, args []string) error {
	if len(args) != 1 {
		return errors.New(`want one folder: GOCACHEPROG="convcache [-fill] SHARED"`)
	}
	l := layers{shared: args[0], own: args[0]}
	if !fill {
		dir, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("no folder for what is built: %w", err)
		}
		l.own = filepath.Join(dir, "convlab", "go")
		l.trim()
	}
	if err := os.MkdirAll(l.own, 0o755); err != nil {
		return err
	}
	return serve(bufio.NewReader(os.Stdin), os.Stdout, l)
}
