import fc from 'fast-check'
import type { JsonObject } from '../../../../engine/core/json.js'
import { edited } from '../foreign.js'
import type { Family, Situation } from '../laws.js'
import { optionally, people } from './paths.js'

const path = '/srv/edited'

const world = edited(path, {
  own: ['alpha', 'x = 1', 'alpha beta', '# BEGIN ANSIBLE MANAGED BLOCK\none\n# END ANSIBLE MANAGED BLOCK'],
})

/** Of other people's lines they match none, were it not for ends of lines that are none. */
const patterns = fc.constantFrom('^alpha', '^x = (.*)$', 'nothing like it', '^$', '^alpha( beta)?$')

const more = { backup: fc.boolean(), create: fc.boolean() }

const onFile = (module: string, params: fc.Arbitrary<object>): fc.Arbitrary<Situation> =>
  fc.tuple(world, params).map(([entries, given]) => ({
    world: [...people, ...entries],
    tasks: [{ module, params: { path, ...given } as JsonObject }],
    repeats: module === 'blockinfile' && hasNoBlock(given),
  }))

const place = fc.oneof(
  fc.constant({}),
  fc.record({ insertafter: fc.oneof(fc.constantFrom('EOF', 'BOF'), patterns) }),
  fc.record({ insertbefore: fc.oneof(fc.constant('BOF'), patterns) }),
)

/** Ansible ends the last line, and puts blank lines in, also where there is no block for them to be around. */
export const hasNoBlock = (params: { readonly block?: unknown; readonly state?: unknown }): boolean =>
  params.block === '' || params.state === 'absent'

const both = (...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map(all => Object.assign({}, ...all))

/** What else is in a file stays as it is, whatever the end of its lines. */
export const edits: Family = {
  'lineinfile among other lines': onFile(
    'lineinfile',
    both(
      place,
      fc.oneof(
        fc.record({ line: fc.constantFrom('alpha', 'delta') }),
        fc.record({ line: fc.constant('x = \\1'), regexp: fc.constant('^x = (.*)$'), backrefs: fc.boolean() }),
        fc.record({ line: fc.constant('alpha'), regexp: fc.constantFrom('^alpha', '^alpha( beta)?$') }),
        fc.record({ regexp: patterns, state: fc.constant('absent') }),
        fc.record({ line: fc.constantFrom('alpha', 'delta'), state: fc.constant('absent') }),
      ),
      optionally({ ...more, firstmatch: fc.boolean() }),
    ),
  ),
  'replace among other lines': onFile(
    'replace',
    both(
      fc.record({ regexp: fc.constantFrom('^alpha', '^x = (.*)$', '^alpha( beta)?$', 'nothing like it') }),
      optionally({
        backup: fc.boolean(),
        replace: fc.constantFrom('', 'omega', '\\\\'),
        after: fc.constant('x = 1\n'),
      }),
    ),
  ),
  'blockinfile among other lines': onFile(
    'blockinfile',
    both(
      place,
      fc.record({ block: fc.constantFrom('', 'one', 'one\ntwo\n') }),
      optionally({
        ...more,
        state: fc.constantFrom('present', 'absent'),
        append_newline: fc.boolean(),
        prepend_newline: fc.boolean(),
      }),
    ),
  ),
}
