// Package convviz draws what cnnlib computed, as SVG and PNG, and shows it in
// a notebook.
//
// In a cell, with must from github.com/janpfeifer/must:
//
//	must.M(convviz.Show(convviz.Network(net, nets.CIFARInput())))
//
// In a program, where Show does nothing:
//
//	p, err := convviz.Network(net, nets.CIFARInput())
//	err = convviz.Write("network.svg", p)
//
// There are pictures of a layer at work (Slide, Stack, ChannelReach, Coverage),
// of a network (Network, Inside, Costs, ReceptiveField), of weights and maps (Kernels,
// FeatureMaps, Saliencies), of training and its results (Watch, Curves,
// Confusion, Mistakes), and pages that compute (Live, ClickThrough,
// TimeMachine). Show, ShowFilm and ShowPage put them into a cell; Write,
// WriteFilm and WritePage into files.
//
// Labels are English or Chinese, see Language. The drawing itself is in
// convviz/draw, which needs neither GoMLX nor a notebook.
package convviz

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convlab/convviz/draw"
	"convlab/internal/atomicfile"
	"convlab/internal/notebook"
)

// Picture is a drawing as SVG and PNG with its alt text.
type Picture = draw.Picture

// Film is a drawing with steps.
type Film = draw.Film

// firstError is the error of what a picture was drawn with, or that there is
// no picture.
func firstError(missing bool, what string, err []error) error {
	if err := errors.Join(err...); err != nil {
		return err
	}
	if missing {
		return fmt.Errorf("convviz: nothing to %s", what)
	}
	return nil
}

func bundle(p *Picture) notebook.Bundle {
	return notebook.Bundle{SVG: p.SVG, PNG: p.PNG, Text: p.Alt, Width: p.Width, Height: p.Height}
}

// Show puts a picture into the cell's output; outside a notebook it does
// nothing. It takes the results of the function that drew the picture, whose
// error it gives back.
func Show(p *Picture, err ...error) error {
	if err := firstError(p == nil, "show", err); err != nil {
		return err
	}
	return notebook.Show(bundle(p))
}

// ShowHTML puts HTML into the cell's output: a Summary's table, for example.
func ShowHTML(html string) error { return notebook.Show(notebook.Bundle{HTML: html}) }

// ShowFilm shows a film with a slider, buttons and the arrow keys.
func ShowFilm(f *Film, err ...error) error {
	if err := firstError(f == nil, "show", err); err != nil {
		return err
	}
	html, stepErr := FilmHTML(f)
	if stepErr != nil {
		return stepErr
	}
	still, stillErr := f.Still()
	if stillErr != nil {
		return stillErr
	}
	b := bundle(still)
	b.SVG, b.HTML = "", html
	return notebook.Show(b)
}

// FilmHTML is the HTML that ShowFilm shows, for a page of one's own.
func FilmHTML(f *Film) (string, error) { return filmHTML(f, notebook.UniqueID()) }

func filmHTML(f *Film, id string) (string, error) {
	return f.Steps(id, draw.StepWords{Step: say("step"), Of: say("of"), Play: say("Play"), Pause: say("Pause"), Back: say("back"), Next: say("next")})
}

// Write saves a picture as file.svg, file.png, or both if file has no ending.
// Like Show it takes the results of the function that drew it.
func Write(file string, p *Picture, err ...error) error {
	if err := firstError(p == nil, "write to "+file, err); err != nil {
		return err
	}
	return p.Write(file)
}

// WriteFilm saves a film by the ending of file: .gif, .svg that plays, .html
// that is stepped through, or .png of its first, middle and last step.
func WriteFilm(file string, f *Film, err ...error) error {
	if err := firstError(f == nil, "write to "+file, err); err != nil {
		return err
	}
	var data []byte
	var failed error
	switch strings.ToLower(filepath.Ext(file)) {
	case ".gif":
		data, failed = f.GIF()
	case ".svg":
		data = []byte(f.Animated)
	case ".png":
		var still *Picture
		if still, failed = f.Still(); failed == nil {
			data = still.PNG
		}
	case ".html":
		var html string
		html, failed = filmHTML(f, only)
		data = document(html)
	default:
		failed = fmt.Errorf("convviz: %s: films are written as .gif, .svg, .html or .png", file)
	}
	if failed != nil {
		return failed
	}
	return save(file, data)
}

// only is the id of the element of a file that holds no other: the same
// picture makes the same file.
const only = "convlab-only"

// document makes a page of its own of HTML for a cell. It is as light or dark
// as the pictures in it, which follow the reader's system.
func document(html string) []byte {
	return []byte("<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>convlab</title>\n" + html)
}

func save(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return fmt.Errorf("convviz: %w", err)
	}
	if err := atomicfile.WriteFile(file, data); err != nil {
		return fmt.Errorf("convviz: %w", err)
	}
	return nil
}
