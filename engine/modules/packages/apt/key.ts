import { Buffer } from 'node:buffer'
import { posix } from 'node:path'
import { ApplyFailed } from '../../../core/failure.js'
import type { Change, Plan, Session } from '../../../core/module.js'
import { omitUndefined } from '../../../core/omit-undefined.js'
import { text } from '../../../core/read.js'
import { quote, ShellText, sh } from '../../../shell/quote.js'
import { foldersScript } from '../../../shell/safe-change.js'
import { sha256 } from '../../support/checksum.js'

/** Where a repository's key comes from, and where it goes. */
export interface KeyWanted {
  readonly path: string
  readonly url?: string
  /** The armored key itself. */
  readonly text?: string
  /** sha256 in hex of the file as it stands on the host. */
  readonly checksum?: string
}

export interface KeySeen {
  readonly sha256: string
  readonly form: 'armored' | 'binary' | 'neither'
  /** What the URL holds now, as it would be stored; only where nothing else tells whether the key is right. */
  readonly published?: { readonly sha256: string } | { readonly missing: string }
}

export type KeyChange = Change & { readonly kind: 'key' }

/** Prints the file's checksum and its first bytes; nothing where there is none. */
export const keyText = (path: string): string =>
  sh`if [ -s ${path} ]; then sha256sum <${path} && od -An -tx1 -N5 ${path} || exit 1; fi`

/** Prints what the URL holds now, where a key is there that nothing else tells of. Nothing of it stays on the host. */
export const publishedText = ({ path, url, checksum }: KeyWanted): string =>
  url === undefined || checksum !== undefined
    ? ':'
    : sh`if [ -s ${path} ]; then (
  k=$(mktemp -d /tmp/tkplay-key.XXXXXX) || exit 1
  trap 'rm -rf "$k"' EXIT
  { e=$(LC_ALL=C ${fetchArgv(url)} "$k/key" 2>&1) && e=$( (${new ShellText(convertText(new ShellText('"$k"'), path))}) 2>&1); } || { printf 'no %s' "$e"; exit 0; }
  printf 'sum '; sha256sum <"$k/store"
) || exit 1; fi`

const fetchArgv = (url: string): readonly string[] => ['/usr/lib/apt/apt-helper', 'download-file', url]

export const parseKey = (printed: string, published = ''): KeySeen | undefined => {
  const [sum, bytes = ''] = printed.trim().split('\n')
  if (sum === undefined || sum === '') return undefined
  return {
    ...omitUndefined({ published: publishedIn(published) }),
    sha256: sum.split(' ')[0] ?? '',
    form: formOf(
      bytes
        .trim()
        .split(' ')
        .map(byte => Number.parseInt(byte, 16)),
    ),
  }
}

const publishedIn = (printed: string): KeySeen['published'] => {
  if (printed.startsWith('sum ')) return { sha256: printed.slice(4).split(' ')[0] ?? '' }
  return printed.startsWith('no ') ? { missing: reasonIn(printed.slice(3)) } : undefined
}

/** Of what apt-helper, or the look at what it brought, said: the line that names the cause. */
const reasonIn = (said: string): string =>
  (/^E: (?:Failed to fetch \S+ +)?([^\n]*)/m.exec(said)?.[1] ?? said.trim().split('\n')[0] ?? '').trim()

/** An OpenPGP packet begins with a byte whose high bit is set, armor with dashes. */
const formOf = (bytes: readonly number[]): KeySeen['form'] => {
  if (bytes.length >= 5 && bytes.slice(0, 5).every(byte => byte === 0x2d)) return 'armored'
  return ((bytes[0] ?? 0) & 0x80) === 0 ? 'neither' : 'binary'
}

/** apt tells the two forms by the file's name. */
const wantedForm = (path: string): KeySeen['form'] => (path.endsWith('.asc') ? 'armored' : 'binary')

const bare = (checksum: string | undefined): string | undefined => checksum?.replace(/^sha256:/, '').toLowerCase()

/** A key by URL is fetched each time and compared, as in Ansible: keys are renewed at the same address. A checksum spares that. */
export const planKey = (key: KeyWanted, seen: KeySeen | undefined): readonly KeyChange[] => {
  const { published } = seen ?? {}
  const sum =
    key.text === undefined
      ? (bare(key.checksum) ?? (published !== undefined && 'sha256' in published ? published.sha256 : undefined))
      : sha256(keyBytes(key.path, key.text))
  if (seen !== undefined && seen.form === wantedForm(key.path) && (sum === undefined || sum === seen.sha256)) return []
  const from = key.url === undefined ? '' : ` from ${key.url}`
  const why =
    seen === undefined
      ? ''
      : sum === undefined || sum === seen.sha256
        ? ' (what is there is no key)'
        : ' (another one is there)'
  return [{ kind: 'key', summary: `key ${key.path}${from}${why}` }]
}

