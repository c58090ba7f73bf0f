//go:build !linux

package guard

import "errors"

// Run is for Linux only: elsewhere set-up lets Jupyter start GoNB itself.
func Run([]string) (int, error) {
	return 0, errors.New("this program is for Linux; elsewhere run GoNB itself")
}
