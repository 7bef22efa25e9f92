import { type Change, defineModule } from '../../core/module.js'
import { read } from '../../core/read.js'
import { quote, ShellText } from '../../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { damaged, notTextMessage } from '../support/edit.js'
import { grepFiles, greppedFiles } from '../support/grep-files.js'
import { nulSeparated } from '../support/nul-separated.js'
import { object, oneOf, str } from '../support/schema.js'
import { isLoaded, withLoad, withOptions, withoutLoad, withoutOptions } from './boot-modules.js'
import { type KernelModule, moduleState, seenAs } from './kernel-module.js'

interface Params {
  readonly name: string
  readonly state: 'present' | 'absent'
  readonly params: string
  readonly persistent: 'disabled' | 'present' | 'absent'
}

interface Seen {
  readonly kernel: KernelModule
  /** The files that name modules to load at boot, with their options' file; only where `persistent` asks. */
  readonly files: { readonly [path: string]: string }
}

type Modprobe = (Change & { readonly kind: 'load' | 'unload' }) | Edit

type Edit = Change &
  (
    | { readonly kind: 'persist'; readonly path: string; readonly text: string }
    | { readonly kind: 'remove'; readonly path: string }
  )

const loadFile = (name: string): string => `/etc/modules-load.d/${name}.conf`
const optionsFile = (name: string): string => `/etc/modprobe.d/${name}.conf`

/** Kernel modules, now and after a reboot. Source: modprobe(8), modules-load.d(5). */
export const modprobe = defineModule<Params, Seen, Modprobe>({
  name: 'modprobe',
  kind: 'state',
  doc: `Loads or unloads a kernel module, and has it loaded at boot.

A module counts as there by its effect: loaded, built into the kernel, or its file system or \`/proc/sys\` entries are there. Nothing is
loaded that is there already, so it works in machines that may not load modules. Of the files only the lines of this module are changed.`,
  params: object(
    {
      name: str('The module.', { pattern: '^[\\w-]+$', examples: ['br_netfilter'] }),
      state: oneOf('Whether it is in the running kernel.', ['present', 'absent'], 'present'),
      params: str('Parameters for it, as modprobe takes them.', { default: '', examples: ['numdummies=2'] }),
      persistent: oneOf(
        'Whether it is loaded at boot, by a line in `/etc/modules-load.d/NAME.conf`. `disabled` leaves that alone.',
        ['disabled', 'present', 'absent'],
        'disabled',
      ),
    },
    ['name'],
  ),
  examples: `- name: bridges pass through the firewall
  modprobe:
    name: br_netfilter
    persistent: present
`,

  parts: ({ name }) => [`modprobe ${name}`],
  writes: ({ name, persistent }) => [
    ...['/proc/', '/sys/', '/dev/'],
    ...(persistent === 'disabled' ? [] : [loadFile(name), optionsFile(name)]),
    ...(persistent === 'absent' ? ['/etc/modules', '/etc/modules-load.d/'] : []),
  ],
  probe: ({ name, persistent }) =>
    read(
      [
        moduleState(name),
        "printf '\\0'",
        persistent === 'disabled'
          ? ':'
          : `${grepFiles(new ShellText('/etc/modules /etc/modules-load.d/*.conf'), new ShellText(quote(optionsFile(name))))}; :`,
      ].join('\n'),
      raw => {
        const [state = '', files = ''] = nulSeparated(raw, 2)
        return { kernel: seenAs(raw, state), files: greppedFiles(files) }
      },
    ),

  plan(p, seen) {
    const changes: Modprobe[] = []
    if (p.state === 'present' && seen.kernel === 'absent') changes.push({ kind: 'load', summary: `load ${p.name}` })
    if (p.state === 'absent' && seen.kernel === 'built-in') return { refused: 'built-in', data: { module: p.name } }
    if (p.state === 'absent' && seen.kernel === 'loaded') changes.push({ kind: 'unload', summary: `unload ${p.name}` })
    const edits =
      p.persistent === 'present' ? kept(p, seen.files) : p.persistent === 'absent' ? forgotten(p.name, seen.files) : []
    const broken = edits.flatMap(({ path }) => damaged(path, seen.files[path]) ?? [])
    return broken[0] ?? { changes: [...changes, ...edits] }
  },

  async apply(change, { name, params }, host) {
    switch (change.kind) {
      case 'load':
        await host.run(['modprobe', name, ...params.split(/\s+/).filter(word => word !== '')])
        return
      case 'unload':
        await host.run(['modprobe', '-r', name])
        return
      case 'persist':
        await host.put(change.path, change.text)
        return
      case 'remove':
        await host.run(['rm', '-f', change.path])
        return
    }
  },

  value: p => ({ ...p }),

  messages: {
    codes: {
      'built-in': data => ({
        what: `${fieldOr(data, 'module')} is built into this kernel and cannot be unloaded`,
        remedy: 'leave the step out on this host (`when`)',
      }),
      'no-module': data => ({
        what: `kernel ${fieldOr(data, 'kernel', 'of this host')} has no module ${fieldOr(data, 'module')}`,
        remedy: `install the rest of this kernel's modules (RHEL: kernel-modules-extra-${fieldOr(data, 'kernel', '$(uname -r)')}; Ubuntu: linux-modules-extra-${fieldOr(data, 'kernel', '$(uname -r)')}), or reboot into the newest installed kernel`,
      }),
      'unknown-parameter': data => ({
        what: `${fieldOr(data, 'module', 'the module')} does not take these parameters`,
        remedy: '`modinfo -p` lists the parameters it takes',
      }),
      unsigned: () => ({
        what: 'the kernel loads signed modules only (Secure Boot), and this one is not signed by a key it trusts',
        remedy: 'install the distribution’s own module, or enrol its key with mokutil',
      }),
      'in-use': data => ({
        what: `${fieldOr(data, 'module')} is in use`,
        remedy: '`lsmod` says by what: stop that first',
      }),
      'not-allowed': () => ({
        what: 'this user, or this container, may not load kernel modules',
        remedy: 'add `become: true`; in a container load the module on the machine that runs it',
      }),
      ...notTextMessage,
      ...notRootMessage,
    },
    diagnose: diagnoseBy([
      { code: 'no-module', pattern: /Module (?<module>\S+) not found in directory \/lib\/modules\/(?<kernel>\S+)/ },
      { code: 'unsigned', pattern: /Required key not available|Key was rejected by service/ },
      { code: 'in-use', pattern: /Module (?<module>\S+) is in use/ },
      {
        code: 'unknown-parameter',
        pattern:
          /could not insert '(?<module>[^']+)': (?:Unknown symbol in module, or unknown parameter|Invalid argument)/,
      },
      { code: 'not-allowed', pattern: /could not (?:insert|remove) '[^']+': Operation not permitted/ },
      notRoot,
    ]),
  },
})

