/**
 * Normalizes a path on a host: `/a//b/./c/` becomes `/a/b/c`. `..` stays, since only the host knows where links lead,
 * and so does the part before the first slash (`./x`, `~user`).
 * @param end whether a slash at the end stays, where it marks a folder
 */
export const tidyPath = (path: string, end: 'drop' | 'keep' = 'drop'): string => {
  const tidy = path.replace(/\/(?:\.?\/)+/g, '/').replace(/\/\.$/, '/')
  return end === 'keep' || tidy === '/' ? tidy : tidy.replace(/\/$/, '')
}
