package main

import (
	"context"
	"fmt"

	"convlab/internal/backend"
)

type summaryCmd struct {
	design
	Batch int `default:"256" help:"Batch size that the way to compute each convolution is chosen for."`
}

func (c *summaryCmd) Run(ctx context.Context) error {
	net, in, err := c.open()
	if err != nil {
		return err
	}
	choice, err := backend.Open()
	if err != nil {
		return err
	}
	s, err := net.SummaryOn(choice.Backend, in, c.Batch)
	if err != nil {
		return err
	}
	fmt.Printf("%splans are for %s and batches of %d\n", s, choice.Name, c.Batch)
	return nil
}
