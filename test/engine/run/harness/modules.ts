import type { Json } from '../../../../engine/core/json.js'
import { type AnyModule, all, type Change, defineModule, nothing } from '../../../../engine/core/module.js'
import { read, text } from '../../../../engine/core/read.js'
import { sh } from '../../../../engine/shell/quote.js'

interface Setting {
  readonly key: string
  readonly value: string
  readonly after?: string
}
type SetIt = Change & { readonly kind: 'set' }

/** A state module over `get` and `set`. `after`: a setting that must be there first. */
export const setting = defineModule<Setting, { readonly now: string; readonly after: string }, SetIt>({
  name: 'setting',
  doc: 'A setting of the fake host.',
  kind: 'state',
  params: {
    type: 'object',
    properties: { key: { type: 'string' }, value: { type: 'string' }, after: { type: 'string' } },
  },
  probe: ({ key, after }) =>
    all({
      now: read(sh`get ${key}`, raw => text(raw.stdout)),
      after: read(sh`get ${after ?? key}`, raw => text(raw.stdout)),
    }),
  plan({ key, value, after }, seen) {
    if (after !== undefined && seen.after === '') return { needs: `the setting ${after}` }
    return { changes: seen.now === value ? [] : [{ kind: 'set', summary: `${key}: ${seen.now} → ${value}` }] }
  },
  apply: async (_, { key, value }, host) => void (await host.run(['set', key, value])),
  value: ({ key }, { now }) => ({ key, now }),
})

/** The same, seen on the control plane and of the whole cluster. */
export const clusterSetting: AnyModule = {
  ...setting,
  name: 'cluster_setting',
  affects: 'cluster',
  probe: ({ key }: Setting) =>
    all({
      now: read(sh`get ${key}`, raw => text(raw.stdout), { on: 'a', scope: 'cluster' }),
      after: read(sh`get ${key}`, raw => text(raw.stdout), { on: 'a', scope: 'cluster' }),
    }),
  apply: async (_: Change, { key, value }: Setting, host) => void (await host.run(['set', key, value])),
}

type Act = Change & { readonly kind: 'run' }

export const act = defineModule<{ readonly cmd: string; readonly fail: boolean }, unknown, Act>({
  name: 'act',
  doc: 'An action.',
  kind: 'action',
  params: { type: 'object', properties: { cmd: { type: 'string' } } },
  probe: () => nothing as never,
  plan: ({ cmd }) => ({ changes: [{ kind: 'run', summary: `runs ${cmd}` }] }),
  async apply(_, { cmd }, host) {
    const raw = await host.run(['act', cmd], { ok: 'any' })
    const failed: { readonly [key: string]: Json } = raw.rc === 0 ? {} : { failed: true, msg: 'non-zero return code' }
    return { rc: raw.rc, cmd, stdout: text(raw.stdout), stderr: text(raw.stderr), ...failed }
  },
})