const kept = ({ name, params }: Params, files: Seen['files']): readonly Edit[] => {
  const changes: Edit[] = []
  const loaded = Object.entries(files).some(([path, text]) => path !== optionsFile(name) && isLoaded(text, name))
  const before = files[loadFile(name)] ?? ''
  if (!loaded) changes.push(writing(loadFile(name), files, withLoad(before, name), `load ${name} at boot`))
  const options = files[optionsFile(name)] ?? ''
  const after = params.trim() === '' ? options : withOptions(options, name, params)
  if (after !== options)
    changes.push(writing(optionsFile(name), files, after, `parameters of ${name} at boot: ${params}`))
  return changes
}

const writing = (path: string, files: Seen['files'], text: string, summary: string): Edit => ({
  kind: 'persist',
  path,
  text,
  summary,
  diff: { path, before: files[path], after: text },
})

/** A file that held nothing else goes. */
const forgotten = (name: string, files: Seen['files']): readonly Edit[] =>
  Object.entries(files)
    .map(([path, before]) => {
      const isOptions = path === optionsFile(name)
      return { path, before, after: isOptions ? withoutOptions(before, name) : withoutLoad(before, name) }
    })
    .filter(({ before, after }) => after !== before)
    .map(({ path, before, after }) => {
      const summary = `no longer load ${name} at boot`
      if (after.trim() !== '') return writing(path, files, after, summary)
      return { kind: 'remove', path, summary, diff: { path, before, after: undefined } }
    })
