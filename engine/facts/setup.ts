import type { JsonSchema } from '../core/json.js'
import { defineModule, type Facts } from '../core/module.js'
import { boundedTest } from '../python/bounded-regex.js'
import { factsOf } from './facts.js'
import { subsetNames } from './subsets.js'

interface Params {
  readonly filter: readonly string[]
  readonly gather_subset: readonly string[]
}

const without = (why: string): JsonSchema => ({ description: `Has no effect: ${why}.`, inert: why })

/**
 * Gathers facts as a task, like Ansible's `setup`. All facts come in one read; those that are not asked for are
 * dropped.
 */
export const setup = defineModule<Params, Facts, never>({
  name: 'setup',
  aliases: ['gather_facts'],
  kind: 'state',
  verify: 'strict',
  doc: 'Gathers facts about the host: `ansible_facts`, and each of them as a variable `ansible_NAME`.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      filter: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Only facts whose names match one of these globs, with or without `ansible_`.',
        examples: [['ansible_distribution*']],
      },
      gather_subset: {
        type: 'array',
        items: { enum: subsetNames },
        default: ['all'],
        description:
          'Which facts: `all`, `min`, `hardware`, `network`, `virtual`, …; `!NAME` leaves one out, and `min` is always included without `!min`. A subset saves no time, since all facts come in one read.',
        examples: [['!all', 'network']],
      },
      fact_path: without('local facts (/etc/ansible/facts.d) are not read; `slurp` a file of them'),
      gather_timeout: without('facts come in one read, which has its own time limit'),
    },
  } satisfies JsonSchema,
  examples: `
- name: Look again after the upgrade
  setup:
    filter: [ansible_kernel, ansible_memtotal_mb]
`,
  writes: [],
  probe: ({ gather_subset }) => factsOf(gather_subset),
  plan: () => ({ changes: [] }),
  apply: async () => {},
  value: ({ filter }, seen) => ({
    ansible_facts: Object.fromEntries(
      Object.entries(seen)
        .map(([name, value]) => [`ansible_${name}`, value] as const)
        .filter(([name]) => filter.length === 0 || filter.some(glob => matches(glob, name))),
    ),
  }),
})

const matches = (glob: string, name: string): boolean => {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('[!', '[^')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return [`^${pattern}$`, `^ansible_${pattern}$`].some(one => boundedTest(new RegExp(one), name, glob))
}