/** Why it cannot be told which key is wanted. */
export const keyProblem = (key: KeyWanted | undefined, seen: KeySeen | undefined): Plan<never> | undefined => {
  if (key === undefined) return undefined
  if (key.text !== undefined) {
    if (((dearmor(key.text)[0] ?? 0) & 0x80) === 0) return { refused: 'broken-armor', data: {} }
    const [is, wanted] = [sha256(keyBytes(key.path, key.text)), bare(key.checksum)]
    return wanted === undefined || wanted === is ? undefined : { refused: 'key-checksum', data: { is, wanted } }
  }
  const { published } = seen ?? {}
  if (published === undefined || !('missing' in published)) return undefined
  return {
    needs: `the key at ${key.url ?? ''} (${published.missing})`,
    remedy: 'see that the host reaches it, or give `key_checksum`: a key that is there is then not fetched again',
  }
}

/** The key as the file shall hold it. */
export const keyBytes = (path: string, armored: string): Uint8Array => {
  const lines = armored.trim()
  return wantedForm(path) === 'armored' ? Buffer.from(`${lines}\n`) : dearmor(lines)
}

/** The packets inside ASCII armor (RFC 9580, 6.2): after the blank line, before the checksum. */
export const dearmor = (armored: string): Uint8Array =>
  Buffer.concat(
    [...armored.matchAll(/-----BEGIN [^-]+-----\r?\n(?:[^\n]+\n)*?\s*\n([\s\S]*?)-----END/g)].map(([, body = '']) =>
      Buffer.from(body.replace(/^=[^\n]*$/gm, ''), 'base64'),
    ),
  )

export const applyKey = async (key: KeyWanted, host: Session): Promise<void> => {
  const above = posix.dirname(key.path)
  await host.shell(foldersScript(above, { mode: 0o755 }), { shown: `make the folder ${above}` })
  if (key.text !== undefined) {
    await host.put(key.path, keyBytes(key.path, key.text), { mode: 0o644 })
    return
  }
  const folder = text((await host.run(['mktemp', '-d', '/tmp/tkplay-key.XXXXXX'])).stdout).trim()
  try {
    const argv = [...fetchArgv(key.url ?? ''), `${folder}/key`]
    const answer = await host.run(argv, { env: { LC_ALL: 'C' }, ok: 'any' })
    if (answer.rc !== 0) {
      const data = { url: key.url ?? '', reason: reasonIn(text(answer.stderr)) }
      throw new ApplyFailed(argv.join(' '), answer, { diagnosis: { code: 'no-key-download', data } })
    }
    const { stdout } = await host.shell(storedText(folder, key.path, bare(key.checksum) ?? ''))
    await host.put(key.path, stdout, { mode: 0o644 })
  } finally {
    await host.run(['rm', '-rf', folder], { ok: 'any' })
  }
}

/**
 * Shell text that turns `key`, which was fetched into this folder, into `store`, of the form that the name promises, as apt itself does it:
 * a minimal host has no gpg. It fails where that is no key.
 */
const convertText = (folder: ShellText, path: string): string => sh`set -e
cd ${folder}
armored=
if head -c 5 key | grep -q -e -----; then
  armored=1
  awk '/^-----BEGIN/{x=1} /^[ \t\r]*$/{if(x==1){x=2}} /^[^=-]/{if(x==2){print $0}} /^-----END/{x=0}' key | base64 -di >binary 2>/dev/null || :
else
  cp key binary
fi
case $(od -An -tx1 -N1 binary) in
  *[89a-f]?) ;;
  *)
    if [ -n "$armored" ]; then echo "the key's armor is broken" >&2; exit 1; fi
    echo 'what was fetched is not an OpenPGP key' >&2; head -c 200 key >&2; exit 1 ;;
esac
case ${path} in
  *.asc) if cmp -s key binary; then { echo '-----BEGIN PGP PUBLIC KEY BLOCK-----'; echo; base64 -w 64 binary; echo '-----END PGP PUBLIC KEY BLOCK-----'; } >store; else cp key store; fi ;;
  *) cp binary store ;;
esac`

/** Prints it. Nothing takes the place of the old key before it is seen to be a key, and the right one. */
const storedText = (
  folder: string,
  path: string,
  sum: string,
): string => sh`${new ShellText(convertText(new ShellText(quote(folder)), path))}
if [ -n ${sum} ] && ! printf '%s\n' ${`${sum}  store`} | sha256sum -c --quiet >/dev/null 2>&1; then
  printf '%s\n' "the key's checksum is $(sha256sum <store | cut -d' ' -f1), not "${sum} >&2; exit 1
fi
cat store`
