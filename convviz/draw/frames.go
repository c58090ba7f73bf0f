package draw

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"math"
	"strconv"
	"strings"
)

// Film is a canvas with frames, in the formats that show them one after the
// other.
type Film struct {
	*Picture        // the last frame
	Animated string // SVG that plays once, without a script, and stays at its end
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
	last, err := c.Picture(alt)
	if err != nil {
		return nil, err
	}
	f := &Film{Picture: last, Frames: c.frames, Alt: frames, canvas: c, seconds: seconds}
	f.Animated, err = c.svg(last.Alt, -1, f.smil)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// smil shows a group in its share of the whole time; where nothing plays, the
// last frame is seen.
func (f *Film) smil(d during) (attributes, children string) {
	if d.to < f.Frames-1 {
		attributes = ` display="none"`
	}
	if d.from == 0 && d.to == f.Frames-1 {
		return "", ""
	}
	var values, times []string
	at := func(value string, frame int) {
		values = append(values, value)
		times = append(times, strconv.FormatFloat(float64(frame)/float64(f.Frames), 'f', 5, 64))
	}
	if d.from > 0 {
		at("none", 0)
	}
	at("inline", d.from)
	if d.to < f.Frames-1 {
		at("none", d.to+1)
	}
	return attributes, fmt.Sprintf(`<animate attributeName="display" values="%s" keyTimes="%s" dur="%ss" calcMode="discrete"/>`,
		strings.Join(values, ";"), strings.Join(times, ";"), num(float64(f.Frames)*f.seconds))
}

// PNGFrame is frame i as PNG.
func (f *Film) PNGFrame(i int) ([]byte, error) {
	if i < 0 || i >= f.Frames {
		return nil, fmt.Errorf("draw: no frame %d of %d", i, f.Frames)
	}
	return f.canvas.png(i)
}

// GIF is the animation for places that know no SVG.
func (f *Film) GIF() ([]byte, error) {
	if pixels := float64(f.Frames) * f.canvas.width * f.canvas.height * Scale * Scale; pixels > 4e8 {
		return nil, fmt.Errorf("draw: %d frames are too many for a GIF", f.Frames)
	}
	out := gif.GIF{}
	for i := range f.Frames {
		img := f.canvas.raster(i)
		frame := f.canvas.paletted(img)
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
// keys, as HTML that fetches nothing. id must be unique on the page. Where
// scripts are not run, as in a notebook that is not trusted yet or on a
// repository's page, the still is seen.
func (f *Film) Steps(id string, w StepWords) (string, error) {
	svg, err := f.canvas.svg(f.Picture.Alt, -1, func(d during) (string, string) {
		if d.from > 0 {
			return ` display="none"`, ""
		}
		return "", ""
	})
	if err != nil {
		return "", err
	}
	still, err := f.Still()
	if err != nil {
		return "", err
	}
	var alts strings.Builder
	for _, s := range f.Alt {
		fmt.Fprintf(&alts, "<li>%s</li>", escape(s))
	}
	return strings.NewReplacer(
		"{id}", escape(id), "{w}", num(max(f.canvas.width, 380)), "{svg}", svg, "{png}", base64.StdEncoding.EncodeToString(still.PNG), "{alt}", escape(f.Picture.Alt),
		"{width}", fmt.Sprint(still.Width), "{height}", fmt.Sprint(still.Height), "{last}", fmt.Sprint(f.Frames-1), "{n}", fmt.Sprint(f.Frames),
		"{ms}", fmt.Sprint(int(f.seconds*1000)), "{alts}", alts.String(), "{step}", escape(w.Step), "{of}", escape(w.Of),
		"{play}", escape(w.Play), "{pause}", escape(w.Pause), "{back}", escape(w.Back), "{next}", escape(w.Next),
	).Replace(stepsHTML), nil
}

// A script finds its own step-through by id, so that many can be on a page. The
// step-through waits in a script that is only text, because what cleans pages of
// scripts would leave an SVG's words and the hidden list behind. Its style tells the
// pictures beside it which theme an exported notebook has: there they are images,
// which do not see it, and the course's own styles are not.
const stepsHTML = `<div id="{id}" class="convlab-steps" tabindex="0" style="position:relative;max-width:100%">
<img src="data:image/png;base64,{png}" width="{width}" height="{height}" alt="{alt}" style="max-width:100%;height:auto">
<script type="text/plain"><style>#{id}>svg{max-width:100%;height:auto}[data-jp-theme-light=true] .jp-RenderedSVG img{color-scheme:light}[data-jp-theme-light=false] .jp-RenderedSVG img{color-scheme:dark}</style>{svg}<div style="display:flex;gap:6px;align-items:center;margin-top:4px;flex-wrap:wrap;max-width:{w}px">
<button type="button" data-go="-1" aria-label="{back}">◀</button>
<button type="button" data-play>{play}</button>
<button type="button" data-go="1" aria-label="{next}">▶</button>
<input type="range" min="0" max="{last}" value="0" aria-label="{step}" style="flex:1;min-width:120px">
<span data-count>{step} 1 {of} {n}</span></div>
<div data-words aria-live="polite" style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"></div>
<ol hidden>{alts}</ol></script>
<script>(function(){
var root=document.getElementById("{id}");root.innerHTML=root.querySelector("script").textContent;
var frames=root.querySelectorAll("g.frame"),range=root.querySelector("input"),
words=root.querySelectorAll("li"),say=root.querySelector("[data-words]"),count=root.querySelector("[data-count]"),
play=root.querySelector("[data-play]"),at=0,timer=null;
function show(i){at=Math.max(0,Math.min({last},i));
frames.forEach(function(g){if(+g.dataset.from<=at&&at<=+g.dataset.to)g.removeAttribute("display");else g.setAttribute("display","none")});
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
