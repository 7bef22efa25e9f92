import { linesOf as physicalLines } from '../support/lines.js'

/**
 * The lines that belong to one kernel module in files that may hold others'. `-` and `_` are one in a module's name.
 * Source: modules-load.d(5), modprobe.d(5).
 */

/** A line that ends in a backslash goes on in the next. */
const linesOf = (text: string): readonly string[] => {
  const lines: string[] = []
  for (const line of physicalLines(text)) {
    const before = lines.at(-1)
    if (before?.endsWith('\\\n') === true) lines[lines.length - 1] = before + line
    else lines.push(line)
  }
  return lines
}

const kernelName = (name: string): string => name.replaceAll('-', '_')
const wordsOf = (line: string): readonly string[] => line.replaceAll('\\\n', ' ').trim().split(/\s+/)

const loads = (line: string, name: string): boolean => kernelName(line.trim()) === kernelName(name)

const sets = (line: string, name: string): boolean => {
  const [command, module = ''] = wordsOf(line)
  return command === 'options' && kernelName(module) === kernelName(name)
}

export const isLoaded = (text: string, name: string): boolean => linesOf(text).some(line => loads(line, name))

export const withLoad = (text: string, name: string): string => `${ended(text)}${name}\n`

export const withoutLoad = (text: string, name: string): string =>
  linesOf(text)
    .filter(line => !loads(line, name))
    .join('')

/** One line holds all parameters: it takes the place of those that there are for the module. The same text where it is so already. */
export const withOptions = (text: string, name: string, params: string): string => {
  const lines = linesOf(text)
  const own = lines.filter(line => sets(line, name))
  const wanted = ['options', name, ...wordsOf(params)].join(' ')
  if (
    own.length === 1 &&
    wordsOf(own[0] ?? '')
      .slice(2)
      .join(' ') === wordsOf(params).join(' ')
  )
    return text
  const at = lines.findIndex(line => sets(line, name))
  const others = lines.filter(line => !sets(line, name))
  const before = ended((at === -1 ? others : others.slice(0, at)).join(''))
  return `${before}${wanted}\n${at === -1 ? '' : others.slice(at).join('')}`
}

export const withoutOptions = (text: string, name: string): string =>
  linesOf(text)
    .filter(line => !sets(line, name))
    .join('')

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
