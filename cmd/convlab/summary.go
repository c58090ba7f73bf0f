package main

import (
	"fmt"

	"convlab/cnnlib"
)

type summaryCmd struct{ network }

func (c *summaryCmd) Run() error {
	r, err := c.recipe()
	if err != nil {
		return err
	}
	s, err := r.Net.Summary(cnnlib.CIFARInput)
	if err == nil {
		fmt.Print(s)
	}
	return err
}
