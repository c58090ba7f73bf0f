package convviz

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/geometry"
	"convlab/internal/notebook"
)

// Examples are pictures with their classes, for a page that shows what a
// trained network makes of them.
type Examples struct {
	Pixels  []uint8  // of all of them, each [height, width, channels]
	Labels  []int    // the class of each
	Classes []string // their names, in English; the network has as many outputs
}

// maxExamplePictures is how many pictures a page may hold.
const maxExamplePictures = 60

func (e Examples) check(in, out []int) error {
	size := geometry.Volume(in)
	switch {
	case len(in) != 3 || in[2] != 1 && in[2] != 3:
		return fmt.Errorf("convviz: pictures of 1 or 3 channels can be shown, the network takes %v", in)
	case len(out) != 1 || out[0] != len(e.Classes):
		return fmt.Errorf("convviz: the network gives %v, but %d classes are named", out, len(e.Classes))
	case len(e.Labels) == 0 || len(e.Labels) > maxExamplePictures || len(e.Pixels) != len(e.Labels)*size:
		return fmt.Errorf("convviz: %d bytes and %d classes are no pictures of shape %v: from 1 to %d can be shown", len(e.Pixels), len(e.Labels), in, maxExamplePictures)
	}
	for i, label := range e.Labels {
		if label < 0 || label >= len(e.Classes) {
			return fmt.Errorf("convviz: picture %d is of class %d, but there are %d classes", i, label, len(e.Classes))
		}
	}
	return nil
}

// pictures are the examples as a page's script takes them.
func (e Examples) pictures() []map[string]any {
	size, all := len(e.Pixels)/len(e.Labels), []map[string]any{}
	for i, label := range e.Labels {
		all = append(all, map[string]any{"label": label, "pixels": e.Pixels[i*size : (i+1)*size]})
	}
	return all
}

// words are the names of the classes in Chinese.
func (e Examples) words() map[string]string {
	words := map[string]string{}
	for _, name := range e.Classes {
		if s, ok := chinese[name]; ok {
			words[name] = s
		}
	}
	return words
}

//go:embed click
var clickFiles embed.FS

// ClickThrough is a trained network as a page that computes: its reader
// chooses one of the examples or a photo of their own, sees the maps of every
// layer, clicks a number and gets the window, weights and products that it is
// made of, down to the pixels and up to the probabilities (lesson 3.6). The
// weights are in the page, 16 bits each. The network is made of layers on pictures,
// in series and in parallel: chains, residual networks, branches that are
// joined.
func ClickThrough(m *cnnlib.Model, examples Examples) (*Page, error) {
	if m == nil {
		return nil, fmt.Errorf("convviz: ClickThrough needs a model")
	}
	root := m.Root()
	if err := examples.check(m.Input(), root.Info.Output); err != nil {
		return nil, err
	}
	net, err := clickNetOf(m)
	if err != nil {
		return nil, err
	}
	still, err := Network(m.Net(), m.Input())
	if err != nil {
		return nil, err
	}
	return scripted(still, clickFiles, "clickThrough", []string{"click/words.js", "click/paint.js", "click/network.js", "click/unit.js", "click/page.js"}, "click/click.css", map[string]any{
		"net": net, "images": examples.pictures(), "classes": examples.Classes, "words": examples.words(),
	})
}

// scripted is a page whose script shows data in place of the still picture: the
// function of that name is called with the page's element, the data and the
// language. It has the words and the style of live pictures too.
func scripted(still *Picture, files embed.FS, function string, scripts []string, css string, data any) (*Page, error) {
	written, err := json.Marshal(data) // escapes what could end the script
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	var script, style strings.Builder
	for _, part := range []struct {
		files embed.FS
		name  string
		to    *strings.Builder
	}{{liveFiles, "live/words.js", &script}, {liveFiles, "live/live.css", &style}, {files, css, &style}} {
		if err := appendFile(part.to, part.files, part.name); err != nil {
			return nil, err
		}
	}
	for _, name := range scripts {
		if err := appendFile(&script, files, name); err != nil {
			return nil, err
		}
	}
	return scriptedBy(still, script.String(), style.String(), function, written)
}

// scriptedBy is the page of a script, its style and data in JSON.
func scriptedBy(still *Picture, script, style, function string, data []byte) (*Page, error) {
	sheet, err := json.Marshal(style) // escapes what could end the script
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	img, err := jpegOf(still)
	if err != nil {
		return nil, err
	}
	id := notebook.UniqueID()
	return &Page{Picture: still, id: id, guards: true, HTML: fmt.Sprintf(`<div id="%[1]s">%[2]s</div>
<script>(function () {
%[3]s
const style = document.createElement('style');
style.textContent = %[4]s;
const root = document.getElementById("%[1]s");
root.before(style);
%[7]s(root, %[5]s, "%[6]s");
})()</script>
`, id, img, script, sheet, data, Language(), function)}, nil
}

func appendFile(to *strings.Builder, files embed.FS, name string) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("convviz: %w", err)
	}
	to.Write(text)
	return nil
}
