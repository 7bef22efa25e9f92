import { basename } from 'node:path'

/**
 * Whether a line of a user's file may be shown. Files and lines that may contain a secret are not shown, since output
 * ends up in the logs of CI servers.
 */
export const mayShow = (file: string, line: string): boolean => !holdsVariables(file) && isStructure(line)

/** Whether a message may quote a part of the line. */
export const mayRepeat = (file: string, line: string): boolean =>
  mayShow(file, line) || (!holdsVariables(file) && line.length < shortest && !secretWords.test(line))

const holdsVariables = (file: string): boolean =>
  file === '-e' ||
  /(?:^|\/)(?:group_vars|host_vars|vars|defaults|inventory|inventories)\//.test(file) ||
  /^(?:hosts|inventory)\.|vault|secret|credential|^vars\b/i.test(basename(file))

const secretWords = /pass|secret|token|credential|private|vault|key/i

/** A line without colon, dash or brace may be part of a key or a certificate. */
const isStructure = (line: string): boolean => line !== '' && /[:{%]|^\s*- /.test(line) && !secretWords.test(line)

/** Characters; lines of keys and certificates are longer. */
const shortest = 30

/**
 * Whether `no_log` is set anywhere in the text. In text that is not valid YAML it is not known which part it covers.
 */
export const saysNoLog = (text: string): boolean => /\bno_log\s*:\s*(?!(?:false|no|off)\b)/i.test(text)
