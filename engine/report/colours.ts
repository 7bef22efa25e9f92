import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Paints text for a terminal, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

export const painter = (colours: boolean): Paint =>
  colours ? (style, text) => styleText(style, text) : (_, text) => text

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
