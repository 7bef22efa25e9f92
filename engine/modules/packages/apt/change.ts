import type { Change } from '../../../core/module.js'

/** Every way in which apt touches a host. */
export type AptChange = Change & {
  /** Who held dpkg's lock when it was looked at. */
  readonly waitsFor?: string
} & (
    | { readonly kind: 'repair' }
    | { readonly kind: 'refresh' }
    | { readonly kind: 'upgrade' }
    /** Words for apt-get: `name`, `name=version`, a path of a .deb. */
    | { readonly kind: 'install'; readonly words: readonly string[] }
    | { readonly kind: 'install-url'; readonly url: string }
    | { readonly kind: 'remove'; readonly words: readonly string[] }
    | { readonly kind: 'autoremove' | 'autoclean' | 'clean' }
  )
