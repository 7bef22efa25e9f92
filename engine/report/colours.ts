import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Paints text for a terminal, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

export const painter = (colours: boolean): Paint =>
  // The caller decided; Node would decide anew, by its own look at the terminal.
  colours ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text

export const styleOf = {
  ok: 'green',
  changed: 'yellow',
  'would-change': 'yellow',
  unknown: 'magenta',
  skipped: 'cyan',
  failed: 'red',
  ignored: 'cyan',
  rescued: 'yellow',
  unreachable: 'red',
} as const
