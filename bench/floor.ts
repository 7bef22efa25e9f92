/**
 * The least work that such a program can do: `node floor.js SETTINGS.json` logs in to every host with ssh2, `atOnce`
 * hosts at a time, runs one command on each, prints its output, and ends. Any failure is exit code 1.
 */
import { readFileSync } from 'node:fs'
import pLimit from 'p-limit'
import ssh2 from 'ssh2'
import type { Fleet, Target } from './configs.js'

export interface Settings extends Fleet {
  readonly command: string
  readonly atOnce: number
}

const run = (target: Target, keys: ReadonlyMap<string, ReadonlySet<string>>, login: Login): Promise<void> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    const { address, port } = target
    const known = keys.get(port === 22 ? address : `[${address}]:${port}`)
    client.on('error', reject)
    client.on('ready', () =>
      client.exec(login.command, (error, channel) => {
        if (error !== undefined) return reject(error)
        let output = ''
        channel.on('data', (chunk: Buffer) => {
          output += chunk.toString()
        })
        channel.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk))
        channel.on('close', (code: number | null) => {
          client.end()
          process.stdout.write(`${target.name}\n${output}`)
          if (code === 0) resolve()
          else reject(new Error(`${target.name}: exit code ${code}`))
        })
      }),
    )
    client.connect({
      host: address,
      port,
      username: login.user,
      privateKey: login.privateKey,
      hostVerifier: (key: Buffer) => known?.has(key.toString('base64')) === true,
    })
  })

interface Login {
  readonly user: string
  readonly command: string
  readonly privateKey: Buffer
}

/** Name in known_hosts → its keys. */
const knownKeys = (text: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const keys = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [names = '', , key] = line.split(' ')
    if (key === undefined) continue
    for (const name of names.split(',')) keys.set(name, (keys.get(name) ?? new Set()).add(key))
  }
  return keys
}

const [, , path = ''] = process.argv
const { targets, user, key, knownHosts, command, atOnce } = JSON.parse(readFileSync(path, 'utf8')) as Settings
const keys = knownKeys(readFileSync(knownHosts, 'utf8'))
const login = { user, command, privateKey: readFileSync(key) }
const limit = pLimit(atOnce)
const ended = await Promise.allSettled(targets.map(target => limit(() => run(target, keys, login))))
for (const one of ended) {
  if (one.status === 'fulfilled') continue
  process.stderr.write(`${one.reason}\n`)
  process.exitCode = 1
}
