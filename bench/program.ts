import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../lab/state/paths.js'

interface Package {
  readonly version: string
  readonly bin: { readonly tkplay: string }
}

const { version, bin } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Package

/** The command as users run it, from package.json. */
export const tkplayCommand: readonly string[] = [process.execPath, join(projectRoot, bin.tkplay)]

export const tkplayVersion = `tkplay ${version}`
