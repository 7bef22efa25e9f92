import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { nearest } from '../did-you-mean.js'

/**
 * The hint for a missing file or folder: the most similar name, as it would be written, or else the paths that were
 * tried.
 * @param paths the paths that were tried, in order
 * @param shown how to show a path
 */
export const lookedFor = (
  written: string,
  paths: readonly string[],
  shown: (path: string) => string = path => path,
): string => {
  const meant = didYouMeanFile(written, paths)
  if (meant !== undefined) return meant
  const [path = written] = paths
  const tried = paths.map(shown)
  if (tried.length === 1) {
    if (!existsSync(dirname(path))) return `there is no folder ${shown(dirname(path))}`
    // The message already names the path.
    if (tried[0] === written) return 'make it, or correct the name'
  }
  return `looked for ${tried.join(', ')}`
}

/** «did you mean 'vars/web.yml'?»; undefined where no file is similar enough. */
export const didYouMeanFile = (written: string, paths: readonly string[] = [resolve(written)]): string | undefined => {
  const [name] = paths.flatMap(path => near(path).map(found => asWritten(written, path, found)))
  return name === undefined ? undefined : `did you mean '${name}'?`
}

/**
 * Existing files with a similar path: a similar name in the same folder, or the same name in a folder with a similar
 * name.
 */
const near = (path: string): readonly string[] => {
  const folder = dirname(path)
  if (folder === path) return []
  if (existsSync(folder)) return nearestIn(folder, basename(path))
  return near(folder)
    .map(other => join(other, basename(path)))
    .filter(other => existsSync(other))
}

/**
 * Names are compared without their extensions, which would make short names look alike. A name without an extension may
 * match one with it.
 */
const nearestIn = (folder: string, name: string): readonly string[] => {
  const stem = stemOf(name)
  const names = namesIn(folder).filter(other => other !== name)
  const sameStem = names.filter(other => stemOf(other) === stem)
  const alike = names.filter(other => extname(name) === '' || extname(other) === extname(name))
  const meant = nearest(stem, alike.map(stemOf))
  return [...sameStem, ...alike.filter(other => meant.includes(stemOf(other)))]
    .slice(0, 1)
    .map(other => join(folder, other))
}

const stemOf = (name: string): string => basename(name, extname(name))

/** The names in a folder; none where it cannot be read, since this is only for a hint. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The name that the user would have to write for `found`. */
const asWritten = (written: string, tried: string, found: string): string => {
  const front = tried.endsWith(written) ? tried.slice(0, tried.length - written.length) : undefined
  return front !== undefined && found.startsWith(front) ? found.slice(front.length) : found
}
