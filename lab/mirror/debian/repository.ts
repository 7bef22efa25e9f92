/** The documents of a flat apt repository. Pure; deb822 as apt reads it. */

export interface PackageFile {
  /** the control file's text */
  readonly control: string
  /** relative to the repository's root */
  readonly filename: string
  readonly size: number
  /** hex */
  readonly sha256: string
}

/** The `Packages` index: each control file with where its package lies. */
export const packagesIndex = (files: readonly PackageFile[]): string =>
  files
    .map(file => `${file.control.trimEnd()}\nFilename: ${file.filename}\nSize: ${file.size}\nSHA256: ${file.sha256}\n`)
    .join('\n')

/** The `Release` document over the indexes; the date is RFC 1123 in UTC, as apt insists. */
export function releaseFile(
  date: Date,
  indexes: readonly { readonly name: string; readonly size: number; readonly sha256: string }[],
): string {
  return [
    'Origin: tkplay lab',
    'Label: tkplay lab',
    'Architectures: amd64',
    `Date: ${date.toUTCString()}`,
    'SHA256:',
    ...indexes.map(index => ` ${index.sha256} ${index.size} ${index.name}`),
    '',
  ].join('\n')
}
