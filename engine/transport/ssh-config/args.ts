import { ConfigError } from '../../core/failure.js'
import { argsOf, type SshSettings } from './parse.js'

export interface SshArgs {
  /** Settings of the arguments; they win over all files. */
  readonly settings: SshSettings
  /** -F: the file to read instead of the user's and the system's. */
  readonly configFile?: string
}

/** Options that have the meaning of a configuration keyword. */
const keywords: { readonly [flag: string]: string } = {
  J: 'proxyjump',
  i: 'identityfile',
  p: 'port',
  l: 'user',
  b: 'bindaddress',
  B: 'bindinterface',
  c: 'ciphers',
  m: 'macs',
}
const families: { readonly [flag: string]: string } = { 4: 'inet', 6: 'inet6' }
/** Options without effect in tkplay: terminal, forwarding, compression, verbosity. */
const idle = /^-[CTtqv46aAxXnN]+$/
const several = new Set(['identityfile', 'certificatefile', 'sendenv', 'setenv'])

/** Parses the words of `ansible_ssh_common_args` and the like. @throws ConfigError for a word that is not supported */
export const parseSshArgs = (words: readonly string[]): SshArgs => {
  const settings = new Map<string, readonly string[]>()
  let configFile: string | undefined
  const set = (keyword: string, value: readonly string[]): void => {
    if (several.has(keyword)) settings.set(keyword, [...(settings.get(keyword) ?? []), ...value])
    else if (!settings.has(keyword)) settings.set(keyword, value)
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (idle.test(word)) {
      const family = /[46](?=[^46]*$)/.exec(word)?.[0]
      if (family !== undefined) set('addressfamily', [families[family] ?? 'any'])
      continue
    }
    const [, flag = '', joined = ''] = /^-([oJFiplbBcm])(.*)$/s.exec(word) ?? []
    if (flag === '')
      throw new ConfigError({
        message: `ssh argument '${word}' is not supported`,
        hint: 'supported are -o Key=Value, -J, -F, -i, -p, -l, -b, -c, -m, -4 and -6; put other settings into ~/.ssh/config',
      })
    if (joined === '') at += 1
    const value = joined === '' ? words[at] : joined
    if (value === undefined) throw new ConfigError({ message: `ssh argument '${word}' lacks its value` })
    if (flag === 'F') configFile = value
    else if (flag !== 'o') set(keywords[flag] ?? '', [value])
    else {
      const [, key, rest] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/s.exec(value) ?? []
      if (key === undefined || rest === undefined)
        throw new ConfigError({ message: `ssh option '${value}' is not of the form Key=Value` })
      set(key.toLowerCase(), argsOf(key.toLowerCase(), rest))
    }
  }
  return { settings, ...(configFile === undefined ? {} : { configFile }) }
}
