/**
 * One spelling for one place of a host: `/a//b/./c/` is `/a/b/c`. `..` stays, since links give it a meaning that only the host knows, and
 * so does what stands before the first slash (`./x`, `~user`). `end`: a slash at the end stays, for who tells a folder by it.
 */
export const tidyPath = (path: string, end: 'drop' | 'keep' = 'drop'): string => {
  const tidy = path.replace(/\/(?:\.?\/)+/g, '/').replace(/\/\.$/, '/')
  return end === 'keep' || tidy === '/' ? tidy : tidy.replace(/\/$/, '')
}
