import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Adds colour codes for a terminal, or returns the text as it is. */
export type Paint = (style: Style, text: string) => string

export const painter = (colours: boolean): Paint =>
  // The caller has decided. With `validateStream` Node would check the terminal again.
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
