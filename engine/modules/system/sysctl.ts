import { posix } from 'node:path'
import type { Json } from '../../core/json.js'
import { type Change, defineModule, type Missing } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { quote, ShellText, sh } from '../../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { damaged, notTextMessage } from '../support/edit.js'
import { needsFolder } from '../support/needs.js'
import { catIfThere, contents, nulSeparated } from '../support/nul-separated.js'
import { bool, object, oneOf, path, str, whenever } from '../support/schema.js'
import { type BootFile, bootFiles, lastWordOn, printBootFilesAfter, sysctlPath } from './sysctl-at-boot.js'

interface Params {
  readonly name: string
  readonly value?: string | number | boolean
  readonly state: 'present' | 'absent'
  readonly sysctl_file: string
  readonly sysctl_set: boolean
  readonly reload: boolean
  readonly ignoreerrors: boolean
  readonly last_at_boot: boolean
}

interface Seen {
  /** Absent: the kernel has no such parameter, or does not show it. */
  readonly live?: string | undefined
  readonly file?: string | undefined
  /** What is read at boot after this file; only where it is asked for. */
  readonly boot?: readonly BootFile[]
  /** Nobody may read it, root neither: writing does something once. */
  readonly writeOnly?: true
  /** Whether the parameter's own folder is there, where the parameter is not: then nothing needs to be loaded. */
  readonly folder?: true
  /** Whether the folder of the file that keeps it is missing. */
  readonly noParent?: true
}

type Sysctl = Change &
  ({ readonly kind: 'set'; readonly value: string } | { readonly kind: 'persist'; readonly text: string })

/** Source: the kernel's sysctl tables, mode 0200 (net/ipv4/route.c, net/ipv6/route.c, kernel/sysctl.c). */
const knownWriteOnly = /^\/proc\/sys\/(?:net\/ipv[46]\/route\/flush|vm\/(?:compact_memory|drop_caches))$/

