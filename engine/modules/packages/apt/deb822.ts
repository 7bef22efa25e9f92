import type { JsonObject } from '../../../core/json.js'
import { bool, list, mode, oneOf, str } from '../../support/schema.js'

export interface Deb822Params {
  readonly name: string
  readonly state: 'present' | 'absent'
  readonly types: readonly string[]
  readonly uris?: readonly string[]
  readonly suites?: readonly string[]
  readonly components?: readonly string[]
  readonly architectures?: readonly string[]
  readonly languages?: readonly string[]
  readonly signed_by?: string
  readonly key_checksum?: string
  readonly enabled?: boolean
  readonly trusted?: boolean
  readonly check_valid_until?: boolean
  readonly mode?: string
  readonly update_cache: boolean
}

export const deb822Properties: JsonObject = {
  name: str('Its name; that of the file, too.', { minLength: 1 }),
  state: oneOf('Whether it is there.', ['present', 'absent'], 'present'),
  types: list('`deb`, `deb-src`.', { default: ['deb'], items: { enum: ['deb', 'deb-src'] } }),
  uris: list('Where it is.', { examples: [['https://deb.debian.org/debian']] }),
  suites: list('Suites; `./` for a repository without them.', { examples: [['bookworm']] }),
  components: list('Components.', { examples: [['main']] }),
  architectures: list('Only these architectures.'),
  languages: list('Only these translations; `none` for none.'),
  signed_by: str('The key: a URL, its text, or a path on the host.', {
    pattern: '^(/|https?://|file://|\\s*-----BEGIN PGP PUBLIC KEY BLOCK-----)',
    title: 'key (a URL, a path on the host, or the armored key itself)',
  }),
  key_checksum: str('sha256 of the key’s file on the host.', { pattern: '^(sha256:)?[0-9a-fA-F]{64}$' }),
  enabled: bool('Whether apt uses it.'),
  trusted: bool('Whether its packages are installed without a signature.'),
  check_valid_until: bool('Whether lists may expire.'),
  mode: mode('Permissions of the file.'),
  update_cache: bool('Fetch the package lists after a change.', false),
}

/** The file, field by field. */
export const sourcesText = (p: Deb822Params, signedBy: string | undefined): string => {
  const fields: readonly (readonly [string, readonly string[] | boolean | string | undefined])[] = [
    ['X-Repolib-Name', p.name],
    ['Enabled', p.enabled],
    ['Types', p.types],
    ['URIs', p.uris],
    ['Suites', p.suites],
    ['Components', p.components],
    ['Architectures', p.architectures],
    ['Languages', p.languages],
    ['Signed-By', signedBy],
    ['Trusted', p.trusted],
    ['Check-Valid-Until', p.check_valid_until],
  ]
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${said(value)}\n`])).join('')
}

const said = (value: readonly string[] | boolean | string): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : value.join(' ')
}
