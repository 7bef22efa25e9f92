import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { nearest } from '../did-you-mean.js'

/**
 * What to do about a file, or folder, that is not there: the names nearest to what was written, as they would be written, or else where
 * it was looked for.
 * @param places where it was looked for, nearest first
 * @param shown how a path is told
 */
export const lookedFor = (
  written: string,
  places: readonly string[],
  shown: (path: string) => string = path => path,
): string => {
  const meant = didYouMeanFile(written, places)
  if (meant !== undefined) return meant
  const [place = written] = places
  const told = places.map(shown)
  if (told.length === 1) {
    if (!existsSync(dirname(place))) return `there is no folder ${shown(dirname(place))}`
    // The message says where it was looked for.
    if (told[0] === written) return 'make it, or correct the name'
  }
  return `looked for ${told.join(', ')}`
}

/** «did you mean 'vars/web.yml'?», or undefined where nothing like it is there. */
export const didYouMeanFile = (written: string, places: readonly string[] = [resolve(written)]): string | undefined => {
  const [name] = places.flatMap(place => near(place).map(path => asWritten(written, place, path)))
  return name === undefined ? undefined : `did you mean '${name}'?`
}

/** What is there and has nearly this path: another name in its folder, or the same name in a folder with nearly its folder's name. */
const near = (path: string): readonly string[] => {
  const folder = dirname(path)
  if (folder === path) return []
  if (existsSync(folder)) return nearestIn(folder, basename(path))
  return near(folder)
    .map(other => join(other, basename(path)))
    .filter(other => existsSync(other))
}

/** Of short names only the part before the ending tells one from another; a name without an ending may lack it. */
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

/** A hint is not worth an error: a folder that cannot be read has nothing. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The name with which that place would have been found. */
const asWritten = (written: string, place: string, path: string): string => {
  const front = place.endsWith(written) ? place.slice(0, place.length - written.length) : undefined
  return front !== undefined && path.startsWith(front) ? path.slice(front.length) : path
}
