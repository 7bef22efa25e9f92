import type { Frame, Playback } from './frames.js'
import type { Row, Span } from './terminal.js'

export interface Picture extends Pick<Playback, 'columns' | 'rows'> {
  readonly frames: readonly Frame[]
  /** Seconds of one round. */
  readonly duration: number
  /** The alternative text. */
  readonly title: string
}

const size = 14
const advance = size * 0.6
const leading = 19
const margin = 16

/**
 * A film of terminal screens as an SVG without scripts and fonts: the frames are side by side, and CSS moves them one
 * at a time. With reduced motion, or without CSS, the last frame is shown.
 */
export const svgOf = ({ frames, columns, rows, duration, title }: Picture): string => {
  const width = Math.ceil(columns * advance) + 2 * margin
  const height = rows * leading + 2 * margin
  const known = new Map<string, string>()
  const lines = frames.map(({ screen }, at) =>
    screen.map((row, index) => placed(row, at * width + margin, margin + index * leading, known)).join(''),
  )
  const keys = frames.map(({ at }, index) => `${percent(at / duration)}{transform:translateX(${-index * width}px)}`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:space="preserve">
<title>${escaped(title)}</title>
<style>
text{font:${size}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d5d9e0;white-space:pre}
.bold{font-weight:700;fill:#fff}.dim{fill:#8b93a1}
.c1{fill:#f47067}.c2{fill:#6bc46d}.c3{fill:#daaa3f}.c4{fill:#6cb6ff}.c5{fill:#dcbdfb}.c6{fill:#56d4dd}
.film{animation:film ${duration.toFixed(1)}s step-end infinite}
@keyframes film{${keys.join('')}}
@media (prefers-reduced-motion:reduce){.film{animation:none}}
</style>
<defs>
${[...known].map(([content, id]) => `<text id="${id}" y="${size}">${content}</text>`).join('\n')}
</defs>
<rect width="${width}" height="${height}" rx="8" fill="#1c2128"/>
<g class="film" transform="translate(${-Math.max(0, frames.length - 1) * width} 0)">
${lines.map(one => `<g>${one}</g>`).join('\n')}
</g>
</svg>
`
}

/** A row at its position. Equal rows are written once. */
const placed = (row: Row, x: number, y: number, known: Map<string, string>): string => {
  if (row.length === 0) return ''
  const content = contentOf(row)
  const id = known.get(content) ?? `r${known.size}`
  known.set(content, id)
  return `<use href="#${id}" x="${x}" y="${y}"/>`
}

/** Each span has its own x, so that columns are aligned in every font. */
const contentOf = (row: Row): string => {
  let column = 0
  return row
    .map(({ text, style }) => {
      const x = Number((column * advance).toFixed(1))
      column += [...text].length
      return tspan({ text, style }, x)
    })
    .join('')
}

const tspan = ({ text, style }: Span, x: number): string =>
  text.trim() === '' ? '' : `<tspan x="${x}"${style === '' ? '' : ` class="${style}"`}>${escaped(text)}</tspan>`

const percent = (part: number): string => `${Number((part * 100).toFixed(2))}%`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
