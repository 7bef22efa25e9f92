import { Buffer } from 'node:buffer'
import { posix } from 'node:path'
import type { Change, Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { foldersScript } from '../../../shell/safe-change.js'
import { sha256 } from '../checksum.js'

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
}

export type KeyChange = Change & { readonly kind: 'key' }

/** Prints the file's checksum and its first bytes; nothing where there is none. */
export const keyText = (path: string): string =>
  sh`if [ -s ${path} ]; then sha256sum <${path} && od -An -tx1 -N5 ${path} || exit 1; fi`

export const parseKey = (printed: string): KeySeen | undefined => {
  const [sum, bytes = ''] = printed.trim().split('\n')
  if (sum === undefined || sum === '') return undefined
  return {
    sha256: sum.split(' ')[0] ?? '',
    form: formOf(
      bytes
        .trim()
        .split(' ')
        .map(byte => Number.parseInt(byte, 16)),
    ),
  }
}

/** An OpenPGP packet begins with a byte whose high bit is set, armor with dashes. */
const formOf = (bytes: readonly number[]): KeySeen['form'] => {
  if (bytes.length >= 5 && bytes.slice(0, 5).every(byte => byte === 0x2d)) return 'armored'
  return ((bytes[0] ?? 0) & 0x80) === 0 ? 'neither' : 'binary'
}

/** apt tells the two forms by the file's name. */
const wantedForm = (path: string): KeySeen['form'] => (path.endsWith('.asc') ? 'armored' : 'binary')

/**
 * What a URL holds cannot be known without fetching it: a key of the right form counts as the key, unless a checksum says more.
 */
export const planKey = (key: KeyWanted, seen: KeySeen | undefined): readonly KeyChange[] => {
  const sum =
    key.text === undefined ? key.checksum?.replace(/^sha256:/, '').toLowerCase() : sha256(keyBytes(key.path, key.text))
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
    const sum = key.checksum === undefined ? '' : key.checksum.replace(/^sha256:/, '').toLowerCase()
    await host.run(['/usr/lib/apt/apt-helper', 'download-file', key.url ?? '', `${folder}/key`])
    const { stdout } = await host.shell(storedText(folder, key.path, sum))
    await host.put(key.path, stdout, { mode: 0o644 })
  } finally {
    await host.run(['rm', '-rf', folder], { ok: 'any' })
  }
}

/**
 * Prints what was fetched in the form that the name promises, as apt itself does it: a minimal host has no gpg.
 * Nothing takes the place of the old key before it is seen to be a key.
 */
const storedText = (folder: string, path: string, sum: string): string => sh`set -e
cd ${folder}
if head -c 5 key | grep -q -e -----; then
  awk '/^-----BEGIN/{x=1} /^[ \t\r]*$/{if(x==1){x=2}} /^[^=-]/{if(x==2){print $0}} /^-----END/{x=0}' key | base64 -di >binary
else
  cp key binary
fi
case $(od -An -tx1 -N1 binary) in
  *[89a-f]?) ;;
  *) echo "what was fetched is not an OpenPGP key" >&2; head -c 200 key >&2; exit 1 ;;
esac
case ${path} in
  *.asc) if cmp -s key binary; then { echo '-----BEGIN PGP PUBLIC KEY BLOCK-----'; echo; base64 -w 64 binary; echo '-----END PGP PUBLIC KEY BLOCK-----'; } >store; else cp key store; fi ;;
  *) cp binary store ;;
esac
if [ -n ${sum} ] && ! printf '%s\n' ${`${sum}  store`} | sha256sum -c --quiet >/dev/null 2>&1; then
  printf '%s\n' "the key's checksum is $(sha256sum <store | cut -d' ' -f1), not "${sum} >&2; exit 1
fi
cat store`
