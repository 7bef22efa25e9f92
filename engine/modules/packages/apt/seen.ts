import type { DpkgPackage } from '../dpkg.js'

/** What `apt-cache policy` says of a package. */
export interface Policy {
  readonly candidate?: string
  /** Newest first. */
  readonly versions: readonly { readonly version: string; readonly priority: number }[]
}

/** How old the package lists are. Seconds since 1970, with fractions. */
export interface Lists {
  readonly now: number
  /** When they were last fetched. */
  readonly fetched: number
  /** When the newest of the files that name sources was written. */
  readonly sources: number
  /** Whether any list is there at all. */
  readonly any: boolean
}

/** What installing everything would do now, as `apt-get --simulate` tells it. */
export interface Simulated {
  readonly installs: readonly string[]
  readonly removes: readonly string[]
}

export interface AptSeen {
  /** Those of the named packages that dpkg knows. */
  readonly packages: readonly DpkgPackage[]
  /** The host's own architecture; absent where no package is named. */
  readonly native?: string
  /** By name; absent where nothing is missing, and so nobody had to ask. */
  readonly policy?: { readonly [name: string]: Policy }
  /** Installed packages by the virtual names they provide. */
  readonly provided?: { readonly [virtual: string]: string }
  /** Packages that an interrupted run left half-way; `dpkg's journal` for a run that was ended inside dpkg. */
  readonly broken?: readonly string[]
  /** Who holds dpkg's lock. */
  readonly holder?: { readonly pid: number; readonly program: string }
  readonly lists?: Lists
  readonly upgrades?: Simulated
  readonly unneeded?: Simulated
  /** Name and version inside the `.deb`; absent where there is no such file. */
  readonly deb?: { readonly name: string; readonly version: string }
  /** Downloaded files: `*` for `clean`, those that autoclean would delete. */
  readonly downloads?: readonly string[]
}
