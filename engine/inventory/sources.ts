import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { isFolder, type ReadOptions, readStart } from '../config/files/local-file.js'
import { didYouMeanFile } from '../config/files/near-file.js'
import { namesIn, readText } from '../config/files/text.js'
import { ConfigError } from '../core/failure.js'
import type { Builder } from './builder.js'
import { readIni } from './ini.js'
import { readScript } from './script.js'
import { readYamlInventory } from './yaml.js'

/**
 * Reads one `-i`: a file, a folder of files, an executable, or `host1,host2,`.
 * @returns the folder that contains group_vars and host_vars; undefined for a list of hosts
 */
export const readSource = async (source: string, builder: Builder): Promise<string | undefined> => {
  if (source.includes(',')) {
    const at = { file: '-i', line: 1, col: 1 }
    const group = builder.define('ungrouped', at)
    const seen = new Map()
    for (const name of source.split(',').map(one => one.trim()))
      if (name !== '') builder.addHosts(name, at, group, seen)
    return undefined
  }
  const kind = await kindOf(source)
  if (kind === 'folder') await readFolder(source, builder)
  else await readFile(source, builder, { pipe: true })
  return kind === 'folder' ? source : dirname(source)
}

const kindOf = async (path: string): Promise<'file' | 'folder'> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    throw new ConfigError({
      message: `no such inventory: ${path}`,
      source: { file: path, line: 1, col: 1 },
      hint: didYouMeanFile(path) ?? `check the path; a host by name is given with a comma at the end: -i ${path},`,
    })
  }
}

/**
 * Files in an inventory folder that are no inventories. As in Ansible, `.ini` and `.cfg` are settings of inventory
 * scripts.
 */
const ignored = new Set([
  '.ini',
  '.cfg',
  '.retry',
  '.orig',
  '.bak',
  '.swp',
  '.pyc',
  '.md',
  '.txt',
  '.rst',
  '.rpm',
  '.pub',
  '.key',
  '.pem',
])
const notInventories = new Set(['group_vars', 'host_vars', 'known_hosts', 'README', 'LICENSE'])

const readFolder = async (folder: string, builder: Builder): Promise<void> => {
  let read = 0
  for (const name of namesIn(folder)) {
    if (notInventories.has(name) || name.startsWith('.') || name.endsWith('~') || name.startsWith('id_')) continue
    if (ignored.has(extname(name))) {
      if (/^\.(?:ini|cfg)$/.test(extname(name))) {
        builder.warnings.push({
          message: `${join(folder, name)} is not read: in a folder, .ini and .cfg files are settings of scripts`,
          source: { file: join(folder, name), line: 1, col: 1 },
          hint: 'if it is an inventory, take its ending off',
        })
      }
      continue
    }
    const path = join(folder, name)
    read++
    if (isFolder(path)) await readFolder(path, builder)
    else await readFile(path, builder)
  }
  if (read === 0) {
    builder.problem(
      `no inventory in the folder ${folder}`,
      { file: folder, line: 1, col: 1 },
      `add ${join(folder, 'hosts.yml')}`,
    )
  }
}

const readFile = async (path: string, builder: Builder, options: ReadOptions = {}): Promise<void> => {
  if (await isScript(path)) return readScript(path, builder)
  const text = readText(path, path, options)
  if (isYaml(path, text)) readYamlInventory(text, path, builder)
  else readIni(text, path, builder)
}

/**
 * Whether a file is a script: executable, and beginning with `#!` or as an ELF file. The mode bit alone is not enough,
 * since shared folders often set it on all files.
 */
const isScript = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK)
  } catch {
    return false
  }
  if (!(await stat(path)).isFile()) return false
  const start = readStart(path, 4).toString('latin1')
  return start.startsWith('#!') || start === '\x7fELF'
}

/** Whether a file is YAML, by its extension; without one, by its first line that is not a comment. */
const isYaml = (path: string, text: string): boolean => {
  const ending = extname(path)
  if (['.yml', '.yaml', '.json'].includes(ending)) return true
  if (ending === '.ini') return false
  const first = text.split('\n').find(line => !/^\s*(?:[#;].*)?$/.test(line)) ?? ''
  return /^(?:---|\{|["']?[\w.-]+["']?\s*:(?:\s|$))/.test(first)
}