/** Kernel parameters, now and after a reboot. Source: sysctl(8), sysctl.d(5). */
export const sysctl = defineModule<Params, Seen, Sysctl>({
  name: 'sysctl',
  kind: ({ name }) => (knownWriteOnly.test(sysctlPath(name)) ? 'action' : 'state'),
  // One that the list does not know is found by its permissions; what was written cannot be looked at either.
  verify: (_params, { writeOnly }) => (writeOnly === true ? 'lenient' : 'strict'),
  doc: `Sets a kernel parameter in the running kernel and in a file that is read at boot.

\`reload: false\` leaves the running kernel alone, unless \`sysctl_set\` is true. \`state: absent\` takes the line out of the file; the
running kernel keeps its value. A parameter that nobody may read (\`net.ipv4.route.flush\`) is written each time. The file is \`/etc/sysctl.d/99-tkplay.conf\` by default: not every distribution reads
\`/etc/sysctl.conf\` at boot any more.`,
  params: object(
    {
      name: str('The parameter, with dots or slashes.', {
        pattern: '^[\\w./*:@-]+$',
        examples: ['net.ipv4.ip_forward'],
        aliases: ['key'],
      }),
      value: {
        type: ['string', 'integer', 'boolean'],
        description: 'What it shall be; true and false are 1 and 0.',
        aliases: ['val'],
      },
      state: oneOf('Whether the file has a line for it.', ['present', 'absent'], 'present'),
      sysctl_file: path('The file that keeps it.', { default: '/etc/sysctl.d/99-tkplay.conf' }),
      sysctl_set: bool('Set the running kernel even where `reload` is false.', false),
      reload: bool('Bring the running kernel to the value too.', true),
      ignoreerrors: bool('A parameter that this kernel does not have, or does not take, is not a failure.', false),
      last_at_boot: bool(
        'It is a failure if a file that systemd reads after this one sets the parameter to another value at boot.',
        false,
      ),
    },
    ['name'],
    { allOf: [whenever('state', ['present'], { required: ['value'] }, { orAbsent: true })] },
  ),
  examples: `- name: let packets pass
  sysctl:
    name: net.ipv4.ip_forward
    value: 1

- name: in a file of its own
  sysctl:
    name: vm.max_map_count
    value: 262144
    sysctl_file: /etc/sysctl.d/90-search.conf

- name: no longer set at boot
  sysctl:
    name: vm.swappiness
    state: absent
`,

  parts: ({ name }) => [`sysctl ${sysctlPath(name)}`],
  writes: ({ sysctl_file }) => [sysctl_file, '/proc/sys/'],
  probe: ({ name, sysctl_file, state, last_at_boot }) =>
    read(
      [
        sh`p=${sysctlPath(name)}`,
        sh`n= w=
if [ ! -e "$p" ]; then
  if [ -d ${folderOf(name)} ]; then n=folder; fi
elif [ ! -r "$p" ] && case $(stat -c %a -- "$p") in *[4-7]*) false ;; esac; then w=write-only
else printf = && cat "$p" || exit 1; fi
printf '\0%s\0%s\0' "$n" "$w"
[ -d ${posix.dirname(sysctl_file)} ] || printf missing
printf '\0'`,
        sh`${new ShellText(catIfThere(quote(sysctl_file)))}`,
        ...(last_at_boot && state === 'present' ? [String.raw`printf '\0'`, printBootFilesAfter(sysctl_file)] : []),
      ].join('\n'),
      raw => {
        const [live, folder, writeOnly, parent, file] = nulSeparated(raw, 5)
        return omitUndefined({
          live: contents(live),
          file: contents(file),
          folder: folder === 'folder' || undefined,
          writeOnly: writeOnly === 'write-only' || undefined,
          noParent: parent === 'missing' || undefined,
          boot: last_at_boot && state === 'present' ? bootFiles(raw, 5) : undefined,
        }) as Seen
      },
    ),

  plan(p, { live, file, folder, writeOnly, noParent, boot = [] }) {
    const { name, sysctl_file } = p
    const broken = damaged(sysctl_file, file)
    if (p.state === 'absent') {
      const edits = persisted(sysctl_file, name, file, withoutSetting(file ?? '', name))
      return edits.length > 0 && broken !== undefined ? broken : { changes: edits }
    }
    const value = written(p.value ?? '')
    const last = lastWordOn(name, boot)
    if (last !== undefined && (last.value === undefined || words(last.value) !== words(value)))
      return { refused: 'not-last', data: { ...last, line: String(last.line), name, wanted: value, file: sysctl_file } }
    const changes: Sysctl[] = []
    if (noParent === true) return needsFolder(posix.dirname(sysctl_file))
    if (p.reload || p.sysctl_set) {
      if (writeOnly === true)
        changes.push({ kind: 'set', value, summary: `${name}: ${value} (it cannot be read, and is written each time)` })
      else if (live === undefined && !p.ignoreerrors) return absent(name, folder === true)
      if (live !== undefined && words(live) !== words(value)) {
        changes.push({ kind: 'set', value, summary: `${name}: ${words(live)} → ${value}` })
      }
    }
    const edits = persisted(sysctl_file, name, file, withSetting(file ?? '', name, value))
    return edits.length > 0 && broken !== undefined ? broken : { changes: [...changes, ...edits] }
  },

  async apply(change, p, host) {
    switch (change.kind) {
      case 'set':
        await host.run(['sysctl', '-w', `${p.name}=${change.value}`], p.ignoreerrors ? { ok: 'any' } : {})
        return
      case 'persist':
        await host.put(p.sysctl_file, change.text)
        return
    }
  },

  messages: {
    codes: {
      ...notTextMessage,
      ...notRootMessage,
      'not-last': data => ({
        what: `${fieldOr(data, 'path', 'another file')}:${fieldOr(data, 'line', '')} ${saidAtBoot(data)} at boot, after ${fieldOr(data, 'file', 'this one')} has set it to ${fieldOr(data, 'wanted', '')}`,
        remedy: `take that line out of ${fieldOr(data, 'path', 'the file')}`,
      }),
      invalid: data => ({
        what: `the kernel does not take this value for ${fieldOr(data, 'key', 'the parameter')}`,
        remedy: 'look up the range of the parameter in the kernel’s documentation (admin-guide/sysctl)',
      }),
      'read-only': data => ({
        what: `${fieldOr(data, 'key', '/proc/sys')} cannot be written here: /proc/sys is read-only, as in most containers`,
        remedy: 'set it on the machine that runs the container, or run the container privileged',
      }),
    },
    diagnose: diagnoseBy([
      {
        code: 'invalid',
        pattern: /setting key "(?<key>[^"]+)"[^\n]*: (?:Invalid argument|Numerical result out of range)/,
      },
      { code: 'read-only', pattern: /setting key "(?<key>[^"]+)"[^\n]*: Read-only file system/ },
      notRoot,
    ]),
  },
})

