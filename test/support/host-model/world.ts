import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Model } from './model.js'

/** What is at a path before a case; folders above are made. */
export type Entry = {
  readonly path: string
  readonly uid?: number
} /** `raw`: each character of the text is a byte. */ & (
  | { readonly kind: 'file'; readonly text: string; readonly raw?: true; readonly mode?: number }
  | { readonly kind: 'folder'; readonly mode?: number }
  | { readonly kind: 'link'; readonly to: string }
)

export const place = (model: Model, entries: readonly Entry[]): void => {
  for (const entry of entries) {
    const at = model.at(entry.path)
    mkdirSync(dirname(at), { recursive: true })
    if (entry.kind === 'link') symlinkSync(entry.to, at)
    else if (entry.kind === 'folder') mkdirSync(at, { recursive: true })
    else writeFileSync(at, entry.text, entry.raw === true ? 'latin1' : 'utf8')
    const { uid = 0 } = entry
    if (entry.kind === 'link') lchownSync(at, uid, uid)
    else {
      chownSync(at, uid, uid)
      chmodSync(at, entry.mode ?? (entry.kind === 'folder' ? 0o755 : 0o644))
    }
  }
}

export const file = (path: string, text: string, more: { mode?: number; uid?: number; raw?: true } = {}): Entry => ({
  kind: 'file',
  path,
  text,
  ...more,
})
