package main

import (
	"fmt"

	"convlab/cnnlib"
)

type summaryCmd struct{ network }

func (c *summaryCmd) Run() error {
	s, err := layers(c.Net).Summary(cnnlib.CIFARInput)
	if err == nil {
		fmt.Print(s)
	}
	return err
}