const saidAtBoot = (data: Json): string => {
  const name = fieldOr(data, 'name', 'the parameter')
  const value = fieldOr(data, 'value', '')
  return value === '' ? `takes ${name} back` : `sets ${name} to ${value}`
}

/** By its folder one can tell a wrong name from a module that is not loaded. */
const absent = (name: string, folder: boolean): Missing => {
  const ignore = `set \`ignoreerrors: true\` (there is no ${sysctlPath(name)})`
  if (folder)
    return {
      needs: `a kernel that has ${name}`,
      at: [sysctlPath(name)],
      remedy: `correct the name (\`ls ${folderOf(name)}\` shows what there is), or ${ignore}`,
    }
  return {
    needs: `the kernel module or feature that brings ${name}`,
    at: [sysctlPath(name)],
    remedy: name.startsWith('net.bridge.')
      ? 'load br_netfilter in an earlier task (`modprobe: {name: br_netfilter, persistent: present}`)'
      : `load the module that brings it in an earlier task, correct the name, or ${ignore}`,
  }
}

const folderOf = (name: string): string => posix.dirname(sysctlPath(name))

/** As Ansible reads it: YAML’s booleans, and words that mean them, are 1 and 0. */
const written = (value: string | number | boolean): string => {
  const said = String(value).trim()
  if (/^(true|yes|on)$/i.test(said)) return '1'
  return /^(false|no|off)$/i.test(said) ? '0' : said
}

/** The kernel separates the words of a value by tabs. */
const words = (value: string): string => value.trim().split(/\s+/).join(' ')

const persisted = (path: string, name: string, before: string | undefined, after: string): readonly Sysctl[] =>
  after === (before ?? '')
    ? []
    : [{ kind: 'persist', text: after, summary: `${name} in ${path}`, diff: { path, before, after } }]

/** A leading dash lets sysctl go on after an error: the same setting. */
const keyOf = (line: string): string => (line.split('=')[0] ?? '').trim().replace(/^-\s*/, '')

/** Whether the line sets this parameter, with dots or slashes. */
const isOf = (line: string, name: string): boolean => sysctlPath(keyOf(line)) === sysctlPath(name)

/** The text with the setting in it: the very same text where it already says so. The last line wins at boot; others go. */
const withSetting = (text: string, name: string, value: string): string => {
  const lines = text.split('\n')
  const at = lines.findLastIndex(line => isOf(line, name))
  if (at === -1) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name} = ${value}\n`
  const said = (lines[at] ?? '').slice((lines[at] ?? '').indexOf('=') + 1)
  return words(said) === words(value) ? text : lines.with(at, `${name} = ${value}`).join('\n')
}

const withoutSetting = (text: string, name: string): string =>
  text
    .split('\n')
    .filter(line => !isOf(line, name))
    .join('\n')
