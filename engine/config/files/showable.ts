import { basename } from 'node:path'

/** Whether a line of a user's file may be shown. Files and lines that may hold a secret are not: output ends up in the logs of a CI. */
export const mayShow = (file: string, line: string): boolean => !holdsVariables(file) && isStructure(line)

/** Whether a message may repeat a part of the line. */
export const mayRepeat = (file: string, line: string): boolean =>
  mayShow(file, line) || (!holdsVariables(file) && line.length < shortest && !secretWords.test(line))

const holdsVariables = (file: string): boolean =>
  file === '-e' ||
  /(?:^|\/)(?:group_vars|host_vars|vars|defaults|inventory|inventories)\//.test(file) ||
  /^(?:hosts|inventory)\.|vault|secret|credential|^vars\b/i.test(basename(file))

const secretWords = /pass|secret|token|credential|private|vault|key/i

/** One without a colon, a dash or a brace may be part of a key or a certificate, */
const isStructure = (line: string): boolean => line !== '' && /[:{%]|^\s*- /.test(line) && !secretWords.test(line)

/** whose lines are longer than this. */
const shortest = 30

/** Whether a part of the text says no_log: of one that is not YAML it is not known which. */
export const saysNoLog = (text: string): boolean => /\bno_log\s*:\s*(?!(?:false|no|off)\b)/i.test(text)
