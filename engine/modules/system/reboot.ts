import { ApplyFailed, TkplayError } from '../../core/failure.js'
import { type Change, defineModule, type Session } from '../../core/module.js'
import { output, text } from '../../core/read.js'
import { sleep } from '../../core/timer.js'
import { quote, ShellText, sh } from '../../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { inert, int, object, str } from '../support/schema.js'

interface Params {
  readonly reboot_timeout: number
  readonly pre_reboot_delay: number
  readonly post_reboot_delay: number
  readonly test_command: string
  readonly reboot_command?: string
  readonly msg: string
}

type Reboot = Change & { readonly kind: 'reboot'; readonly boot: string }

const bootId = '/proc/sys/kernel/random/boot_id'

/** Restarts the machine and waits for it. Source: shutdown(8), random(4) on boot_id. */
export const reboot = defineModule<Params, string, Reboot>({
  name: 'reboot',
  kind: 'action',
  doc: `Restarts the machine, and goes on when it is back.

Back is: another boot by the kernel's own count, and \`test_command\` succeeds. It restarts each time the step is reached: put a \`when\`
on it, or make it a handler. The machine that tkplay runs on is never restarted (\`connection: local\`).`,
  params: object({
    reboot_timeout: int('Seconds until it must be back.', { minimum: 1, default: 600 }),
    pre_reboot_delay: int('Seconds to wait before.', { minimum: 0, default: 0 }),
    post_reboot_delay: int('Seconds to wait after it is back.', { minimum: 0, default: 0 }),
    test_command: str('What must succeed before the play goes on.', { default: 'true' }),
    reboot_command: str('What restarts it; `shutdown -r now` by default.'),
    msg: str('What users who are logged in read.', { default: 'Reboot initiated by tkplay' }),
    boot_time_command: inert('the kernel’s own count of boots is asked'),
    connect_timeout: inert('each try to connect has its own limit of time; `reboot_timeout` is that of all'),
    search_paths: inert('`shutdown` is found by PATH; `reboot_command` names another'),
  }),
  examples: `- name: into the new kernel
  reboot:
    reboot_timeout: 300
`,

  refusedHere: 'here',
  probe: () => output(`cat ${bootId}`),

  plan: (_params, boot) => ({ changes: [{ kind: 'reboot', boot, summary: 'restart the machine' }] }),

  async apply(change, p, host) {
    const from = performance.now()
    await sleep(p.pre_reboot_delay * 1000)
    const command = p.reboot_command ?? sh`shutdown -r now ${p.msg}`
    // Detached, and a second late: the answer must be on its way before the network goes.
    await host.shell(sh`[ "$(id -u)" -eq 0 ] || { echo "must be root" >&2; exit 1; }
setsid sh -c ${new ShellText(quote(`sleep 1; ${command}`))} </dev/null >/dev/null 2>&1 &`)
    await back(change.boot, p, host, from)
    await sleep(p.post_reboot_delay * 1000)
    return { rebooted: true, elapsed: Math.round((performance.now() - from) / 1000) }
  },

  value: (_params, _seen, applied) => applied[0] ?? { rebooted: false },

  messages: {
    codes: {
      ...notRootMessage,
      here: () => ({
        what: 'this would restart the machine that tkplay runs on (its connection is local)',
        remedy: 'leave that host out (`hosts: all:!localhost`), or restart it by hand',
      }),
      'not-restarted': data => ({
        what: `the machine answers, and has not restarted after ${fieldOr(data, 'seconds')} s`,
        remedy:
          'see what `reboot_command` says there; if the machine only takes longer to go down, raise `reboot_timeout`',
      }),
      'test-failed': data => ({
        what: `the machine is back, and after ${fieldOr(data, 'seconds')} s \`test_command\` still fails: ${fieldOr(data, 'command')}`,
        remedy: 'run it on the host to see why; if it only needs longer, raise `reboot_timeout`',
      }),
      'not-back': data => ({
        what: `the machine was not back after ${fieldOr(data, 'seconds')} s`,
        remedy: 'look at its console; if it only takes longer, raise `reboot_timeout`',
      }),
    },
    diagnose: diagnoseBy([notRoot]),
  },
})

/** Asks until the kernel counts another boot; a machine that is going down answers late, or not at all. */
const back = async (boot: string, p: Params, host: Session, from: number): Promise<void> => {
  const end = from + p.reboot_timeout * 1000
  let last: Stage = 'not-back'
  let failed: ApplyFailed | undefined
  host.progress('restarting')
  while (performance.now() < end) {
    await sleep(1500)
    await host.reconnect()
    try {
      const now = await host.run(['cat', bootId], { timeout: 10_000 })
      if (text(now.stdout).trim() === boot) {
        last = 'not-restarted'
        continue
      }
      if (last !== 'test-failed') host.progress('back, waiting for test_command')
      last = 'test-failed'
      await host.shell(p.test_command, { timeout: 30_000 })
      return
    } catch (error) {
      if (!isPassing(error)) throw error
      if (error instanceof ApplyFailed) failed = error
      // It answered before it went down.
      else if (last === 'not-restarted') last = 'not-back'
    }
  }
  throw notBack(last, p, failed)
}

type Stage = 'not-back' | 'not-restarted' | 'test-failed'

/** What goes by itself while a machine starts. */
const isPassing = (error: unknown): boolean =>
  error instanceof TkplayError && ['unreachable', 'timeout', 'apply-failed'].includes(error.failure.kind)

const notBack = (code: Stage, p: Params, failed: ApplyFailed | undefined): ApplyFailed => {
  const isTest = code === 'test-failed'
  const silent = { rc: 1, stdout: new Uint8Array(), stderr: new Uint8Array() }
  const command = isTest ? p.test_command : (p.reboot_command ?? 'shutdown -r now')
  const data = { seconds: String(p.reboot_timeout), command: p.test_command }
  return new ApplyFailed(command, isTest ? (failed?.raw ?? silent) : silent, { diagnosis: { code, data } })
}
