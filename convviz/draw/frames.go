package draw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"math"
	"strings"
)

// Film is a canvas with frames, in the formats that show them one after the
// other.
type Film struct {
	*Picture        // the last frame
	Animated string // SVG that plays without script, over and over
	Frames   int
	Alt      []string // what each frame shows

	canvas  *Canvas
	seconds float64
}

// Film gives the canvas as an animation with that many seconds a frame.
// frames describe what is seen in each; there must be as many as the canvas
// has.
func (c *Canvas) Film(alt string, seconds float64, frames []string) (*Film, error) {
	if !(seconds >= 0.05 && seconds <= 60) {
		return nil, fmt.Errorf("draw: a frame must last 0.05 to 60 seconds, got %g", seconds)
	}
	if c.frames == 0 || len(frames) != c.frames {
		return nil, fmt.Errorf("draw: %d frames are described, %d are drawn", len(frames), c.frames)
	}
	still, err := c.Picture(alt)
	if err != nil {
		return nil, err
	}
	f := &Film{Picture: still, Frames: c.frames, Alt: frames, canvas: c, seconds: seconds}
	f.Animated, err = c.svg(clean(alt), -1, f.smil)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// smil shows frame i in its share of the whole time; the last frame is the
// one that is seen where nothing plays.
func (f *Film) smil(i int) (attributes, children string) {
	if f.Frames == 1 {
		return "", ""
	}
	if i < f.Frames-1 {
		attributes = ` display="none"`
	}
	n := float64(f.Frames)
	share := func(v float64) string { return fmt.Sprintf("%.5g", math.Round(v*1e5)/1e5) }
	values, times := "none;inline;none", fmt.Sprintf("0;%s;%s", share(float64(i)/n), share(float64(i+1)/n))
	switch i {
	case 0:
		values, times = "inline;none", "0;"+share(1/n)
	case f.Frames - 1:
		values, times = "none;inline", "0;"+share(float64(i)/n)
	}
	return attributes, fmt.Sprintf(`<animate attributeName="display" values="%s" keyTimes="%s" dur="%ss" calcMode="discrete" repeatCount="indefinite"/>`,
		values, times, num(n*f.seconds))
}

// PNGFrame is frame i as PNG.
func (f *Film) PNGFrame(i int) ([]byte, error) {
	if i < 0 || i >= f.Frames {
		return nil, fmt.Errorf("draw: no frame %d of %d", i, f.Frames)
	}
	return encodePNG(f.canvas.raster(i))
}

// GIF is the animation for places that know no SVG.
func (f *Film) GIF() ([]byte, error) {
	if pixels := float64(f.Frames) * f.canvas.width * f.canvas.height * Scale * Scale; pixels > 4e8 {
		return nil, fmt.Errorf("draw: %d frames are too many for a GIF", f.Frames)
	}
	out := gif.GIF{}
	for i := range f.Frames {
		img := f.canvas.raster(i)
		frame := paletted(img)
		if frame == nil {
			frame = image.NewPaletted(img.Bounds(), append(color.Palette{Card}, palette.WebSafe...))
			draw.Draw(frame, frame.Rect, img, image.Point{}, draw.Src)
		}
		out.Image = append(out.Image, frame)
		out.Delay = append(out.Delay, int(math.Round(f.seconds*100)))
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &out); err != nil {
		return nil, fmt.Errorf("draw: GIF: %w", err)
	}
	return b.Bytes(), nil
}

// StepWords are the words on a step-through.
type StepWords struct{ Step, Of, Play, Pause, Back, Next string }

// Steps is the step-through: the film with a slider, buttons and the arrow
// keys, as HTML that fetches nothing. id must be unique on the page.
func (f *Film) Steps(id string, w StepWords) (string, error) {
	svg, err := f.canvas.svg(f.Picture.Alt, -1, func(i int) (string, string) {
		if i > 0 {
			return ` display="none"`, ""
		}
		return "", ""
	})
	if err != nil {
		return "", err
	}
	var alts strings.Builder
	for _, s := range f.Alt {
		fmt.Fprintf(&alts, "<li>%s</li>", escape(s))
	}
	return strings.NewReplacer(
		"{id}", escape(id), "{svg}", svg, "{last}", fmt.Sprint(f.Frames-1), "{n}", fmt.Sprint(f.Frames),
		"{ms}", fmt.Sprint(int(f.seconds*1000)), "{alts}", alts.String(), "{step}", escape(w.Step), "{of}", escape(w.Of),
		"{play}", escape(w.Play), "{pause}", escape(w.Pause), "{back}", escape(w.Back), "{next}", escape(w.Next),
	).Replace(stepsHTML), nil
}

// A script finds its own step-through by id, so that many can be on a page.
const stepsHTML = `<div id="{id}" class="convlab-steps" tabindex="0" style="max-width:100%">
{svg}<div style="display:flex;gap:6px;align-items:center;margin-top:4px;flex-wrap:wrap">
<button type="button" data-go="-1" aria-label="{back}">◀</button>
<button type="button" data-play>{play}</button>
<button type="button" data-go="1" aria-label="{next}">▶</button>
<input type="range" min="0" max="{last}" value="0" aria-label="{step}" style="flex:1;min-width:120px">
<span data-count>{step} 1 {of} {n}</span></div>
<div data-words aria-live="polite" style="min-height:1.4em"></div>
<ol hidden>{alts}</ol>
<script>(function(){
var root=document.getElementById("{id}"),frames=root.querySelectorAll("g.frame"),range=root.querySelector("input"),
words=root.querySelectorAll("li"),say=root.querySelector("[data-words]"),count=root.querySelector("[data-count]"),
play=root.querySelector("[data-play]"),at=0,timer=null;
function show(i){at=Math.max(0,Math.min({last},i));
frames.forEach(function(g){if(+g.dataset.frame===at)g.removeAttribute("display");else g.setAttribute("display","none")});
range.value=at;count.textContent="{step} "+(at+1)+" {of} {n}";say.textContent=words[at].textContent}
function stop(){clearInterval(timer);timer=null;play.textContent="{play}"}
play.onclick=function(){if(timer){stop();return}if(at==={last})show(0);play.textContent="{pause}";
timer=setInterval(function(){if(at==={last})stop();else show(at+1)},{ms})};
root.querySelectorAll("[data-go]").forEach(function(b){b.onclick=function(){stop();show(at+ +b.dataset.go)}});
range.oninput=function(){stop();show(+range.value)};
root.addEventListener("keydown",function(e){var d={ArrowRight:1,ArrowLeft:-1,Home:-1e9,End:1e9}[e.key];
if(d){stop();show(at+d);e.preventDefault();e.stopPropagation()}},true);
show(0)})()</script></div>
`
