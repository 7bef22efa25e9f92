import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file's text, or undefined where there is none. */
export const textOf = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Writes the whole file or nothing: a reader never sees half of it. */
export const replaceFile = async (path: string, text: string, mode = 0o644): Promise<void> => {
  const temporary = `${path}.${process.pid}.new`
  await writeFile(temporary, text, { mode })
  await chmod(temporary, mode)
  await rename(temporary, path)
}

/** Writes a file into a host's tree, replacing whatever is there (a link would otherwise be followed out of the tree). */
export const placeFile = async (path: string, text: string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await writeFile(path, text, { mode })
  await chmod(path, mode)
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
